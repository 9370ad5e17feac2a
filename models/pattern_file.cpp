#include "models/pattern_file.hpp"

#include <xxhash.h>

#include <memory>

#include "engine/error.hpp"

namespace mattis {

namespace {

const table_file::Wording wording{
    .thing = "pattern",
    .entries = "entries are -1, 0 or +1",
    .layout = "rows are patterns, columns are sites; a single pattern in numpy is array.reshape(1, -1)",
    .type = "int8",
    .is_signs = true};

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

/// The table that `read` hands over, entry by entry.
template <class Read>
PatternTable collected(Read read) {
  PatternTable table;
  const table_file::Shape shape = read([&table](double value) {
    if (value != 1 && value != 0 && value != -1) return false;  // nan too
    table.entries.push_back(static_cast<std::int8_t>(value));
    return true;
  });
  table.rows = shape.rows;
  table.columns = shape.columns;
  MATTIS_CHECK(table.rows > 0 && table.columns > 0 && table.entries.size() == table.rows * table.columns);
  table.content = content_of(table);
  return table;
}

}  // namespace

PatternTable parse_patterns(std::string_view bytes, PatternFormat format, const std::string& name) {
  return collected(
      [&](const table_file::Take& take) { return table_file::parse(bytes, format, name, wording, take); });
}

PatternTable read_patterns(const std::string& file) {
  return collected([&](const table_file::Take& take) { return table_file::read(file, wording, take); });
}

}  // namespace mattis
