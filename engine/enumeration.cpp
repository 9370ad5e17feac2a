#include "engine/enumeration.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/error.hpp"
#include "engine/stationary_law.hpp"

namespace mattis {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Weighted sums of one plan.
struct Sums {
  StationaryLaw law;
  double weight = 0;
  std::vector<double> channel_values, moment_values = std::vector<double>(num_moments, 0.0);
  StepOverlap step_overlap = {0, 0};
};

/// Probability that two independent copies differ at d sites, d = 0 ... N. Differing exactly on the sites of x is the
/// self-convolution of the law over exclusive or, which the Walsh transform makes a square.
std::vector<double> distances(std::vector<double> probability, SiteIndex n) {
  walsh_transform(probability);
  for (double& p : probability) p *= p;
  walsh_transform(probability);
  std::vector<double> at(static_cast<std::size_t>(n) + 1, 0.0);
  for (std::size_t x = 0; x < probability.size(); ++x)
    at[static_cast<std::size_t>(std::popcount(x))] +=
        probability[x] / static_cast<double>(probability.size());
  return at;
}

void replica_overlaps(const MeasurementPlan& plan, const std::vector<double>& distance,
                      std::vector<Measured>& out) {
  const auto n = static_cast<std::int64_t>(distance.size()) - 1;
  double q1 = 0, q2 = 0, q4 = 0, abs_q = 0;
  OverlapHistogram histogram;
  for (std::int64_t d = 0; d <= n; ++d) {
    const double q = 1 - 2 * static_cast<double>(d) / static_cast<double>(n),
                 p = distance[static_cast<std::size_t>(d)];
    q1 += p * q;
    q2 += p * q * q;
    q4 += p * q * q * q * q;
    abs_q += p * std::abs(q);
    histogram.add(d, n, p);
  }
  if (plan.measures("replica_overlap")) {
    out.push_back({"replica_overlap", "1", q1, 0, none});
    out.push_back({"replica_overlap", "2", q2, 0, none});
    out.push_back({"replica_overlap", "4", q4, 0, none});
    out.push_back({"replica_overlap", "abs", abs_q, 0, none});
  }
  if (plan.measures("overlap_histogram"))
    for (std::size_t bin = 0; bin < histogram.weights.size(); ++bin)
      out.push_back({"overlap_histogram", OverlapHistogram::center(bin),
                     histogram.weights[bin] / OverlapHistogram::width, 0, none});
}

bool measures_step_overlap(const MeasurementPlan& plan) {
  return plan.measures("step_overlap") && plan.updates == Updates::synchronous;
}

/// Functions of the configuration alone: all channels but the step overlap, which knows the temperature.
std::vector<Channel> static_channels(MeasurementPlan plan) {
  plan.updates = Updates::single;
  return channels(plan);
}

}  // namespace

std::vector<std::vector<Measured>> exact_averages(const EnumerableModel& model,
                                                  std::span<const MeasurementPlan> plans) {
  MATTIS_CHECK(model.num_spins >= 1 && model.num_spins <= largest_enumeration && !plans.empty());
  const std::uint64_t num_states = std::uint64_t{1} << model.num_spins;
  std::vector<double> energy(num_states);
  for (std::uint64_t state = 0; state < num_states; ++state)
    energy[state] = model.energy(unpacked({&state, 1}, model.num_spins));

  const std::vector<Channel> all_channels = static_channels(plans.front());  // the plans differ in T only
  std::size_t num_values = 0;
  for (const Channel& channel : all_channels) num_values += channel.components.size();
  std::vector<double> values(num_values), moment(num_moments);
  std::vector<Sums> sums;
  for (const MeasurementPlan& plan : plans)
    sums.push_back({.law = StationaryLaw(energy, model.num_spins, plan.temperature, plan.updates),
                    .channel_values = std::vector<double>(num_values, 0.0)});

  for (std::uint64_t state = 0; state < num_states; ++state) {
    const Configuration spins = unpacked({&state, 1}, model.num_spins);
    const std::vector<std::int32_t> counts = model.overlap_counts(spins);
    const Snapshot snapshot{model.num_spins, energy[state], counts, spins};
    std::size_t first = 0;
    for (const Channel& channel : all_channels) {
      channel.value(snapshot, std::span(values).subspan(first, channel.components.size()));
      first += channel.components.size();
    }
    moments(snapshot, plans.front().cued, moment);
    for (std::size_t t = 0; t < plans.size(); ++t) {
      const double weight = sums[t].law.weight(state);
      sums[t].weight += weight;
      for (std::size_t k = 0; k < num_values; ++k) sums[t].channel_values[k] += weight * values[k];
      for (std::size_t k = 0; k < num_moments; ++k) sums[t].moment_values[k] += weight * moment[k];
      if (!measures_step_overlap(plans[t])) continue;
      const StepOverlap q = sums[t].law.step_overlap(state);
      sums[t].step_overlap.one += weight * q.one;
      sums[t].step_overlap.two += weight * q.two;
    }
  }

  std::vector<std::vector<Measured>> results(plans.size());
  for (std::size_t t = 0; t < plans.size(); ++t) {
    std::size_t k = 0;
    for (const Channel& channel : all_channels)
      for (const std::string& component : channel.components) {
        const double mean = sums[t].channel_values[k++] / sums[t].weight;
        if (plans[t].measures(channel.observable))
          results[t].push_back({channel.observable, component, mean, 0, none});
      }
    if (measures_step_overlap(plans[t])) {
      results[t].push_back({"step_overlap", "1", sums[t].step_overlap.one / sums[t].weight, 0, none});
      results[t].push_back({"step_overlap", "2", sums[t].step_overlap.two / sums[t].weight, 0, none});
    }
    for (double& m : sums[t].moment_values) m /= sums[t].weight;
    for (const DerivedObservable& derived : derived_observables(plans[t], model.num_spins))
      results[t].push_back({derived.observable, "", derived.of_moments(sums[t].moment_values), 0, none});
    if (plans[t].measures("replica_overlap") || plans[t].measures("overlap_histogram")) {
      std::vector<double> probability(num_states);
      for (std::uint64_t s = 0; s < num_states; ++s) probability[s] = sums[t].law.weight(s) / sums[t].weight;
      replica_overlaps(plans[t], distances(std::move(probability), model.num_spins), results[t]);
    }
  }
  return results;
}

}  // namespace mattis
