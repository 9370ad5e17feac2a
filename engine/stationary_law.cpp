#include "engine/stationary_law.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/error.hpp"

namespace mattis {

namespace {

/// No product of three or more spins: every Walsh coefficient of H beyond pairs is zero, up to the rounding of sums.
bool is_pairwise(std::span<const double> energies) {
  std::vector<double> coefficients(energies.begin(), energies.end());
  walsh_transform(coefficients);
  double largest = 0, beyond_pairs = 0;
  for (std::uint64_t a = 1; a < coefficients.size(); ++a) {
    const double size = std::abs(coefficients[a]);
    largest = std::max(largest, size);
    if (std::popcount(a) > 2) beyond_pairs = std::max(beyond_pairs, size);
  }
  return beyond_pairs <= 1e-9 * largest;
}

double log_2cosh(double x) { return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))); }

}  // namespace

void walsh_transform(std::vector<double>& x) {
  for (std::size_t half = 1; half < x.size(); half *= 2)
    for (std::size_t start = 0; start < x.size(); start += 2 * half)
      for (std::size_t k = start; k < start + half; ++k) {
        const double a = x[k], b = x[k + half];
        x[k] = a + b;
        x[k + half] = a - b;
      }
}

StationaryLaw::StationaryLaw(std::span<const double> energies, SiteIndex num_spins, double temperature,
                             Updates updates)
    : energies_(energies),
      num_spins_(num_spins),
      temperature_(temperature),
      updates_(updates),
      ground_(*std::min_element(energies.begin(), energies.end())) {
  MATTIS_CHECK(energies.size() == std::uint64_t{1} << num_spins);
  if (updates != Updates::synchronous) return;
  if (temperature == 0)
    throw InputError("synchronous updates at T = 0 have no stationary law", "T",
                     "they end in fixed points and cycles that depend on the start");
  if (!is_pairwise(energies))
    throw InputError("the stationary law of synchronous updates is known for pairwise energies only",
                     "dynamics");
  heaviest_ = -std::numeric_limits<double>::infinity();
  for (std::uint64_t state = 0; state < energies.size(); ++state)
    heaviest_ = std::max(heaviest_, log_weight(state));
}

double StationaryLaw::weight(std::uint64_t state) const {
  if (updates_ == Updates::synchronous) return std::exp(log_weight(state) - heaviest_);
  const double above_ground = energies_[state] - ground_;
  if (temperature_ == 0) return above_ground < 1e-9 ? 1.0 : 0.0;
  return std::exp(-above_ground / temperature_);
}

double StationaryLaw::log_weight(std::uint64_t state) const {
  const double energy = energies_[state];
  double sum = (energies_[energies_.size() - 1 - state] - energy) / (2 * temperature_);
  for (SiteIndex i = 0; i < num_spins_; ++i)
    sum += log_2cosh((energies_[state ^ (std::uint64_t{1} << i)] - energy) / (2 * temperature_));
  return sum;
}

StepOverlap StationaryLaw::step_overlap(std::uint64_t state) const {
  StepOverlap sum{0, 0};
  for (SiteIndex i = 0; i < num_spins_; ++i) {
    const double e =
        std::tanh((energies_[state ^ (std::uint64_t{1} << i)] - energies_[state]) / (2 * temperature_));
    sum.one += e;
    sum.two += e * e;
  }
  return {sum.one / num_spins_, sum.two / num_spins_};
}

}  // namespace mattis
