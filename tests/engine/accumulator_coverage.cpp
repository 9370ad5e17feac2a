// Error bars of correlated series hold the truth as often as they say.
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>

#include "analysis/estimates/coverage.hpp"
#include "engine/accumulator.hpp"

using namespace mattis;

namespace {

constexpr double tau = 20, rho = tau / (1 + tau);  // tau_int = rho / (1 - rho)

/// Stationary x_t = rho x_{t-1} + sqrt(1 - rho^2) g_t: mean 0, variance 1.
class AutoRegression {
 public:
  explicit AutoRegression(tests::Random& random) : random_(random), x_(tests::gaussian(random)) {}
  double next() { return std::exchange(x_, rho * x_ + std::sqrt(1 - rho * rho) * tests::gaussian(random_)); }

 private:
  tests::Random& random_;
  double x_;
};

/// tau_int as bins of length L see it: 1 + 2 tau - 2 rho (1 - rho^L) / (L (1-rho)^2) = 1 + 2 tau_L.
double tau_of_bins(double length) {
  return tau - rho * (1 - std::pow(rho, length)) / (length * (1 - rho) * (1 - rho));
}

/// Bins of length 512 are the first longer than 16 tau = 320.
void check_mean(int trials, int values) {
  tests::Random random(20261123);
  tests::Coverage coverage(values / 512.0 - 1);
  double sum = 0, squares = 0;
  for (int t = 0; t < trials; ++t) {
    AutoRegression series(random);
    LogBinning average;
    for (int k = 0; k < values; ++k) average.add(series.next());
    const Average a = average.average();
    coverage.add(a.mean, a.error, 0);
    sum += a.tau_int;
    squares += a.tau_int * a.tau_int;
  }
  coverage.check();
  const double mean = sum / trials, error = std::sqrt((squares / trials - mean * mean) / (trials - 1));
  INFO("tau_int = " << mean << " +- " << error);
  CHECK(mean > tau_of_bins(256) - 4 * error);
  CHECK(mean < tau + 4 * error);
}

/// <x^2> - <x>^2 from 64 bins of values/64, in pairs.
void check_variance(int trials, int values) {
  tests::Random random(20261124);
  tests::Coverage coverage(31);
  for (int t = 0; t < trials; ++t) {
    AutoRegression series(random);
    MomentBins bins(2);
    for (int k = 0; k < values; ++k) {
      const double x = series.next();
      const std::vector<double> moments{x, x * x};
      bins.add(moments);
    }
    const Average a = bins.jackknife([](std::span<const double> m) { return m[1] - m[0] * m[0]; });
    coverage.add(a.mean, a.error, 1);
  }
  coverage.check();
}

}  // namespace

TEST_CASE("the error of a mean covers at tau = 20") { check_mean(200, 1 << 14); }
TEST_CASE("the jackknife error of a variance covers at tau = 20") { check_variance(200, 1 << 14); }

TEST_CASE("the error of a mean covers at tau = 20, two thousand series", "[default]") {
  check_mean(2000, 1 << 15);
}
TEST_CASE("the jackknife error of a variance covers at tau = 20, two thousand series", "[default]") {
  check_variance(2000, 1 << 15);
}
