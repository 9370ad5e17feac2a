#include "engine/content_key.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mattis {

std::uint64_t content_key(std::string_view text) noexcept { return XXH3_64bits(text.data(), text.size()); }

std::string canonical(double number) { return fmt::format("{}", number == 0 ? 0.0 : number); }

std::string hex(std::uint64_t key) { return fmt::format("{:016x}", key); }

}  // namespace mattis
