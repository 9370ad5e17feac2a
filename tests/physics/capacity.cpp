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

/// chi-squared of estimates around their weighted mean: are they as far apart as their errors say?
struct Scatter {
  std::vector<double> value, error;
  void add(const analysis::CapacityEstimate& estimate) {
    REQUIRE(estimate.converged);
    value.push_back(estimate.load);
    error.push_back(estimate.error);
  }
  void check(const char* name) const {
    double weights = 0, mean = 0, chi_squared = 0;
    for (std::size_t k = 0; k < value.size(); ++k) weights += 1 / (error[k] * error[k]);
    for (std::size_t k = 0; k < value.size(); ++k) mean += value[k] / (error[k] * error[k] * weights);
    for (std::size_t k = 0; k < value.size(); ++k) chi_squared += std::pow((value[k] - mean) / error[k], 2);
    const int dof = static_cast<int>(value.size()) - 1;
    const double p = analysis::t_squared_p_value(chi_squared, dof, analysis::infinity);
    WARN(fmt::format("{}: mean {:.5f} +- {:.5f}, chi-squared of the scatter {:.2f} for {} seeds, p = {:.3f}",
                     name, mean, 1 / std::sqrt(weights), chi_squared, value.size(), p));
    CHECK(p > 0.001);
    CHECK(p < 0.999);
  }
};

void check_scatter(const Overrides& overrides, int first_seed) {
  Scatter half_points, crossings;
  for (int seed = first_seed; seed < first_seed + 10; ++seed) {
    Overrides all = overrides;
    all.push_back(fmt::format("random.seed={}", seed));
    const auto statement = capacity(all);
    half_points.add(statement.measured.from_half_points);
    crossings.add(statement.measured.from_crossings);
  }
  half_points.check("half points");
  crossings.check("crossings");
}

const Overrides small{"grid.N=[250, 500, 1000, 2000]", "grid.alpha={ from = 0.13, to = 0.21, step = 0.01 }",
                      "plan.samples=60", "analysis.capacity.shift_terms=1",
                      "analysis.capacity.crossing_exponent=0"};

}  // namespace

TEST_CASE("ten seeds of a small capacity job scatter as their errors say", "[default]") {
  check_scatter(small, 31);
}

TEST_CASE("ten seeds of the capacity job scatter as their errors say", "[long]") { check_scatter({}, 51); }

// Patterns of mean b overlap by b^2: the other P - 1 put a field of order b^3 P on every site, against a signal of 1.
// At b = 0.4 that is the end at P ~ 1/b^3 = 16 patterns, whatever N: far below 0.138 N.
TEST_CASE("biased patterns move the capacity", "[default]") {
  const auto retrieved = [](const char* bias) {
    const sweeps::Job job = sweeps::parse_job(
        fmt::format(
            "model.name = \"hopfield\"\ngrid = {{ N = 1000, alpha = 0.1, T = 0.0 }}\npatterns.bias = {}\n"
            "plan = {{ samples = 40, stop = \"fixed_point\" }}\nrandom.seed = 61\n",
            bias),
        "bias.toml", {}, {});
    const TemporaryDirectory directory;
    std::atomic<bool> never{false};
    const auto alone = sweeps::one_rank();
    sweeps::run(job, directory / "results", {.threads = 0, .is_quiet = true}, never, *alone);
    const sweeps::Loaded loaded = sweeps::load(directory / "results");
    for (const auto& e :
         analysis::compare(sweeps::result_table(loaded.job, loaded.points, loaded.records)).estimates)
      if (e.observable == "retrieved") return e;
    throw std::logic_error("retrieved was not measured");
  };
  const analysis::Estimate unbiased = retrieved("0.0"), biased = retrieved("0.4");
  CHECK(unbiased.mean > 0.9);
  CHECK(unbiased.mean - biased.mean > 4 * std::hypot(unbiased.error, biased.error));
}
