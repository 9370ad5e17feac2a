#include "models/coupling_file.hpp"
#include "engine/error.hpp"
namespace mattis {
CouplingTable read_couplings(const std::string& f, const std::string&) {
  throw InputError("cannot be read", f);
}
}  // namespace mattis
