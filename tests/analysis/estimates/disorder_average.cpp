#include "analysis/estimates/disorder_average.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_table.hpp"
#include "engine/accumulator.hpp"

using namespace mattis;
using namespace mattis::analysis;

TEST_CASE("two samples of two replicas, by hand", "[estimates]") {
  auto table = tests::empty_table({"energy_per_spin"});
  const auto p = tests::add_point(table, 100, 0.1, 0.5);
  table.series.push_back(
      {p,
       0,
       "",
       {{0, 0, 1.0, 0.3, 2.0}, {0, 1, 3.0, 0.4, 4.0}, {5, 0, 6.0, 0.6, 3.0}, {5, 1, 4.0, 0.8, 3.0}},
       7});
  const auto e = disorder_average(table).at(0);
  CHECK(e.mean == Approx(3.5));   // samples are 2 and 5
  CHECK(e.error == Approx(1.5));  // sqrt(4.5/2)
  CHECK(e.error_thermal ==
        Approx(std::sqrt(2) / 2));  // err_s^2 = 0.0625, 0.25 by themselves, 1 and 1 by the spread
  CHECK(e.error_disorder == Approx(std::sqrt(2.25 - 0.5)));
  CHECK(e.tau_int == Approx(3));
  CHECK(e.samples == 2);
  CHECK(e.left_out == 7);
  CHECK(e.point == p);
  CHECK(e.actual.at("P") == 10);
}

TEST_CASE("replicas that agree leave the errors alone, one replica has no say", "[estimates]") {
  auto table = tests::empty_table({"energy_per_spin"});
  const auto p = tests::add_point(table, 100, 0.1, 0.5);
  table.series.push_back({p, 0, "agree", {{0, 0, 1.0, 0.3, 2.0}, {0, 1, 1.1, 0.4, 4.0}}, 0});
  table.series.push_back({p, 0, "alone", {{0, 0, 1.0, 0.3, 2.0}, {1, 0, 5.0, 0.4, 4.0}}, 0});
  table.series.push_back({p, 0, "frozen", {{0, 0, 1.0, 0, 0}, {0, 1, 1.1, 0, 0}}, 0});
  table.series.push_back(
      {p, 0, "mixed", {{0, 0, 1.0, 0.1, 2.0}, {0, 1, 2.0, 0.1, 4.0}, {1, 0, 1.0, 0.2, 1}}, 0});
  const auto e = disorder_average(table);
  CHECK(e[0].error_thermal == Approx(0.25));
  CHECK(e[1].error_thermal == Approx(0.25));
  CHECK(e[2].error_thermal == Approx(0.05));  // frozen: 0.1/sqrt(2) apart, over sqrt(2)
  CHECK(e[2].error == e[2].error_thermal);
  CHECK(e[2].is_frozen);
  CHECK_FALSE(e[0].is_frozen);
  CHECK(e[3].error_thermal == Approx(std::sqrt(50 * (0.005 + 0.04)) / 2));  // f = 0.25 / 0.005
}

TEST_CASE("frozen replicas: the starts' share of the error is not the disorder's", "[estimates]") {
  tests::Random random{20261202};
  constexpr int samples = 400, replicas = 4;
  auto table = tests::empty_table({"energy_per_spin"});
  store::Series series{tests::add_point(table, 100, 0.1, 0), 0, "", {}, 0};
  for (int s = 0; s < samples; ++s) {
    const double centre = 0.3 * tests::gaussian(random);
    for (int r = 0; r < replicas; ++r)
      series.values.push_back({s, r, centre + 0.8 * tests::gaussian(random), 0, 0});
  }
  table.series.push_back(series);
  const auto e = disorder_average(table)[0];
  const double start = 0.8 / std::sqrt(samples * replicas), disorder = 0.3 / std::sqrt(samples);
  CHECK(std::abs(e.error_thermal / start - 1) < 4 / std::sqrt(2.0 * samples * (replicas - 1)));
  CHECK(e.error_disorder == Approx(disorder).epsilon(0.3));
  CHECK(e.is_frozen);
}

TEST_CASE("the overlap of replicas that do not forget their starts has no thermal error", "[estimates]") {
  auto table = tests::empty_table({"energy_per_spin", "replica_overlap"});
  const auto p = tests::add_point(table, 64, 0.1, 0.05);
  const auto overlap = [&](const std::vector<store::ChainValue>& chains, int samples) {
    table.series = {{p, 0, "", chains, 0}, {p, 1, "1", {}, 0}};
    for (int s = 0; s < samples; ++s) table.series[1].values.push_back({s, -1, 0.1 * s - 0.03, 1e-4, 3});
    return disorder_average(table)[1];
  };
  const auto stuck = overlap({{0, 0, -0.70, 1e-4, 2}, {0, 1, -0.72, 1e-4, 2}}, 1);
  CHECK(std::isnan(stuck.error));
  CHECK(std::isnan(stuck.error_thermal));
  CHECK(std::isnan(overlap({{0, 0, -0.70, 0, 2}, {0, 1, -0.72, 0, 2}}, 1).error));  // T = 0
  CHECK(overlap({{0, 0, -0.7, 1e-2, 2}, {0, 1, -0.702, 1e-2, 2}}, 1).error == Approx(1e-4));
  CHECK(overlap({{0, 0, -0.7, 0, 2}}, 1).error == Approx(1e-4));  // enumerated: no replicas at all
  const auto two = overlap({{0, 0, -0.70, 1e-4, 2}, {0, 1, -0.72, 1e-4, 2}}, 2);
  CHECK(two.error == Approx(0.05));
  CHECK(std::isnan(two.error_thermal));
}

TEST_CASE("what is missing is said to be missing", "[estimates]") {
  auto table = tests::empty_table({"energy_per_spin", "retrieved"});
  const auto p = tests::add_point(table, 100, 0.1, 0.5);
  tests::add_series(table, p, 0, {1.5}, 0.2);
  table.series.push_back({p, 0, "none", {}});
  table.series.push_back({p, 0, "partly", {{0, 0, store::not_there}, {1, 0, 2.0, 0.1}, {2, 0, 4.0, 0.1}}});
  tests::add_series(table, p, 0, {1, 2, 3}, store::not_there, "zero temperature");
  const auto estimates = disorder_average(table);
  CHECK(estimates[0].error == Approx(0.2));
  CHECK(std::isnan(estimates[0].error_disorder));
  CHECK(std::isnan(estimates[1].mean));
  CHECK(estimates[1].samples == 0);
  CHECK(estimates[2].mean == Approx(3));
  CHECK(estimates[2].samples == 2);
  CHECK(estimates[3].error == Approx(1 / std::sqrt(3)));
  CHECK(std::isnan(estimates[3].error_thermal));
  CHECK(std::isnan(estimates[3].error_disorder));
}

TEST_CASE("a fraction on which all samples agree still has an error", "[estimates]") {
  auto table = tests::empty_table({"retrieved"});
  const auto p = tests::add_point(table, 100, 0.1, 0);
  std::vector<double> runs(20, 1.0);
  tests::add_series(table, p, 0, runs, store::not_there);
  runs[3] = 0;
  tests::add_series(table, p, 0, runs, store::not_there);
  const auto estimates = disorder_average(table);
  CHECK(estimates[0].mean == 1);
  CHECK(estimates[0].error == Approx(1 / 21.0));
  CHECK(estimates[1].error == Approx(0.05));  // sqrt(0.95 * 0.05 / 19)
  CHECK(std::isnan(estimates[1].error_thermal));
  CHECK(std::isnan(estimates[1].error_disorder));
}

TEST_CASE("the error bar of a mean covers, and its two parts are what they say", "[estimates]") {
  tests::Random random{20261123};
  constexpr int trials = 4000, samples = 12, replicas = 2;
  constexpr double spread = 0.8, noise = 0.5, truth = -0.47;
  tests::Coverage coverage{samples - 1};
  double error2 = 0, error2_squared = 0;
  for (int t = 0; t < trials; ++t) {
    auto table = tests::empty_table({"energy_per_spin"});
    store::Series series{tests::add_point(table, 100, 0.1, 0.5), 0, "", {}};
    for (int s = 0; s < samples; ++s) {
      const double centre = truth + spread * tests::gaussian(random);
      for (int r = 0; r < replicas; ++r)
        series.values.push_back({s, r, centre + noise * tests::gaussian(random), noise, 1});
    }
    table.series.push_back(series);
    const auto e = disorder_average(table)[0];
    coverage.add(e.mean, e.error, truth);
    error2 += e.error * e.error / trials;
    error2_squared += std::pow(e.error, 4) / trials;
    double between = 0;
    for (std::size_t k = 0; k < series.values.size(); k += replicas)
      between += std::pow(series.values[k].value - series.values[k + 1].value, 2) / (4.0 * samples * samples);
    const double own = noise * noise / (samples * replicas);
    CHECK(e.error_thermal == Approx(std::sqrt(std::max(own, between))));
    const double excess = e.error * e.error - e.error_thermal * e.error_thermal;
    CHECK(e.error_disorder == Approx(std::sqrt(std::max(0.0, excess))));
  }
  coverage.check();
  const double expected = (spread * spread + noise * noise / replicas) / samples;
  CHECK(std::abs(error2 - expected) < 4 * std::sqrt((error2_squared - error2 * error2) / trials));
}

namespace {

/// A series that relaxes in `tau` sweeps, its mean over `sweeps` of them and the error that binning gives.
store::ChainValue slow_chain(tests::Random& random, int replica, int sweeps, double tau) {
  const double kept = std::exp(-1 / tau);
  LogBinning binning;
  double x = tests::gaussian(random), sum = 0;
  for (int t = 0; t < sweeps; ++t) {
    x = kept * x + std::sqrt(1 - kept * kept) * tests::gaussian(random);
    binning.add(x);
    sum += x / sweeps;
  }
  const Average average = binning.average();
  return {0, replica, sum, average.error, average.tau_int};
}

struct ShortRuns {
  double narrow = 0, wide = 0;  ///< how often one and two bars hold the truth
  double own = 0;               ///< one bar, without the spread of the replicas
};

ShortRuns short_runs(std::uint64_t seed, int trials, int replicas, int sweeps, double tau) {
  tests::Random random{seed};
  ShortRuns covered;
  for (int t = 0; t < trials; ++t) {
    auto table = tests::empty_table({"energy_per_spin"});
    store::Series series{tests::add_point(table, 100, 0.1, 0.5), 0, "", {}};
    double own = 0;
    for (int r = 0; r < replicas; ++r) {
      series.values.push_back(slow_chain(random, r, sweeps, tau));
      own += std::pow(series.values.back().error_thermal / replicas, 2);
    }
    table.series.push_back(series);
    const auto e = disorder_average(table)[0];
    covered.narrow += (std::abs(e.mean) < e.error) / double(trials);
    covered.wide += (std::abs(e.mean) < 2 * e.error) / double(trials);
    covered.own += (std::abs(e.mean) < std::sqrt(own)) / double(trials);
  }
  return covered;
}

}  // namespace

TEST_CASE("replicas mend the error of runs that are short beside their autocorrelation time", "[estimates]") {
  // What a Gaussian bar whose square is max(own, chi^2_7 / 7) covers lies between 0.65 (own far too small) and 0.72.
  constexpr int trials = 3000;
  const double four_sigma = 4 * std::sqrt(0.68 * 0.32 / trials);
  const auto slow = short_runs(20261130, trials, 8, 1000, 100);
  CHECK(slow.own < 0.60);
  CHECK(slow.narrow > 0.65 - four_sigma);
  CHECK(slow.narrow < 0.72 + four_sigma);
  CHECK(slow.wide > 0.91 - 4 * std::sqrt(0.91 * 0.09 / trials));
  const auto fast = short_runs(20261131, trials, 8, 1000, 0.5);
  CHECK(fast.narrow > 0.68 - four_sigma);
  CHECK(fast.narrow < 0.72 + four_sigma);
}

namespace {

/// Probability that |k/n - p| <= width * error, for k of n samples retrieved: by summing the binomial.
double fraction_coverage(int n, double p, double width) {
  double inside = 0;
  for (int k = 0; k <= n; ++k) {
    auto table = tests::empty_table({"retrieved"});
    std::vector<double> runs(static_cast<std::size_t>(n), 0.0);
    std::fill_n(runs.begin(), k, 1.0);
    tests::add_series(table, tests::add_point(table, 100, 0.1, 0), 0, runs, store::not_there);
    const auto e = disorder_average(table)[0];
    const double weight = std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                                   k * std::log(p) + (n - k) * std::log1p(-p));
    if (std::abs(e.mean - p) <= width * e.error) inside += weight;
  }
  return inside;
}

}  // namespace

TEST_CASE("the error bar of a fraction covers, by exact enumeration", "[estimates]") {
  // A lattice of k/n cannot cover exactly; averaged over p its oscillation is gone.
  double narrow = 0, wide = 0;
  for (int i = 0; i < 40; ++i) {
    narrow += fraction_coverage(50, 0.3 + 0.01 * i + 0.005, 1) / 40;
    wide += fraction_coverage(50, 0.3 + 0.01 * i + 0.005, 2) / 40;
  }
  CHECK(narrow == Approx(0.683).margin(0.01));
  CHECK(wide == Approx(0.954).margin(0.01));
  // Near 1 the spread alone would have error 0 with probability p^n.
  CHECK(fraction_coverage(20, 0.99, 1) > 0.68);
  CHECK(fraction_coverage(20, 0.96, 1) > 0.68);
  CHECK(fraction_coverage(20, 0.90, 2) > 0.85);
}
