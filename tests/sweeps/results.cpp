// From records to tables: every chain in its place, what is missing absent, what was lost left out.
#include "sweeps/results.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "support/jobs.hpp"

using namespace mattis;

namespace {

const store::Series* find(const store::ResultTable& table, std::size_t point, const std::string& observable,
                          const std::string& component = "") {
  for (const auto& series : table.series)
    if (series.point == point && table.observables[series.observable].name == observable &&
        series.component == component)
      return &series;
  return nullptr;
}

store::ResultTable table_of(const sweeps::Job& job, const sweeps::Records& records) {
  return sweeps::result_table(job, sweeps::points(job), records);
}

const std::string text = R"(
model.name = "hopfield"
grid = { N = 10, P = 2, T = [0.4, 1.0] }
plan = { sweeps = 50, samples = 3, replicas = 2 }
)";

}  // namespace

TEST_CASE("a table holds every chain by sample and replica, pairs as replica -1") {
  const sweeps::Job job = tests::job_of(text);
  const auto table = table_of(job, tests::run_all(job));
  REQUIRE(table.points.size() == 2);
  for (std::size_t p = 0; p < 2; ++p) {
    const auto* energy = find(table, p, "energy_per_spin");
    REQUIRE(energy);
    REQUIRE(energy->values.size() == 6);
    for (int k = 0; k < 6; ++k) {
      CHECK(energy->values[static_cast<std::size_t>(k)].sample == k / 2);
      CHECK(energy->values[static_cast<std::size_t>(k)].replica == k % 2);
    }
    const auto* q = find(table, p, "replica_overlap", "2");
    REQUIRE(q);
    REQUIRE(q->values.size() == 3);
    CHECK(q->values.front().replica == -1);
    CHECK(find(table, p, "sorted_overlap", "1"));
    CHECK_FALSE(find(table, p, "sorted_overlap", "2"));  // two patterns, two ranks
  }
}

TEST_CASE("chains that are not there, or not finished, are absent") {
  const sweeps::Job job = tests::job_of(text);
  sweeps::Records records = tests::run_all(job);
  const auto points = sweeps::points(job);
  records.erase(points[0].record_key(job.seed, 1, 0, 2));
  records.at(points[0].record_key(job.seed, 2, 1, 2)).sweeps_done = 49;
  const auto table = table_of(job, records);
  CHECK(find(table, 0, "energy_per_spin")->values.size() == 2);
  CHECK(find(table, 0, "energy_per_spin")->values.front().sample == 0);
  CHECK(find(table, 1, "energy_per_spin")->values.size() == 6);
  CHECK(table_of(job, {}).series.empty());
}

TEST_CASE("under condition = retained, chains that lost the memory speak of the loss alone") {
  const sweeps::Job job = tests::job_of(R"(
model.name = "hopfield"
grid = { N = 30, P = 4, T = 0.75 }
plan = { sweeps = 40, samples = 40 }
measure = { condition = "retained", observables = ["energy_per_spin", "retrieved", "retrieval_lost"] }
)");
  const auto table = table_of(job, tests::run_all(job));
  const auto *energy = find(table, 0, "energy_per_spin"), *lost = find(table, 0, "retrieval_lost", "40"),
             *retrieved = find(table, 0, "retrieved");
  REQUIRE((energy && lost && retrieved));
  int number_lost = 0;
  for (const auto& value : lost->values) number_lost += value.value == 1;
  CHECK(number_lost > 0);
  CHECK(lost->values.size() == 40);
  CHECK(retrieved->values.size() == 40);
  CHECK(energy->left_out == number_lost);
  CHECK(energy->values.size() == 40 - static_cast<std::size_t>(number_lost));
}

TEST_CASE("loads that round to one P have the same values") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"hopfield\"\ngrid = { N = 12, alpha = [0.25, 0.26], T = 1.0 }\nplan.samples = 2");
  for (const auto& table :
       {table_of(job, tests::run_all(job)), sweeps::exact_table(job, sweeps::points(job))}) {
    const auto *a = find(table, 0, "energy_per_spin"), *b = find(table, 1, "energy_per_spin");
    REQUIRE((a && b && !a->values.empty()));
    REQUIRE(a->values.size() == b->values.size());
    for (std::size_t k = 0; k < a->values.size(); ++k) CHECK(a->values[k].value == b->values[k].value);
  }
}

TEST_CASE("one pattern enumerated is the Curie-Weiss magnet") {
  const sweeps::Job job =
      tests::job_of("model.name = \"hopfield\"\ngrid = { N = 10, P = 1, T = 0.7 }\nplan.samples = 2\n");
  double z = 0, e = 0;
  for (int k = 0; k <= 10; ++k) {
    const double energy = -(std::pow(2 * k - 10, 2) - 10) / 20;
    const double w = std::exp(std::lgamma(11) - std::lgamma(k + 1) - std::lgamma(11 - k) - energy / 0.7);
    z += w, e += w * energy / 10;
  }
  const auto table = sweeps::exact_table(job, sweeps::points(job));
  for (const auto& value : find(table, 0, "energy_per_spin")->values) {
    CHECK(value.value == Approx(e / z).epsilon(1e-12));
    CHECK(value.error_thermal == 0);
  }
}

TEST_CASE("more than 24 spins are refused at the place of N") {
  const sweeps::Job job = tests::job_of("model.name = \"hopfield\"\n[grid]\nN = 25\nP = 1\nT = 1.0\n");
  CHECK_THROWS_WITH(sweeps::exact_table(job, sweeps::points(job)),
                    Catch::Matchers::Contains("job.toml:3:5") && Catch::Matchers::Contains("up to 24"));
}
