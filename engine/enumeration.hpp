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

/// The averages of all channels and derived observables of each plan (they differ in temperature), in the stationary
/// law P of the plan's updates (stationary_law.hpp):
///
///     <c> = sum_s c(s) P(s),   single updates: P ~ exp(-H/T);   T = 0: the uniform average over ground states
///
/// Also replica_overlap and overlap_histogram: <q^k>, <|q|> and the distribution of the overlap of two independent
/// configurations; step_overlap for synchronous updates.
/// Cost     2^N energies for all plans together; N <= 24. Replica overlaps cost 4^N pairs by a Walsh transform, N 2^N.
/// Errors   rounding only, about 1e-13 relative. InputError where there is no such law.
std::vector<std::vector<Measured>> exact_averages(const EnumerableModel& model,
                                                  std::span<const MeasurementPlan> plans);

}  // namespace mattis
