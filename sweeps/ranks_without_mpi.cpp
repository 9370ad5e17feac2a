// A program built without MPI: it is alone, and says so where a launcher started several.
#include <fmt/format.h>

#include "engine/error.hpp"
#include "sweeps/ranks.hpp"

namespace mattis::sweeps {

std::unique_ptr<Ranks> join_ranks() {
  if (launched_ranks() > 1)
    throw EnvironmentError(
        "mattis", fmt::format("starting as one of {} ranks", launched_ranks()),
        "this program was built without MPI; start it alone, threads are used by default (-j)");
  return one_rank();
}

}  // namespace mattis::sweeps
