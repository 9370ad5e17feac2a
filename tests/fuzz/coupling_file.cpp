// Whatever bytes come as a file of couplings: a sound table, or an InputError that is short enough to read.
#include "models/coupling_file.hpp"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "engine/error.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void parse(std::string_view bytes, mattis::table_file::Format format) {
  try {
    const auto table = mattis::parse_couplings(bytes, format, "fuzz");
    require(table.size > 0 && table.couplings.size() == table.size * table.size);
    require(table.couplings.size() <= bytes.size());
    for (std::size_t i = 0; i < table.size; ++i)
      for (std::size_t j = 0; j < table.size; ++j) {
        const double coupling = table.couplings[i * table.size + j];
        require(std::isfinite(coupling) && coupling == table.couplings[j * table.size + i]);
        require(i != j || coupling == 0);
      }
  } catch (const mattis::InputError& error) {
    require(std::strlen(error.what()) < 500);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse(bytes, mattis::table_file::Format::npy);
  parse(bytes, mattis::table_file::Format::csv);
  parse(bytes, mattis::table_file::Format::txt);
  return 0;
}
