// Whatever bytes come as a pattern file: a sound table, or an InputError that is short enough to read.
#include "models/pattern_file.hpp"

#include <cstdlib>
#include <cstring>

#include "engine/error.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void parse(std::string_view bytes, mattis::PatternFormat format) {
  try {
    const auto table = mattis::parse_patterns(bytes, format, "fuzz");
    require(table.rows > 0 && table.columns > 0 && table.entries.size() <= bytes.size());
    require(table.entries.size() / table.columns == table.rows && table.entries.size() % table.columns == 0);
    for (const auto entry : table.entries) require(entry >= -1 && entry <= 1);
  } catch (const mattis::InputError& error) {
    require(std::strlen(error.what()) < 500);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse(bytes, mattis::PatternFormat::npy);
  parse(bytes, mattis::PatternFormat::csv);
  parse(bytes, mattis::PatternFormat::txt);
  return 0;
}
