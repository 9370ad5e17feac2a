// Exact thermal averages by summing over all 2^N configurations.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/observables.hpp"
#include "engine/recorder.hpp"

namespace mattis {

inline constexpr SiteIndex largest_enumeration = 24;

/// A model as enumeration sees it: slow, plain functions of a configuration.
struct EnumerableModel {
  SiteIndex num_spins = 0;
  std::function<double(std::span<const Spin>)> energy;
  std::function<std::vector<std::int32_t>(std::span<const Spin>)> overlap_counts;
};

/// The thermal averages of all channels and derived observables of each plan (they differ in temperature):
///
///     <c> = sum_s c(s) exp(-H(s)/T) / sum_s exp(-H(s)/T);   T = 0: the uniform average over ground states
///
/// Also replica_overlap: <q^k> of two independent configurations, by k-fold correlations for k = 1, 2 and 4 and by
/// the distribution of q for |q|.
/// Cost     2^N energies for all plans together; N <= 24. Replica overlaps cost 4^N pairs by a Walsh transform, N 2^N.
/// Errors   rounding only, about 1e-13 relative.
std::vector<std::vector<Measured>> exact_averages(const EnumerableModel& model,
                                                  std::span<const MeasurementPlan> plans);

}  // namespace mattis
