// Chains sample exp(-H/T)/Z: what run prints against what exact prints, for all dynamics and kinds of patterns.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "engine/enumeration.hpp"
#include "support/jobs.hpp"
#include "support/patterns.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

struct Patterns {
  std::string section, sizes;
  std::shared_ptr<const PatternTable> table;
};

/// Random, biased, the user's own, and the user's own with zeros.
std::vector<Patterns> all_patterns(const std::string& sizes) {
  return {{"", sizes, nullptr},
          {"[patterns]\nbias = 0.4\n", sizes, nullptr},
          {"[patterns]\nfile = \"own.npy\"\n", "P = 3",
           std::make_shared<PatternTable>(tests::random_table(3, 11, 0, 61))},
          {"[patterns]\nfile = \"diluted.npy\"\n", "P = 4",
           std::make_shared<PatternTable>(tests::random_table(4, 10, 0.3, 62))}};
}

sweeps::Job gibbs_job(const Patterns& patterns, const std::string& rule, const std::string& order,
                      const std::string& temperatures, const std::string& plan) {
  return tests::job_of("[model]\nname = \"hopfield\"\n" + patterns.section + "[grid]\n" + patterns.sizes +
                           "\nT = " + temperatures + "\n[dynamics]\nkind = \"" + rule + "\"\norder = \"" +
                           order + "\"\n[plan]\nburn_in = 1000\n" + plan +
                           "replicas = 2\n[measure]\npatterns = [1]\nobservables = [\"energy_per_spin\", "
                           "\"energy_variance\", \"overlap_abs\", \"overlap_squared\", \"replica_overlap\"]\n"
                           "[random]\nseed = 20261125\n",
                       patterns.table);
}

/// (max H - min H)/N of a sample.
double energy_range(const sweeps::Job& job, const sweeps::Point& point, int sample) {
  RngStream random(point.disorder_stream(job.seed, sample));
  const auto disorder = job.model->draw(point.actual, job.ensembles[point.ensemble], random);
  const auto energy = disorder->reference_energy();
  double low = INFINITY, high = -INFINITY;
  for (std::uint64_t state = 0; state < std::uint64_t{1} << point.num_spins(); ++state) {
    const double e = energy(unpacked({&state, 1}, point.num_spins()));
    low = std::min(low, e), high = std::max(high, e);
  }
  return (high - low) / point.num_spins();
}

/// Overlaps and their squares lie in [0, 1]; the variance of what lies in an interval is at most a quarter of its square.
double range_of(const std::string& observable, double energies) {
  if (observable == "energy_per_spin") return energies;
  if (observable == "energy_variance") return energies * energies / 4;
  return 1;
}

/// Each series (one point and component) over its samples and replicas, whose thermal errors are independent.
void check_against_enumeration(const sweeps::Job& job) {
  const auto points = sweeps::points(job);
  const store::ResultTable measured = sweeps::result_table(job, points, tests::run_all(job));
  const store::ResultTable exact = sweeps::exact_table(job, points);
  REQUIRE(measured.series.size() == exact.series.size());
  std::map<std::string, double> ranges;
  for (std::size_t s = 0; s < exact.series.size(); ++s) {
    const store::Series &series = measured.series[s], &truth = exact.series[s];
    REQUIRE((series.point == truth.point && series.observable == truth.observable &&
             series.component == truth.component));
    const std::string observable = exact.observables[truth.observable].name;
    if (observable == "replica_overlap" && truth.component != "2") continue;
    double difference = 0, variance = 0, energies = INFINITY;
    for (const store::ChainValue& value : series.values) {
      difference += value.value - truth.values.at(static_cast<std::size_t>(value.sample)).value;
      variance += value.error_thermal * value.error_thermal;
      const sweeps::Point& point = points[truth.point];
      const auto key = point.disorder_name + std::to_string(value.sample);
      if (ranges.find(key) == ranges.end()) ranges[key] = energy_range(job, point, value.sample);
      energies = std::min(energies, ranges[key]);
    }
    const auto n = static_cast<double>(series.values.size());
    const double error = std::sqrt(variance) / n;
    INFO(observable << " " << truth.component << " at N = " << points[truth.point].num_spins() << ", T = "
                    << points[truth.point].temperature << ": " << difference / n << " +- " << error);
    REQUIRE(series.values.size() >= static_cast<std::size_t>(job.samples));
    CHECK(std::abs(difference / n) < tests::significant * error);
    CHECK(error < 0.01 * range_of(observable, energies));
  }
}

void check_all(const std::string& sizes, const std::string& temperatures, const std::string& plan) {
  for (const Patterns& patterns : all_patterns(sizes))
    for (const char* rule : {"glauber", "metropolis"})
      for (const char* order : {"sequential", "random", "permutation"}) {
        INFO(rule << ", " << order << ", " << patterns.section);
        check_against_enumeration(gibbs_job(patterns, rule, order, temperatures, plan));
      }
}

}  // namespace

TEST_CASE("chains sample the Gibbs measure at N = 8") {
  check_all("N = 8\nP = 3", "[0.5, 1.2]", "sweeps = 30000\nsamples = 1\n");
}

TEST_CASE("chains sample the Gibbs measure at N = 8, 11, 14", "[default]") {
  check_all("N = [8, 11, 14]\nP = [2, 5]", "[0.35, 0.6, 1.0, 2.0]", "sweeps = 40000\nsamples = 2\n");
}
