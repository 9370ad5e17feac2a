// Whatever bytes come as a job file: a job whose grid and words make sense, or an InputError that is short enough to read.
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "engine/error.hpp"
#include "models/coupling_file.hpp"
#include "sweeps/job.hpp"
#include "sweeps/point.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::shared_ptr<const mattis::PatternTable> own_patterns(const std::string&) {
  return std::make_shared<const mattis::PatternTable>(mattis::PatternTable{2, 3, {1, -1, 0, 1, 1, 1}, 7});
}

std::shared_ptr<const mattis::CouplingTable> own_couplings(const std::string&, const std::string&) {
  return std::make_shared<const mattis::CouplingTable>(mattis::CouplingTable{2, {0, 1, 1, 0}, {0.5, 0}, 7});
}

/// Jobs with more points than this are sound but slow to list.
constexpr double many_points = 2000;

double size_of(const mattis::sweeps::Job& job) {
  double size = static_cast<double>(job.ensembles.size() * job.starts.size() * job.overlaps.size());
  for (const auto& [name, values] : job.grid) size *= static_cast<double>(values.size());
  return size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const mattis::sweeps::Job job =
        mattis::sweeps::parse_job(text, "fuzz.toml", {}, {own_patterns, own_couplings});
    require(job.model && job.grid.size() >= 2 && job.sweeps >= 1 && job.burn_in >= 0);
    require(job.burn_in + job.sweeps > 0 && job.samples >= 1 && job.replicas >= 1 &&
            !job.observables.empty());
    for (const double t : job.temperatures()) require(t >= 0);
    require(!mattis::sweeps::resolved(job).empty());
    if (size_of(job) > many_points) return 0;
    for (const auto& point : mattis::sweeps::points(job))
      require(point.num_spins() >= 1 && point.num_patterns() >= 0);
  } catch (const mattis::InputError& error) {
    require(std::strlen(error.what()) < size + 1000);
  }
  return 0;
}
