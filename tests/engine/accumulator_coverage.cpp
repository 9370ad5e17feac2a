// Error bars of correlated series hold the truth as often as they say.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/estimates/auto_regression.hpp"
#include "engine/accumulator.hpp"

using namespace mattis;

namespace {

constexpr double tau = 20, rho = tau / (1 + tau);  // tau_int = rho / (1 - rho)

/// tau_int as bins of length L see it: 1 + 2 tau - 2 rho (1 - rho^L) / (L (1-rho)^2) = 1 + 2 tau_L.
double tau_of_bins(double length) {
  return tau - rho * (1 - std::pow(rho, length)) / (length * (1 - rho) * (1 - rho));
}

/// 32 bins of values/32.
void check_mean(int trials, int values) {
  tests::Random random(20261123);
  tests::Coverage coverage(31);
  double sum = 0, squares = 0;
  for (int t = 0; t < trials; ++t) {
    tests::AutoRegression series(random, tau);
    LogBinning average;
    for (int k = 0; k < values; ++k) average.add(series.next());
    const Average a = average.average();
    coverage.add(a.mean, a.error, 0);
    sum += a.tau_int;
    squares += a.tau_int * a.tau_int;
  }
  coverage.check("mean");
  const double mean = sum / trials, error = std::sqrt((squares / trials - mean * mean) / (trials - 1));
  INFO("tau_int = " << mean << " +- " << error);
  CHECK(mean > tau_of_bins(values / 32.0) - 4 * error);
  CHECK(mean < tau + 4 * error);
}

/// Noise with a weak part of tau = 100, which makes half of the error squared and half a percent of the variance.
void check_hidden_mode(int trials, int values) {
  tests::Random random(20261130);
  tests::Coverage coverage(31);
  for (int t = 0; t < trials; ++t) {
    tests::AutoRegression slow(random, 100);
    LogBinning average;
    for (int k = 0; k < values; ++k) average.add(tests::gaussian(random) + std::sqrt(0.005) * slow.next());
    const Average a = average.average();
    coverage.add(a.mean, a.error, 0);
  }
  coverage.check("mean with a hidden mode");
}

/// Functions of means from 64 bins of values/64, in pairs: the variance <x^2> - <x>^2 = 1, the ratio
/// <|x|>^2 / <x^2> = 2/pi, the Binder parameter 1 - <x^4>/(3 <x^2>^2) = 0.
enum : std::size_t { first, size, second, fourth, num_moments_of_x };
using Moments = std::span<const double>;
double variance(Moments m) { return m[second] - m[first] * m[first]; }
double ratio(Moments m) { return m[size] * m[size] / m[second]; }
double binder(Moments m) { return 1 - m[fourth] / (3 * m[second] * m[second]); }

MomentBins moments_of(tests::AutoRegression series, int values) {
  MomentBins bins(num_moments_of_x);
  for (int k = 0; k < values; ++k) {
    const double x = series.next();
    const std::vector<double> moments{x, std::abs(x), x * x, x * x * x * x};
    bins.add(moments);
  }
  return bins;
}

void check_functions(int trials, int values) {
  tests::Random random(20261124);
  tests::Coverage of_variance(31), of_ratio(31);
  for (int t = 0; t < trials; ++t) {
    const MomentBins bins = moments_of(tests::AutoRegression(random, tau), values);
    const Average v = bins.jackknife(variance), r = bins.jackknife(ratio);
    of_variance.add(v.mean, v.error, 1);
    of_ratio.add(r.mean, r.error, 2 / M_PI);
  }
  of_variance.check("variance");
  of_ratio.check("ratio");
}

/// The fourth moment of a Gaussian is skew: of the Binder parameter from 1600 independent values (2^15 at tau = 20) the
/// skewness is -0.4, and bars of the right length cover 66 % and 93 %.
void check_binder(int trials, int values) {
  tests::Random random(20261131);
  tests::Coverage coverage(31);
  for (int t = 0; t < trials; ++t) {
    const Average b = moments_of(tests::AutoRegression(random, tau), values).jackknife(binder);
    coverage.add(b.mean, b.error, 0);
  }
  coverage.check("Binder parameter");
}

}  // namespace

TEST_CASE("the error of a mean covers at tau = 20") { check_mean(200, 1 << 14); }
TEST_CASE("the error of a mean covers where its slow mode is hidden") { check_hidden_mode(200, 1 << 15); }
TEST_CASE("the jackknife errors of a variance and a ratio cover at tau = 20") {
  check_functions(200, 1 << 14);
}

TEST_CASE("the error of a mean covers at tau = 20, two thousand series", "[default]") {
  check_mean(2000, 1 << 15);
}
TEST_CASE("the error of a mean covers where its slow mode is hidden, two thousand series", "[default]") {
  check_hidden_mode(2000, 1 << 15);
}
TEST_CASE("the jackknife errors of a variance and a ratio cover at tau = 20, two thousand series",
          "[default]") {
  check_functions(2000, 1 << 15);
}
TEST_CASE("the jackknife error of a Binder parameter covers at tau = 20", "[default]") {
  check_binder(1000, 1 << 17);
}
