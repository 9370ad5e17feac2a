// Error bars of simulated chains at N = 10 hold the exact averages as often as they claim.
#include "analysis/estimates/coverage.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "analysis/compare.hpp"
#include "support/jobs.hpp"

using namespace mattis;

namespace {

using Truth = std::map<std::string, double>;  ///< by observable

constexpr const char* observables =
    "[\"energy_per_spin\", \"overlap_abs\", \"energy_variance\", \"specific_heat\", \"susceptibility\", "
    "\"binder\"]";

sweeps::Job job_of(const std::string& grid, int sweeps, int samples, int replicas, int seed,
                   std::shared_ptr<const PatternTable> table = nullptr) {
  return tests::job_of(
      fmt::format("[model]\nname = \"hopfield\"\n{}[grid]\n{}\n[plan]\nburn_in = {}\nsweeps = {}\n"
                  "samples = {}\nreplicas = {}\n[measure]\nobservables = {}\n[random]\nseed = {}\n",
                  table ? "[patterns]\nfile = \"two.npy\"\n" : "", grid, sweeps / 8, sweeps, samples,
                  replicas, observables, seed),
      std::move(table));
}

/// Every chain of a few samples, each with its own error bar, against the average of its sample.
void check_chains(const std::string& temperatures, int sweeps, int samples, int replicas) {
  const sweeps::Job job = job_of("N = 10\nP = 2\nT = " + temperatures, sweeps, samples, replicas, 20261124);
  const auto points = sweeps::points(job);
  const store::ResultTable measured = sweeps::result_table(job, points, tests::run_all(job));
  const store::ResultTable exact = sweeps::exact_table(job, points);
  REQUIRE(measured.series.size() == exact.series.size());
  for (std::size_t s = 0; s < exact.series.size(); ++s) {
    const store::Series &series = measured.series[s], &truth = exact.series[s];
    tests::Coverage coverage(31);
    for (const store::ChainValue& value : series.values)
      coverage.add(value.value, value.error_thermal,
                   truth.values.at(static_cast<std::size_t>(value.sample)).value);
    coverage.check(
        fmt::format("{}, T = {}", exact.observables[truth.observable].name, points[truth.point].temperature));
  }
}

}  // namespace

TEST_CASE("error bars of chains at N = 10 cover", "[default]") { check_chains("[0.6, 1.0]", 4096, 4, 500); }
