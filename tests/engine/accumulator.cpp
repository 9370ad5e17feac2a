// Binned averages against hand-computed cases and a slow implementation that keeps every value.
#include "engine/accumulator.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "engine/error.hpp"
#include "engine/random_stream.hpp"

using namespace mattis;

namespace {

double uniform(RngStream& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

/// (variance of the means of complete bins of length 2^k) / (their number), straight from the definition.
double variance_of_mean(const std::vector<double>& x, std::size_t k) {
  const std::size_t length = std::size_t{1} << k, bins = x.size() / length;
  std::vector<double> mean(bins, 0.0);
  double whole = 0, sum = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    for (std::size_t j = 0; j < length; ++j) mean[b] += x[b * length + j] / static_cast<double>(length);
    whole += mean[b] / static_cast<double>(bins);
  }
  for (const double m : mean) sum += (m - whole) * (m - whole);
  return sum / static_cast<double>(bins) / static_cast<double>(bins - 1);
}

Average slow_average(const std::vector<double>& x) {
  double mean = 0;
  for (const double value : x) mean += value / static_cast<double>(x.size());
  Average result{mean, NAN, NAN};
  for (std::size_t k = 0; (x.size() >> k) >= 16; ++k) {
    const double variance = variance_of_mean(x, k);
    result.error = std::sqrt(variance);
    result.tau_int = std::max(0.0, (variance / variance_of_mean(x, 0) - 1) / 2);
    const double length = std::ldexp(1.0, static_cast<int>(k));
    if (length >= 16 && length >= 16 * result.tau_int && (x.size() >> (k + 1)) < 32) break;
  }
  return result;
}

LogBinning binned(const std::vector<double>& x) {
  LogBinning average;
  for (const double value : x) average.add(value);
  return average;
}

std::vector<double> correlated(std::size_t n, double rho, std::uint32_t sample) {
  RngStream random({3, StreamDomain::tests, 0, sample, 0});
  std::vector<double> x(n);
  double state = 0;
  for (double& value : x) value = state = rho * state + uniform(random) - 0.5;
  return x;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

template <class Accumulator>
std::vector<double> saved(const Accumulator& accumulator) {
  std::vector<double> out;
  accumulator.save(out);
  return out;
}

}  // namespace

TEST_CASE("an average of too few values has no error") {
  LogBinning average;
  CHECK(std::isnan(average.average().mean));
  for (int k = 1; k <= 15; ++k) average.add(k);
  CHECK(average.count() == 15);
  CHECK(average.average().mean == Approx(8));
  CHECK(std::isnan(average.average().error));
  CHECK(std::isnan(average.average().tau_int));
}

TEST_CASE("sixteen values have the error of independent ones") {
  // 1 ... 16: variance (16^2 - 1)/12 = 21.25, error sqrt(21.25 / 15).
  LogBinning average;
  for (int k = 1; k <= 16; ++k) average.add(k);
  CHECK(average.average().mean == Approx(8.5));
  CHECK(average.average().error == Approx(std::sqrt(21.25 / 15)));
  CHECK(average.average().tau_int == 0);
}

TEST_CASE("pairs of equal values double the variance of the mean") {
  // 32 values +1 +1 -1 -1 ...: single values V_0 = 1/31, pairs V_1 = 1/15, so 1 + 2 tau = 31/15.
  LogBinning average;
  for (int k = 0; k < 32; ++k) average.add(k % 4 < 2 ? 1 : -1);
  CHECK(average.average().mean == 0);
  CHECK(average.average().error == Approx(std::sqrt(1.0 / 15)));
  CHECK(average.average().tau_int == Approx(8.0 / 15));
}

TEST_CASE("binning as it goes equals binning afterwards, at any number of values") {
  for (const double rho : {0.0, 0.9, -0.5}) {
    const std::vector<double> all = correlated(700, rho, 1);
    LogBinning average;
    for (std::size_t n = 1; n <= all.size(); ++n) {
      average.add(all[n - 1]);
      if (n < 16) continue;
      const Average fast = average.average(),
                    slow = slow_average({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)});
      REQUIRE(fast.mean == Approx(slow.mean).margin(1e-13));
      REQUIRE(fast.error == Approx(slow.error).epsilon(1e-10));
      REQUIRE(fast.tau_int == Approx(slow.tau_int).margin(1e-9));
    }
  }
}

TEST_CASE("a large mean costs the error no digits") {
  std::vector<double> x = correlated(4096, 0.5, 2);
  const Average plain = binned(x).average();
  for (double& value : x) value = std::ldexp(std::round(std::ldexp(value, 20)), -20);  // exact beside 2^30
  const Average rounded = binned(x).average();
  for (double& value : x) value += 0x1p30;
  const Average shifted = binned(x).average();
  CHECK(shifted.error == Approx(rounded.error).epsilon(1e-9));
  CHECK(shifted.mean - 0x1p30 == Approx(plain.mean).margin(1e-6));
}

TEST_CASE("a constant has error zero") {
  LogBinning average;
  for (int k = 0; k < 1000; ++k) average.add(0.1);
  CHECK(average.average().mean == 0.1);
  CHECK(average.average().error == 0);
  CHECK(average.average().tau_int == 0);
}

TEST_CASE("an average saved at any count continues bit for bit") {
  const std::vector<double> x = correlated(600, 0.9, 3);
  const std::vector<double> whole = saved(binned(x));
  for (std::size_t n = 0; n <= 300; ++n) {
    const std::vector<double> state = saved(binned({x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n)}));
    std::span<const double> reading(state);
    LogBinning average;
    average.load(reading);
    REQUIRE(reading.empty());
    for (std::size_t k = n; k < x.size(); ++k) average.add(x[k]);
    REQUIRE(same_bits(saved(average), whole));
  }
}

TEST_CASE("the jackknife of a mean is the mean with its error") {
  MomentBins bins(1);
  const std::vector<double> x = correlated(32, 0, 4);
  for (const double value : x) bins.add({&value, 1});
  const Average a = bins.jackknife([](std::span<const double> m) { return m[0]; });
  CHECK(a.mean == Approx(slow_average(x).mean));
  // 32 bins, then pairs of them: the pseudovalues of a mean are the values themselves.
  CHECK(a.error == Approx(std::sqrt(variance_of_mean(x, 1))));
  CHECK(std::isnan(a.tau_int));
}

TEST_CASE("the jackknife takes the bias out of a square") {
  // E[mean^2] = mu^2 + var(mean); the jackknifed square is exactly mean^2 - V, V from bins of four: 16 of them.
  const std::vector<double> x = correlated(64, 0, 5);
  MomentBins bins(1);
  for (const double value : x) bins.add({&value, 1});
  const double mean = slow_average(x).mean;
  CHECK(bins.jackknife([](std::span<const double> m) { return m[0] * m[0]; }).mean ==
        Approx(mean * mean - variance_of_mean(x, 2)).margin(1e-14));
}

TEST_CASE("fewer than sixteen bins give no jackknife") {
  MomentBins bins(2);
  const std::vector<double> value{1, 2};
  for (int k = 0; k < 15; ++k) bins.add(value);
  CHECK(std::isnan(bins.jackknife([](std::span<const double> m) { return m[0]; }).mean));
  bins.add(value);
  CHECK(bins.jackknife([](std::span<const double> m) { return m[0] * m[1]; }).mean == Approx(2));
}

TEST_CASE("bins merge without losing a value") {
  MomentBins bins(2);
  double sum = 0;
  for (int k = 0; k < 4096; ++k) {
    const std::vector<double> value{static_cast<double>(k), 1.0};
    bins.add(value);
    sum += k;
  }
  CHECK(bins.jackknife([](std::span<const double> m) { return m[0]; }).mean == Approx(sum / 4096));
  CHECK(bins.jackknife([](std::span<const double> m) { return m[1]; }).mean == Approx(1));
}

TEST_CASE("moment bins saved at any count continue bit for bit") {
  const std::vector<double> x = correlated(1500, 0.9, 6);
  const auto filled = [&](MomentBins bins, std::size_t from, std::size_t to) {
    for (std::size_t k = from; k < to; ++k) {
      const std::vector<double> value{x[k], x[k] * x[k]};
      bins.add(value);
    }
    return bins;
  };
  const std::vector<double> whole = saved(filled(MomentBins(2), 0, x.size()));
  for (std::size_t n = 0; n <= 1100; n += n < 140 ? 1 : 37) {
    const std::vector<double> state = saved(filled(MomentBins(2), 0, n));
    std::span<const double> reading(state);
    MomentBins bins(2);
    bins.load(reading);
    REQUIRE(reading.empty());
    REQUIRE(same_bits(saved(filled(bins, n, x.size())), whole));
  }
}

TEST_CASE("a state that is too short is a broken invariant") {
  const std::vector<double> state{3, 0};
  std::span<const double> reading(state);
  LogBinning average;
  CHECK_THROWS_AS(average.load(reading), InternalError);
}
