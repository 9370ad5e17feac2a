// The measured capacity: other seeds scatter as its errors say, and biased patterns move it.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/estimates/chi_squared.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"
#include "sweeps/statements.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace mattis;
using Overrides = std::vector<std::string>;

/// The job that the repository ships, with some of its values replaced.
sweeps::CapacityStatement capacity(const Overrides& overrides) {
  const std::string file = std::string(MATTIS_SOURCE_DIR) + "/sweeps/jobs/hopfield-capacity.toml";
  const sweeps::Job job = sweeps::read_job(file, overrides);
  const TemporaryDirectory directory;
  std::atomic<bool> never{false};
  const auto alone = sweeps::one_rank();
  sweeps::run(job, directory / "results", {.threads = 0, .is_quiet = true}, never, *alone);
  const sweeps::Loaded loaded = sweeps::load(directory / "results");
  return sweeps::make_statements(job, sweeps::result_table(loaded.job, loaded.points, loaded.records))
      .capacities.at(0);
}

/// Are estimates as far apart as their errors say? chi-squared is around the weighted mean, where it is least; the mean
/// itself is without weights, because the bars of crossings are larger where the estimate came out low.
struct Scatter {
  std::vector<double> value, error;
  void add(const analysis::CapacityEstimate& estimate) {
    REQUIRE(estimate.converged);
    value.push_back(estimate.load);
    error.push_back(estimate.error);
  }
  void check(const char* name) const {
    const auto n = static_cast<double>(value.size());
    double weights = 0, weighted = 0, mean = 0, variance = 0, chi_squared = 0;
    for (std::size_t k = 0; k < value.size(); ++k) {
      const double weight = 1 / (error[k] * error[k]);
      weights += weight, weighted += weight * value[k];
      mean += value[k] / n, variance += error[k] * error[k] / (n * n);
    }
    for (std::size_t k = 0; k < value.size(); ++k)
      chi_squared += std::pow((value[k] - weighted / weights) / error[k], 2);
    const int dof = static_cast<int>(value.size()) - 1;
    const double p = analysis::t_squared_p_value(chi_squared, dof, analysis::infinity);
    WARN(fmt::format("{}: mean {:.5f} +- {:.5f}, chi-squared of the scatter {:.2f} for {} seeds, p = {:.3f}",
                     name, mean, std::sqrt(variance), chi_squared, value.size(), p));
    CHECK(p > 0.001);
    CHECK(p < 0.999);
  }
};

void check_scatter(const Overrides& overrides, int first_seed, int seeds) {
  Scatter half_points, crossings;
  for (int seed = first_seed; seed < first_seed + seeds; ++seed) {
    Overrides all = overrides;
    all.push_back(fmt::format("random.seed={}", seed));
    const auto statement = capacity(all);
    half_points.add(statement.measured.from_half_points);
    crossings.add(statement.measured.from_crossings);
  }
  half_points.check("half points");
  crossings.check("crossings");
}

/// Level, window, exponents and numbers of terms are those of the job; sizes and loads are fewer and smaller.
const Overrides small{"grid.N=[125, 250, 500, 1000, 2000]",
                      "grid.alpha={ from = 0.10, to = 0.24, step = 0.02 }", "plan.samples=100",
                      "measure.observables=[\"retrieved\"]"};

/// Half point at N = 1000.
analysis::HalfPoint half_point(const std::string& bias, const std::string& loads) {
  const auto statement =
      capacity({"patterns.bias=" + bias, "grid.N=1000", "grid.alpha=" + loads, "plan.samples=40",
                "measure.observables=[\"retrieved\"]", "random.seed=61"});
  const analysis::HalfPoint half = statement.measured.half_points.at(0);
  REQUIRE(half.curve.converged);
  WARN(fmt::format("bias {}: half point {:.5f} +- {:.5f} at N = {}", bias, half.load, half.error, half.N));
  return half;
}

}  // namespace

TEST_CASE("six seeds of a small capacity job scatter as their errors say", "[default]") {
  check_scatter(small, 31, 6);
}

TEST_CASE("ten seeds of the capacity job scatter as their errors say", "[long]") {
  check_scatter({}, 61, 10);
}

// Patterns of mean b overlap by b^2: the other P - 1 put a field of order b^3 P on every site, against a signal of 1.
// At b = 0.4 that is the end at P ~ 1/b^3 = 16 patterns or fewer, whatever N: far below 0.138 N.
TEST_CASE("biased patterns move the capacity", "[default]") {
  const auto unbiased = half_point("0.0", "{ from = 0.12, to = 0.20, step = 0.01 }"),
             biased = half_point("0.4", "{ from = 0.004, to = 0.010, step = 0.001 }");
  CHECK(unbiased.load - biased.load > 10 * std::hypot(unbiased.error, biased.error));
  CHECK(biased.load < 0.016);
}
