#include "analysis/estimates/branches.hpp"

#include "analysis/compare.hpp"
#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/disorder_average.hpp"
#include "analysis/estimates/synthetic_table.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

/// Overlaps of `chains` chains around `centre`, scattered by c/sqrt(N); the first `strayed` of them around 0.35.
std::vector<double> overlaps(tests::Random& random, double N, int chains, int strayed, double centre,
                             double c) {
  std::vector<double> all;
  for (int k = 0; k < chains; ++k)
    all.push_back((k < strayed ? 0.35 + 2 * tests::gaussian(random) / std::sqrt(N)
                               : centre + c * tests::gaussian(random) / std::sqrt(N)));
  return all;
}

/// 0 energy_per_spin, 1 retrieval_overlap, 2 retrieved, 3 sorted_overlap, 4 two_cycle at three sizes; no theory.
store::ResultTable three_sizes(int strayed, bool has_overlap = true) {
  tests::Random random{91};
  auto table = tests::empty_table(
      {"energy_per_spin", "retrieval_overlap", "retrieved", "sorted_overlap", "two_cycle"});
  for (const double N : {200.0, 400.0, 800.0}) {
    const auto p = tests::add_point(table, N, 0.15, 0);
    table.points[p].actual["start_overlap"] = 1;
    const auto m = overlaps(random, N, 40, strayed, 0.96, 0.3);
    std::vector<double> e, retrieved;
    for (const double x : m) {
      e.push_back(-0.5 + 0.02 * x + 0.01 * tests::gaussian(random));
      retrieved.push_back(x > 0.9 ? 1 : 0);
    }
    tests::add_series(table, p, 0, e);
    if (has_overlap) tests::add_series(table, p, 1, m);
    if (has_overlap) tests::add_series(table, p, 2, retrieved, store::not_there);
  }
  return table;
}

}  // namespace

TEST_CASE("means over chains of two branches are not extrapolated, without any theory", "[estimates]") {
  const auto mixed = compare(three_sizes(6));
  REQUIRE(mixed.rejected.size() == 2);  // energy and overlap; the retrieved fraction is what it is
  for (const auto& fit : mixed.rejected)
    CHECK(fit.reason.find("6 of 40 chains lie in another branch") != std::string::npos);
  for (const auto& e : mixed.estimates) {
    CHECK(e.point != no_point);
    CHECK(e.is_mixture == (e.observable != "retrieved"));
  }
  const auto pure = compare(three_sizes(0));
  CHECK(pure.rejected.empty());
  CHECK(pure.estimates.back().point == no_point);
}

TEST_CASE("cued chains of which no overlap is known are not said to keep to one branch", "[estimates]") {
  auto table = three_sizes(6, false);
  const auto blind = compare(table);
  REQUIRE(blind.rejected.size() == 1);
  CHECK(blind.rejected[0].reason.find("no overlap is measured") != std::string::npos);
  for (auto& point : table.points) point.actual.erase("start_overlap");  // a random start was put nowhere
  CHECK(compare(table).rejected.empty());
}

TEST_CASE("chains in cycles of length two are not averaged with fixed points", "[estimates]") {
  auto table = three_sizes(0);
  std::vector<double> cycles(40, 0.0);
  cycles[7] = 1;
  tests::add_series(table, 2, 4, cycles, store::not_there);
  const auto c = compare(table);
  REQUIRE(c.rejected.size() == 2);
  CHECK(c.rejected[0].reason == "N = 800: 1 of 40 chains ended in a cycle of length two");
}

TEST_CASE("which pattern is retrieved does not matter for the energy", "[estimates]") {
  auto table = three_sizes(6);
  for (std::size_t p = 0; p < 3; ++p) tests::add_series(table, p, 3, std::vector<double>(40, 0.96), 0, "0");
  for (const auto& fit : compare(table).rejected) CHECK(fit.observable == "retrieval_overlap");
}

TEST_CASE("one branch is not taken for two", "[estimates]") {
  tests::Random random{20261201};
  const auto alarms = [&](int chains, double centre, double c) {
    constexpr int trials = 20000;
    int count = 0;
    for (int t = 0; t < trials; ++t) {
      auto x = overlaps(random, 1000, chains, 0, centre, c);
      for (double& value : x) value = std::abs(value);
      count += two_branches(x, 1000).has_value();
    }
    return static_cast<double>(count) / trials;
  };
  const double four_sigma = 4 * std::sqrt(1e-3 / 20000);
  for (const int chains : {8, 16, 48}) {
    CHECK(alarms(chains, 0, 2.5) < 1e-3 + four_sigma);
    CHECK(alarms(chains, 0.9, 1) == 0);
  }
}

TEST_CASE("a single chain in another branch is seen, scatter of fixed points is not one", "[estimates]") {
  tests::Random random{17};
  const auto found = two_branches(overlaps(random, 1000, 40, 1, 0.97, 0.5), 1000);
  REQUIRE(found);
  CHECK(found->minority == 1);
  CHECK(found->gap == Approx(0.62).margin(0.2));
  std::vector<double> steps(40, 1.0);
  steps[0] = steps[1] = 0.998;  // one wrong spin of 1000
  CHECK_FALSE(two_branches(steps, 1000));
  CHECK_FALSE(two_branches(std::vector<double>{0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9}, 1000));  // too few
}
