#include "sweeps/bench/bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mattis::bench {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double seconds_per_proposal(Kernel kernel, const Work& work, const MachineRates& rates) {
  const double n = work.num_spins, p = work.num_patterns, a = work.acceptance;
  // A quarter of a number is the leading byte, which is all that a cached cost needs to be refused.
  const double is_warm = work.temperature > 0 ? 1.0 : 0.0, site = work.order == Order::random ? 1.0 : 0.0;
  const double numbers = (1.25 * is_warm + site) / rates.random_numbers;
  const double least_numbers = ((0.25 + a) * is_warm + site) / rates.random_numbers;
  const double row = a * n * work.coupling_bytes / rates.read_bandwidth(n * n * work.coupling_bytes);
  const bool has_patterns = p > 0;
  switch (kernel) {
    case Kernel::scalar:
      return has_patterns ? numbers + (1 + a) * p / rates.additions : numbers + row;
    case Kernel::cached:
      return least_numbers + row;
    case Kernel::table:
      return has_patterns ? std::max(numbers + p / rates.lookups + a * p / rates.additions,
                                     p / 8 / rates.read_bandwidth(n * p / 8))
                          : unknown;
    case Kernel::automatic:
      break;
  }
  double best = unknown;
  for (const Kernel one : {Kernel::scalar, Kernel::cached, Kernel::table})
    best = std::fmin(best, seconds_per_proposal(one, work, rates));
  return best;
}

}  // namespace

double bound(Kernel kernel, const Work& work, const MachineRates& rates) {
  const double seconds = seconds_per_proposal(kernel, work, rates);
  return seconds > 0 ? 1 / seconds : unknown;
}

double coupling_bytes(const ModelEntry& model) {
  if (model.name == "dense") return 0;  // there are none: a flip makes costs unknown
  return model.disorder == DisorderSource::patterns ? 1 : 4;
}

}  // namespace mattis::bench
