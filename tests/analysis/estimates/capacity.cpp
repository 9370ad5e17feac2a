#include "analysis/estimates/capacity.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_fractions.hpp"
#include "analysis/estimates/synthetic_table.hpp"
#include "engine/error.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

constexpr double alpha_c = 0.138, width = 0.3;
const std::vector<double> sizes{250, 500, 1000, 2000, 4000};

/// Fractions Phi((alpha_c + a N^-omega - alpha) / (w N^-1/2)) at every size.
Capacity draw(tests::Random& random, double a, const CapacityDefinition& definition, int samples,
              int replicas = 1) {
  std::vector<std::vector<FractionAtLoad>> data;
  for (const double N : sizes)
    data.push_back(tests::draw_fractions(random, alpha_c + a * std::pow(N, -definition.shift_exponent),
                                         width / std::sqrt(N), samples, replicas));
  return measure_capacity(sizes, data, definition);
}

CapacityDefinition with_exponents(double omega, double psi) {
  CapacityDefinition definition;
  definition.shift_exponent = omega;
  definition.crossing_exponent = psi;
  return definition;
}

/// Errors of both estimates, and of their chi-squared, over many invented experiments.
void check_estimates(std::uint64_t seed, int experiments, double a, const CapacityDefinition& definition,
                     int samples, int replicas) {
  tests::Random random{seed};
  tests::Pulls half, crossing;
  tests::Uniform half_quality, crossing_quality;
  for (int t = 0; t < experiments; ++t) {
    const auto c = draw(random, a, definition, samples, replicas);
    REQUIRE((c.from_half_points.converged && c.from_crossings.converged));
    half.add(c.from_half_points.load, c.from_half_points.error, alpha_c);
    crossing.add(c.from_crossings.load, c.from_crossings.error, alpha_c);
    half_quality.add(c.from_half_points.quality.p_value);
    crossing_quality.add(c.from_crossings.quality.p_value);
  }
  half.check();
  crossing.check();
  half_quality.check();
  crossing_quality.check();
}

}  // namespace

TEST_CASE("half points drift as N^-1/2, curves cross in one point", "[estimates]") {
  check_estimates(20261201, 400, 0.1, with_exponents(0.5, 0), 100, 1);
}

TEST_CASE("half points and crossings both drift as 1/N", "[estimates]") {
  check_estimates(20261202, 400, 3.0, with_exponents(1, 1), 100, 2);
}

TEST_CASE("pairs that meet outside the measured loads do not bend the estimate", "[estimates]") {
  const double psi =
      GENERATE(0, 1);  // sizes, loads, samples and widths as in sweeps/jobs/hopfield-capacity.toml
  const std::vector<double> large{500, 1000, 2000, 4000, 8000, 20000};
  tests::Random random{20261208};
  tests::Pulls pulls;
  double sum = 0, squares = 0;
  int outside = 0;
  for (int t = 0; t < 400; ++t) {
    std::vector<std::vector<FractionAtLoad>> data;
    for (const double N : large)
      data.push_back(tests::draw_fractions(random, 0.139 + 0.77 / std::sqrt(N), 0.66 / std::sqrt(N), 80, 1,
                                           false, {0.13, 0.005, 0.18}));
    const auto c = measure_capacity(large, data, with_exponents(0.5, psi));
    REQUIRE(c.from_crossings.converged);
    const double off = c.from_crossings.load - 0.139;
    pulls.add(off, c.from_crossings.error, 0);
    sum += off, squares += off * off;
    for (const auto& x : c.crossings) outside += !x.converged;
  }
  CHECK(outside > 100);                           // of 2000
  CHECK(std::abs(sum) < 4 * std::sqrt(squares));  // unbiased without weights; low estimates have larger bars
  pulls.check();
}

TEST_CASE("another level of the fraction, fewer samples", "[estimates]") {
  tests::Random random{20261204};
  auto definition = with_exponents(0.5, 0);
  definition.level = gsl_cdf_ugaussian_P(1);  // a width inside: alpha_c + (0.1 - 0.3) N^-1/2
  tests::Pulls pulls, amplitudes;
  for (int t = 0; t < 400; ++t) {
    const auto c = draw(random, 0.1, definition, 50).from_half_points;
    pulls.add(c.load, c.error, alpha_c);
    amplitudes.add(c.amplitudes.at(0), c.amplitude_errors.at(0), -0.2);
  }
  pulls.check();
  amplitudes.check();
}

TEST_CASE("capacities over thousands of experiments", "[estimates][default]") {
  check_estimates(20261205, 3000, 0.1, with_exponents(0.5, 0), 400, 1);
  check_estimates(20261206, 3000, 3.0, with_exponents(1, 1), 400, 2);
}

TEST_CASE("sizes without a curve are shown and not used", "[estimates]") {
  tests::Random random{22};
  std::vector<std::vector<FractionAtLoad>> data;
  for (const double N : sizes)
    data.push_back(tests::draw_fractions(random, 0.14, width / std::sqrt(N), 50, 1));
  data[1] = {{0.13, 1, 0, 50}, {0.15, 0, 0, 50}};
  CapacityDefinition definition;
  auto c = measure_capacity(sizes, data, definition);
  CHECK_FALSE(c.half_points[1].curve.converged);
  CHECK(c.from_half_points.converged);
  CHECK(c.from_half_points.quality.dof == 2);
  CHECK(c.crossings.size() == 3);
  CHECK(c.crossings[0].smaller == 250);
  CHECK(c.crossings[0].larger == 1000);
  definition.smallest_size = 2000;
  c = measure_capacity(sizes, data, definition);
  CHECK(c.half_points.size() == 2);
  CHECK_FALSE(c.from_half_points.converged);
}

TEST_CASE("a capacity is read from a table, one per temperature, at actual loads", "[estimates]") {
  tests::Random random{23};
  boost::random::uniform_01<double> uniform;
  auto table = tests::empty_table({"energy_per_spin", "retrieved"});
  for (const double T : {0.0, 0.1})
    for (const double N : {205.0, 411.0, 823.0})
      for (int i = 0; i <= 20; ++i)
        for (const auto* start : {"cued", "random"}) {
          const auto p = tests::add_point(table, N, 0.1 + 0.004 * i, T, start);
          const double half = alpha_c - 0.2 * T + 0.1 / std::sqrt(N);
          const double chance =
              gsl_cdf_ugaussian_P((half - table.points[p].actual["alpha_actual"]) * std::sqrt(N) / width);
          std::vector<double> runs;
          for (int s = 0; s < 60; ++s) runs.push_back(uniform(random) < chance && *start == 'c');
          tests::add_series(table, p, 1, runs, store::not_there);
        }
  const auto capacities = measure_capacity(table, {});
  REQUIRE(capacities.size() == 2);
  for (const auto& c : capacities) {
    const double truth = alpha_c - 0.2 * c.at[2].number;
    CHECK(c.half_points.size() == 3);
    CHECK(std::isnan(c.at[0].number));
    CHECK(std::abs(c.from_half_points.load - truth) < 4 * c.from_half_points.error);
    CHECK(std::abs(c.from_crossings.load - truth) < 4 * c.from_crossings.error);
  }
}

TEST_CASE("a definition that makes no sense is refused", "[estimates]") {
  const auto table = tests::empty_table({"retrieved"});
  CapacityDefinition definition;
  CHECK(measure_capacity(table, definition).empty());
  definition.load = "gamma";
  CHECK_THROWS_AS(measure_capacity(table, definition), InputError);
  definition = {};
  definition.level = 1;
  CHECK_THROWS_AS(measure_capacity(table, definition), InputError);
  definition = {};
  definition.lower = 0.6, definition.upper = 0.4;
  CHECK_THROWS_AS(measure_capacity(table, definition), InputError);
}

TEST_CASE("loads that share disorder are refused, loads that are one task count once", "[estimates]") {
  auto table = tests::empty_table({"retrieved"});
  for (const double alpha : {0.100, 0.101, 0.12, 0.14})
    tests::add_series(table, tests::add_point(table, 100, alpha, 0), 0, {1, 0, 1, 0}, store::not_there);
  CHECK(measure_capacity(table, {}).at(0).half_points.size() == 1);
  for (auto& point : table.points) point.disorder = 1;
  CHECK_THROWS_AS(measure_capacity(table, {}), InputError);
}
