// The parsers behind pattern_file.hpp, one per family of formats, and what they share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/pattern_file.hpp"

namespace mattis::pattern_formats {

/// -1, 0 or +1 if the number is exactly that, else nothing (nan too).
inline std::optional<std::int8_t> entry_of(double value) {
  if (value == 1) return std::int8_t{1};
  if (value == -1) return std::int8_t{-1};
  if (value == 0) return std::int8_t{0};
  return std::nullopt;
}

/// Refuses entry (row, column) of a table, both counted from 0; `shown` is the entry as the message prints
/// it.
[[noreturn]] void refuse_entry(const std::string& name, std::size_t row, std::size_t column,
                               const std::string& shown, const std::string& hint);

/// The finished table: its shape checked, its content key filled in.
PatternTable named_by_content(PatternTable table);

/// A piece of the file made safe to print: at most 24 bytes of it, what is not printable ASCII as \xNN.
std::string quoted(std::string_view text);

/// numpy's format 1.0 to 3.0: magic, version, length of the header, header (a Python dictionary), data.
PatternTable parse_npy(std::string_view bytes, const std::string& name);

/// Lines of entries: comma-separated (csv), or separated by spaces or nothing (txt).
PatternTable parse_lines(std::string_view bytes, PatternFormat format, const std::string& name);

}  // namespace mattis::pattern_formats
