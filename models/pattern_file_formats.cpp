#include "models/pattern_file_formats.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <memory>

#include "engine/error.hpp"

namespace mattis {

namespace {

std::uint64_t content_of(const PatternTable& table) {
  unsigned char shape[16];
  for (int k = 0; k < 8; ++k) {
    shape[k] = static_cast<unsigned char>(static_cast<std::uint64_t>(table.rows) >> (8 * k));
    shape[8 + k] = static_cast<unsigned char>(static_cast<std::uint64_t>(table.columns) >> (8 * k));
  }
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  MATTIS_CHECK(state && XXH3_64bits_reset(state.get()) == XXH_OK);
  MATTIS_CHECK(XXH3_64bits_update(state.get(), shape, sizeof shape) == XXH_OK);
  MATTIS_CHECK(XXH3_64bits_update(state.get(), table.entries.data(), table.entries.size()) == XXH_OK);
  return XXH3_64bits_digest(state.get());
}

}  // namespace

PatternTable parse_patterns(std::string_view bytes, PatternFormat format, const std::string& name) {
  return pattern_formats::named_by_content(format == PatternFormat::npy
                                               ? pattern_formats::parse_npy(bytes, name)
                                               : pattern_formats::parse_lines(bytes, format, name));
}

namespace pattern_formats {

PatternTable named_by_content(PatternTable table) {
  MATTIS_CHECK(table.rows > 0 && table.columns > 0 && table.entries.size() == table.rows * table.columns);
  table.content = content_of(table);
  return table;
}

void refuse_entry(const std::string& name, std::size_t row, std::size_t column, const std::string& shown,
                  const std::string& hint) {
  throw InputError(fmt::format("the entry in row {}, column {} (counted from 0) is {}", row, column, shown),
                   name, hint);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 24;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      out += c;
    else
      out += fmt::format("\\x{:02x}", byte);
  }
  return out + (text.size() > longest ? "...\"" : "\"");
}

}  // namespace pattern_formats

}  // namespace mattis
