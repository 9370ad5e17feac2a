// Couplings and fields of the user's own, from files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mattis {

struct CouplingTable {
  std::size_t size = 0;
  std::vector<double> couplings, fields;
  std::uint64_t content = 0;
};

CouplingTable read_couplings(const std::string& couplings_file, const std::string& fields_file);

}  // namespace mattis
