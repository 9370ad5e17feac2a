// Content keys: 64-bit names made of what a thing is, never of where it stands in a list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mattis {

/// XXH3 of a canonical text.
std::uint64_t content_key(std::string_view text) noexcept;

/// The shortest text that reads back to the same bits: 0.1 is "0.1", 1e-7 is "1e-07" and never "0.000000".
std::string canonical(double number);

/// Sixteen hexadecimal digits.
std::string hex(std::uint64_t key);

}  // namespace mattis
