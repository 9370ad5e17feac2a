#include "engine/enumeration.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/error.hpp"

namespace mattis {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double boltzmann(double energy_above_ground, double temperature) {
  if (temperature == 0) return energy_above_ground < 1e-9 ? 1.0 : 0.0;
  return std::exp(-energy_above_ground / temperature);
}

/// Weighted sums of one temperature.
struct Sums {
  double weight = 0;
  std::vector<double> channel_values = {}, moment_values = std::vector<double>(num_moments, 0.0);
};

/// In place: x_a -> sum_b (-1)^{popcount(a & b)} x_b.
void walsh_transform(std::vector<double>& x) {
  for (std::size_t half = 1; half < x.size(); half *= 2)
    for (std::size_t start = 0; start < x.size(); start += 2 * half)
      for (std::size_t k = start; k < start + half; ++k) {
        const double a = x[k], b = x[k + half];
        x[k] = a + b;
        x[k + half] = a - b;
      }
}

/// <q^k> and <|q|> of two independent copies: the probability that they differ exactly on the sites of x is the
/// self-convolution of the Gibbs weights over exclusive or, which the Walsh transform makes a square.
void replica_overlaps(std::vector<double> probability, SiteIndex n, std::vector<Measured>& out) {
  walsh_transform(probability);
  for (double& p : probability) p *= p;
  walsh_transform(probability);
  double q1 = 0, q2 = 0, q4 = 0, abs_q = 0;
  const auto states = static_cast<double>(probability.size());
  for (std::size_t x = 0; x < probability.size(); ++x) {
    const double q = 1 - 2.0 * std::popcount(x) / n, p = probability[x] / states;
    q1 += p * q;
    q2 += p * q * q;
    q4 += p * q * q * q * q;
    abs_q += p * std::abs(q);
  }
  out.push_back({"replica_overlap", "1", q1, 0, none});
  out.push_back({"replica_overlap", "2", q2, 0, none});
  out.push_back({"replica_overlap", "4", q4, 0, none});
  out.push_back({"replica_overlap", "abs", abs_q, 0, none});
}

}  // namespace

std::vector<std::vector<Measured>> exact_averages(const EnumerableModel& model,
                                                  std::span<const MeasurementPlan> plans) {
  MATTIS_CHECK(model.num_spins >= 1 && model.num_spins <= largest_enumeration && !plans.empty());
  const std::uint64_t num_states = std::uint64_t{1} << model.num_spins;
  std::vector<double> energy(num_states);
  for (std::uint64_t state = 0; state < num_states; ++state)
    energy[state] = model.energy(unpacked({&state, 1}, model.num_spins));
  const double ground = *std::min_element(energy.begin(), energy.end());

  const std::vector<Channel> all_channels =
      channels(plans.front());  // the plans differ in T, which no channel sees
  std::size_t num_values = 0;
  for (const Channel& channel : all_channels) num_values += channel.components.size();
  std::vector<double> values(num_values), moment(num_moments);
  std::vector<Sums> sums(plans.size());
  for (Sums& sum : sums) sum.channel_values.assign(num_values, 0.0);

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
      const double weight = boltzmann(energy[state] - ground, plans[t].temperature);
      sums[t].weight += weight;
      for (std::size_t k = 0; k < num_values; ++k) sums[t].channel_values[k] += weight * values[k];
      for (std::size_t k = 0; k < num_moments; ++k) sums[t].moment_values[k] += weight * moment[k];
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
    for (double& m : sums[t].moment_values) m /= sums[t].weight;
    for (const DerivedObservable& derived : derived_observables(plans[t], model.num_spins))
      results[t].push_back({derived.observable, "", derived.of_moments(sums[t].moment_values), 0, none});
    if (plans[t].measures("replica_overlap")) {
      std::vector<double> probability(num_states);
      for (std::uint64_t s = 0; s < num_states; ++s)
        probability[s] = boltzmann(energy[s] - ground, plans[t].temperature) / sums[t].weight;
      replica_overlaps(std::move(probability), model.num_spins, results[t]);
    }
  }
  return results;
}

}  // namespace mattis
