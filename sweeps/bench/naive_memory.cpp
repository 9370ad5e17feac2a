#include "sweeps/bench/naive_memory.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/error.hpp"
#include "models/instruction_sets.hpp"
#include "sweeps/bench/naive_sweep.hpp"

namespace mattis::bench {

namespace {

MATTIS_WIDE_CLONES float dot(const float* x, const float* y, std::size_t size) {
  return dot_in_lanes(x, y, size);
}

MATTIS_WIDE_CLONES void add_multiple(const float* row, float factor, float* x, std::size_t size) {
  for (std::size_t k = 0; k < size; ++k) x[k] += factor * row[k];
}

/// out_k = polynomial(x_k) by Horner's rule.
MATTIS_WIDE_CLONES void evaluate(const float* coefficients, std::size_t terms, const float* __restrict x,
                                 float* __restrict out, std::size_t size) {
  for (std::size_t k = 0; k < size; ++k) out[k] = coefficients[terms - 1];
  for (std::size_t t = terms - 1; t-- > 0;) {
    const float coefficient = coefficients[t];
    for (std::size_t k = 0; k < size; ++k) out[k] = out[k] * x[k] + coefficient;
  }
}

MATTIS_WIDE_CLONES float sum(const float* x, std::size_t size) {
  std::array<float, lanes> sums{};
  for (std::size_t k = 0; k < size; k += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += x[k + lane];
  float all = 0;
  for (const float lane : sums) all += lane;
  return all;
}

/// F(M) of distinct sites, e_{k+1} = [M e_k - (N-k+1) e_{k-1}] / (k+1).
double distinct_energy(double n, int p, double m) {
  double previous = 1, current = m, factorial = 1;
  for (int k = 1; k < p; ++k) {
    const double next = (m * current - (n - k + 1) * previous) / (k + 1);
    previous = current;
    current = next;
    factorial *= k + 1;
  }
  return -factorial / (2 * std::pow(n, p - 1)) * current;
}

/// Coefficients in rising powers of x of the polynomial through `terms` values, by Newton's differences.
template <class F>
std::vector<float> coefficients_of(int terms, const F& f) {
  const auto size = static_cast<std::size_t>(terms);
  std::vector<double> x(size), divided(size), result(size, 0.0);
  for (std::size_t k = 0; k < size; ++k) {
    x[k] = terms == 1 ? 0 : -1 + 2.0 * static_cast<double>(k) / (terms - 1);
    divided[k] = f(x[k]);
  }
  for (std::size_t step = 1; step < size; ++step)
    for (std::size_t k = size - 1; k >= step; --k)
      divided[k] = (divided[k] - divided[k - 1]) / (x[k] - x[k - step]);
  for (std::size_t k = size; k-- > 0;) {  // result = result * (x - x_k) + divided_k
    for (std::size_t t = size - 1; t > 0; --t) result[t] = result[t - 1] - x[k] * result[t];
    result[0] = divided[k] - x[k] * result[0];
  }
  return {result.begin(), result.end()};
}

}  // namespace

NaivePatterns::NaivePatterns(const DisorderSample& sample, int p)
    : num_spins(sample.num_spins()),
      stride((static_cast<std::size_t>(sample.num_patterns()) + lanes - 1) / lanes * lanes),
      padding(static_cast<float>(stride) - static_cast<float>(sample.num_patterns())) {
  const double n = num_spins;
  const auto at = [&](double x, double shift) { return distinct_energy(n, p, n * x + shift); };
  force = coefficients_of(p, [&](double x) { return (at(x, -2) - at(x, 2)) / 2; });
  curvature = coefficients_of(p - 1, [&](double x) { return at(x, 0) - (at(x, -2) + at(x, 2)) / 2; });
  patterns.assign(static_cast<std::size_t>(num_spins) * stride, 0.0f);
  for (SiteIndex i = 0; i < num_spins; ++i)
    for (SiteIndex mu = 0; mu < sample.num_patterns(); ++mu)
      patterns[static_cast<std::size_t>(i) * stride + static_cast<std::size_t>(mu)] =
          static_cast<float>(sample.pattern_entry(i, mu));
}

NaiveMemoryChain::NaiveMemoryChain(std::shared_ptr<const NaivePatterns> patterns, std::span<const Spin> spins,
                                   double temperature, Order order, std::uint64_t seed)
    : patterns_(std::move(patterns)),
      spins_(spins.begin(), spins.end()),
      overlap_(patterns_->stride, 0.0f),
      force_(patterns_->stride),
      beta_(temperature > 0 ? static_cast<float>(1 / temperature) : std::numeric_limits<float>::infinity()),
      order_(order),
      random_(seed) {
  MATTIS_CHECK(order == Order::sequential || order == Order::random);
  for (SiteIndex i = 0; i < patterns_->num_spins; ++i)
    add_multiple(
        patterns_->patterns.data() + static_cast<std::size_t>(i) * patterns_->stride,
        static_cast<float>(spins_[static_cast<std::size_t>(i)]) / static_cast<float>(patterns_->num_spins),
        overlap_.data(), patterns_->stride);
  evaluate_forces();
}

void NaiveMemoryChain::evaluate_forces() {
  constexpr std::size_t chunk = 1024;  // stays in the first cache
  const std::vector<float>&force = patterns_->force, &curvature = patterns_->curvature;
  std::array<float, chunk> curvatures;
  curvatures_ = -patterns_->padding * curvature[0];
  for (std::size_t first = 0; first < overlap_.size(); first += chunk) {
    const std::size_t size = std::min(chunk, overlap_.size() - first);
    const float* x = overlap_.data() + first;
    evaluate(force.data(), force.size(), x, force_.data() + first, size);
    evaluate(curvature.data(), curvature.size(), x, curvatures.data(), size);
    curvatures_ += sum(curvatures.data(), size);
  }
}

float NaiveMemoryChain::cost(SiteIndex i) const noexcept {
  const auto site = static_cast<std::size_t>(i);
  return static_cast<float>(spins_[site]) *
             dot(patterns_->patterns.data() + site * patterns_->stride, force_.data(), patterns_->stride) -
         curvatures_;
}

void NaiveMemoryChain::follow(SiteIndex i) {
  const auto site = static_cast<std::size_t>(i);
  const auto before = static_cast<float>(spins_[site]);
  spins_[site] = static_cast<Spin>(-spins_[site]);
  add_multiple(patterns_->patterns.data() + site * patterns_->stride,
               -2 * before / static_cast<float>(patterns_->num_spins), overlap_.data(), patterns_->stride);
  evaluate_forces();
}

std::int64_t NaiveMemoryChain::sweep() {
  return naive_sweep(
      patterns_->num_spins, order_, beta_, random_, [this](SiteIndex i) { return cost(i); },
      [this](SiteIndex i) { follow(i); });
}

}  // namespace mattis::bench
