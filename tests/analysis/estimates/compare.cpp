#include "analysis/compare.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_table.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

const std::vector<double> sizes{200, 400, 800, 1600};

/// Curves in T at two loads; all temperatures of one (N, alpha) share a disorder part larger than their own
/// noise.
store::ResultTable draw(tests::Random& random, int samples, int temperatures, double shift = 0,
                        const std::vector<double>& loads = {0.05, 0.1}) {
  auto table = tests::empty_table({"energy_per_spin"});
  for (const double N : sizes)
    for (const double alpha : loads) {
      std::vector<double> shared;
      for (int s = 0; s < samples; ++s) shared.push_back(tests::gaussian(random));
      for (int k = 0; k < temperatures; ++k) {
        const double T = 0.1 * (k + 1);
        const auto p = tests::add_point(table, N, alpha, T);
        std::vector<double> x;
        for (int s = 0; s < samples; ++s)
          x.push_back(-0.5 + T * T - alpha + shift / std::sqrt(N) - 2 / N +
                      (shared[static_cast<std::size_t>(s)] * (1 + T) + 0.5 * tests::gaussian(random)) /
                          std::sqrt(N));
        tests::add_series(table, p, 0, x, 0.1 / std::sqrt(N));
      }
    }
  return table;
}

std::optional<std::pair<double, std::string>> theory(const store::GridPoint& point, const std::string&,
                                                     const std::string&) {
  const double T = point.actual.at("T");
  return std::pair{-0.5 + T * T - point.actual.at("alpha_actual"), std::string{"rs"}};
}

}  // namespace

TEST_CASE("rows, curves and z of a comparison", "[estimates]") {
  tests::Random random{11};
  const auto table = draw(random, 40, 3);
  const auto c = compare(table, theory);
  CHECK(c.estimates.size() == 24 + 6 - c.rejected.size());
  CHECK(c.rejected.empty());
  REQUIRE(c.curves.size() == 5);  // four sizes and infinity
  for (const auto& curve : c.curves) {
    CHECK(curve.estimates.size() == 6);
    CHECK(curve.dof == 6);
    CHECK(curve.start == "cued");
    CHECK(curve.note.empty());
  }
  CHECK(c.curves.back().N == infinity);
  double largest = 0;
  for (const auto& e : c.estimates) {
    REQUIRE(e.z);
    CHECK(*e.z == Approx((e.mean - *e.theory) / e.error));
    if (e.point == no_point) largest = std::max(largest, std::abs(*e.z));
  }
  CHECK(c.largest_extrapolated_z().value() == largest);
}

TEST_CASE("without theory there are estimates and extrapolations, and no verdict", "[estimates]") {
  tests::Random random{12};
  const auto c = compare(draw(random, 40, 2));
  CHECK(c.estimates.size() + c.rejected.size() == 16 + 4);
  CHECK(c.curves.empty());
  CHECK_FALSE(c.largest_extrapolated_z());
  for (const auto& e : c.estimates) CHECK_FALSE(e.z);
}

namespace {

void check_curves(std::uint64_t seed, int experiments) {
  tests::Random random{seed};
  tests::Uniform finite, infinite, few;
  for (int t = 0; t < experiments; ++t) {
    // The 1/N term is part of theory here at finite N, so that both kinds of curve test a true hypothesis.
    const auto exact = [](const store::GridPoint& point, const std::string& o, const std::string& k) {
      auto value = theory(point, o, k);
      value->first -= 2 / point.actual.at("N");
      return value;
    };
    const auto c = compare(draw(random, 30, 4), exact);
    for (const auto& curve : c.curves) {
      if (curve.N == 800) finite.add(curve.p_value);
      if (curve.N == infinity && c.rejected.empty()) infinite.add(curve.p_value);
    }
    const auto scarce = compare(draw(random, 6, 5, 0, {0.1}), exact);
    for (const auto& curve : scarce.curves)
      if (curve.N == 800) {
        CHECK(curve.dof == 3);
        CHECK_FALSE(curve.note.empty());
        few.add(curve.p_value);
      }
  }
  finite.check();
  infinite.check();
  few.check();
}

}  // namespace

TEST_CASE("curves of correlated points have uniform p-values, at N and at infinity", "[estimates]") {
  check_curves(20261128, 400);
}

TEST_CASE("curves over thousands of experiments", "[estimates][default]") { check_curves(20261207, 6000); }

TEST_CASE("a common shift is one deviation, not one per temperature", "[estimates]") {
  tests::Random random{13};
  const auto c = compare(draw(random, 60, 5, 1.0), theory);
  for (const auto& curve : c.curves)
    if (curve.N == 1600) CHECK(curve.p_value < 1e-6);
}

TEST_CASE("one sample per point: thermal errors, no covariance", "[estimates]") {
  tests::Random random{14};
  const auto c = compare(draw(random, 1, 3), theory);
  for (const auto& curve : c.curves) {
    double sum = 0;
    for (const auto k : curve.estimates) sum += *c.estimates[k].z * *c.estimates[k].z;
    if (std::isfinite(curve.N)) CHECK(curve.chi_squared == Approx(sum));
  }
}

TEST_CASE("loads that round to one P are one point of the curve", "[estimates]") {
  tests::Random random{15};
  auto table = tests::empty_table({"energy_per_spin"});
  const auto a = tests::add_point(table, 100, 0.100, 0.5), b = tests::add_point(table, 100, 0.101, 0.5);
  std::vector<double> x;
  for (int s = 0; s < 20; ++s) x.push_back(tests::gaussian(random));
  tests::add_series(table, a, 0, x, 0.1);
  tests::add_series(table, b, 0, x, 0.1);
  const auto c = compare(table, theory);
  REQUIRE(c.curves.size() == 1);
  CHECK(c.curves[0].dof == 1);
  CHECK(c.curves[0].note.empty());
}

TEST_CASE("samples missing here and there leave a verdict", "[estimates]") {
  tests::Random random{16};
  auto table = draw(random, 12, 5, 0, {0.1});
  for (std::size_t k = 0; k < table.series.size(); ++k) {
    auto& values = table.series[k].values;
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(k % 5),
                 values.begin() + static_cast<std::ptrdiff_t>(k % 5 + 2));
  }
  for (const auto& curve : compare(table, theory).curves) CHECK(curve.p_value >= 0);
}

TEST_CASE("a bound has no z and fails no requirement", "[estimates]") {
  CHECK(is_bound("1rsb (bound)"));
  CHECK_FALSE(is_bound("1rsb"));
  tests::Random random{41};
  auto table = tests::empty_table({"energy_per_spin"});
  for (const double N : {100.0, 200.0, 400.0}) {
    std::vector<double> x;
    for (int s = 0; s < 20; ++s) x.push_back(-0.5 + 0.01 * tests::gaussian(random));
    tests::add_series(table, tests::add_point(table, N, 0.1, 0.3, "random"), 0, x);
  }
  const auto below = [](const store::GridPoint&, const std::string&, const std::string&) {
    return std::optional{std::pair{-0.6, std::string("1rsb (bound)")}};
  };
  const auto c = compare(table, below);
  REQUIRE(c.estimates.size() == 4);
  for (const auto& e : c.estimates) {
    CHECK(e.theory == -0.6);
    CHECK_FALSE(e.z);
  }
  CHECK_FALSE(c.largest_extrapolated_z());
  CHECK(c.curves.empty());
}
