// The Sherrington-Kirkpatrick model where replica symmetry is exact, and the identity that holds at every size.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "support/temporary_directory.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"
#include "sweeps/theory_of.hpp"

using namespace mattis;

namespace {

struct Finished {
  sweeps::Job job;
  store::ResultTable table;
};

Finished simulate(const std::string& grid, int samples, int burn_in, int sweeps_, const char* seed) {
  const sweeps::Job job =
      sweeps::parse_job(fmt::format("model.name = \"sk\"\ngrid = {}\nplan = {{ burn_in = {}, sweeps = {}, "
                                    "samples = {}, replicas = 2 }}\n"
                                    "measure.observables = [\"energy_per_spin\", \"magnetisation\", "
                                    "\"replica_overlap\"]\nrandom.seed = {}\n",
                                    grid, burn_in, sweeps_, samples, seed),
                        "sk.toml", {}, {});
  const TemporaryDirectory directory;
  std::atomic<bool> never{false};
  const auto alone = sweeps::one_rank();
  sweeps::run(job, directory / "results", {.threads = 0, .is_quiet = true}, never, *alone);
  const sweeps::Loaded loaded = sweeps::load(directory / "results");
  return {job, sweeps::result_table(loaded.job, loaded.points, loaded.records)};
}

/// At T = 1.2, h = 0: u = -1/(2T), extrapolated in N.
void check_energy(const std::string& sizes, int samples, int sweeps_) {
  const Finished run =
      simulate(fmt::format("{{ N = {}, T = 1.2 }}", sizes), samples, 200, sweeps_, "19750601");
  bool found = false;
  for (const auto& e : analysis::compare(run.table, sweeps::theory_of(run.job)).estimates) {
    if (e.point != analysis::no_point || e.observable != "energy_per_spin") continue;
    found = true;
    REQUIRE(e.theory);
    CHECK(*e.theory == Approx(-1 / 2.4).margin(1e-12));
    const double z = (e.mean + 1 / 2.4) / e.error;
    WARN(fmt::format("u = {:.5f} +- {:.5f}, z = {:+.2f}", e.mean, e.error, z));
    CHECK(e.error < 0.001);
    CHECK(std::abs(z) < 3);
  }
  CHECK(found);
}

/// u + (1/2T)(1 - <q^2>) + h <M>: zero on the average over disorder, at every N, in equilibrium (Gaussian integration by
/// parts). Each sample gives one number; their spread is the error.
void check_identity(const std::string& grid, int samples, int burn_in, int sweeps_) {
  const Finished run = simulate(grid, samples, burn_in, sweeps_, "19750602");
  for (std::size_t p = 0; p < run.table.points.size(); ++p) {
    const auto& actual = run.table.points[p].actual;
    const double temperature = actual.at("T"), field = actual.at("h");
    std::map<int, double> sums;
    for (const store::Series& series : run.table.series) {
      if (series.point != p) continue;
      const std::string& name = run.table.observables[series.observable].name;
      for (const store::ChainValue& chain : series.values) {
        if (name == "energy_per_spin") sums[chain.sample] += chain.value / 2;
        if (name == "magnetisation") sums[chain.sample] += field * chain.value / 2;
        if (name == "replica_overlap" && series.component == "2")
          sums[chain.sample] += (1 - chain.value) / (2 * temperature);
      }
    }
    REQUIRE(static_cast<int>(sums.size()) == samples);
    double mean = 0, square = 0;
    for (const auto& [sample, sum] : sums) mean += sum / samples;
    for (const auto& [sample, sum] : sums) square += (sum - mean) * (sum - mean);
    const double error = std::sqrt(square / (samples - 1.0) / samples);
    WARN(fmt::format("N = {}, T = {}, h = {}: u + (1 - <q^2>)/2T + hM = {:+.5f} +- {:.5f}, z = {:+.2f}",
                     actual.at("N"), temperature, field, mean, error, mean / error));
    CHECK(std::abs(mean) < 4 * error);
  }
}

}  // namespace

TEST_CASE("SK above its transition: the energy extrapolates to -1/2T", "[default]") {
  check_energy("[256, 512, 1024, 2048]", 64, 600);
}

TEST_CASE("SK above its transition: the energy extrapolates to -1/2T, large sizes", "[long]") {
  check_energy("[512, 1024, 2048, 4096]", 200, 2000);
}

TEST_CASE("SK: u = -(1 - <q^2>)/2T - hM at every size", "[default]") {
  check_identity("{ N = [32, 96], T = [0.8, 1.0, 1.5], h = [0.0, 0.4] }", 200, 2000, 4000);
}

TEST_CASE("SK: u = -(1 - <q^2>)/2T - hM at every size, deep and large", "[long]") {
  check_identity("{ N = [64, 256], T = [0.6, 0.8, 1.0, 1.5], h = [0.0, 0.2, 0.8] }", 500, 20000, 40000);
}
