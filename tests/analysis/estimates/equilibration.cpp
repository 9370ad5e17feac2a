#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/disorder_average.hpp"
#include "analysis/estimates/synthetic_table.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

/// Sixteen samples whose disorder spread (1) hides the thermal noise (0.005) unless samples are paired.
store::ResultTable two_starts(double gap, double noise = 0.005) {
  tests::Random random{7};
  auto table = tests::empty_table({"energy_per_spin", "retrieval_overlap"});
  const auto cued = tests::add_point(table, 100, 0.1, 0.5, "cued");
  const auto chance = tests::add_point(table, 100, 0.1, 0.5, "random");
  const auto alone = tests::add_point(table, 100, 0.1, 0.6, "cued");
  std::vector<double> a, b;
  for (int s = 0; s < 16; ++s) {
    const double sample = tests::gaussian(random);
    a.push_back(sample + noise * tests::gaussian(random));
    b.push_back(sample + gap + noise * tests::gaussian(random));
  }
  tests::add_series(table, cued, 0, a, 0.01);
  tests::add_series(table, cued, 1, a, 0.01);
  tests::add_series(table, chance, 0, b, 0.01);
  tests::add_series(table, alone, 0, a, 0.01);
  return table;
}

std::vector<std::string> verdicts(const store::ResultTable& table) {
  auto estimates = disorder_average(table);
  judge_equilibration(table, estimates);
  std::vector<std::string> words;
  for (const auto& e : estimates) words.push_back(e.equilibrated);
  return words;
}

}  // namespace

TEST_CASE("two starts that agree are equilibrated, one start is not judged", "[estimates]") {
  CHECK(verdicts(two_starts(0)) == std::vector<std::string>{"yes", "yes", "yes", ""});
}

TEST_CASE("a gap far below the disorder spread is seen sample by sample", "[estimates]") {
  CHECK(verdicts(two_starts(0.05)) == std::vector<std::string>{"metastable", "metastable", "metastable", ""});
}

TEST_CASE("a difference that the errors may hide is no agreement", "[estimates]") {
  for (const double noise : {0.05, 0.5}) CHECK(verdicts(two_starts(0.01, noise))[0].empty());
  // An overlap of 0.42 +- 0.12 against 0: 3.6 standard errors are neither agreement nor proof.
  tests::Random random{8};
  auto table = tests::empty_table({"retrieval_overlap"});
  const auto cued = tests::add_point(table, 400, 0.08, 0.4, "cued");
  const auto chance = tests::add_point(table, 400, 0.08, 0.4, "random");
  std::vector<double> a, b;
  for (int s = 0; s < 16; ++s) {
    a.push_back(s < 7 ? 0.94 : 0.02);
    b.push_back(0.001 * tests::gaussian(random));
  }
  tests::add_series(table, cued, 0, a, 0.01);
  tests::add_series(table, chance, 0, b, 0.01);
  CHECK(verdicts(table) == std::vector<std::string>{"", ""});
}

TEST_CASE("chains of one start in two branches have not equilibrated", "[estimates]") {
  auto table = two_starts(0);
  auto estimates = disorder_average(table);
  estimates[0].is_mixture = true;
  judge_equilibration(table, estimates);
  CHECK(estimates[0].equilibrated == "no");
  CHECK(estimates[1].equilibrated == "no");
  CHECK(estimates[2].equilibrated == "yes");
}

TEST_CASE("few samples are judged by their thermal errors, or not at all", "[estimates]") {
  auto table = two_starts(0.05);
  for (auto& series : table.series) series.values.resize(2);
  CHECK(verdicts(table)[0] == "metastable");
  for (auto& series : table.series)
    for (auto& chain : series.values) chain.error_thermal = store::not_there;
  CHECK(verdicts(table)[0].empty());
}
