#include "analysis/estimates/jackknife.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_table.hpp"
#include "engine/error.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {
double variance(std::span<const double> m) { return m[1] - m[0] * m[0]; }
double ratio(std::span<const double> m) { return m[0] / m[1]; }
}  // namespace

TEST_CASE("the jackknife of a mean is the mean and its standard error", "[estimates]") {
  const std::vector<std::vector<double>> bins{{1, 2, 4, 9}};
  const auto j = jackknife(bins, [](auto m) { return m[0]; });
  CHECK(j.value == Approx(4));
  CHECK(j.bias == Approx(0).margin(1e-12));
  CHECK(j.error == Approx(std::sqrt(38.0 / 12)));
}

TEST_CASE("the bias correction makes a variance unbiased", "[estimates]") {
  const std::vector<std::vector<double>> bins{{1, 2, 4, 9}, {1, 4, 16, 81}};
  const auto j = jackknife(bins, variance);
  CHECK(j.value == Approx(38.0 / 3));
  CHECK(j.bias == Approx(-38.0 / 12));
}

TEST_CASE("too few bins and unequal lengths", "[estimates]") {
  CHECK(std::isnan(jackknife(std::vector<std::vector<double>>{{1.0}}, [](auto m) { return m[0]; }).error));
  const std::vector<std::vector<double>> unequal{{1, 2}, {1, 2, 3}};
  CHECK_THROWS_AS(jackknife(unequal, ratio), InputError);
}

TEST_CASE("jackknifed ratio and variance cover", "[estimates]") {
  tests::Random random{20261124};
  constexpr int trials = 3000, n = 100;
  tests::Coverage of_ratio{n - 1}, of_variance{n - 1};
  for (int t = 0; t < trials; ++t) {
    std::vector<std::vector<double>> x(2), y(2);
    for (int b = 0; b < n; ++b) {
      const double common = tests::gaussian(random), a = tests::gaussian(random), c = tests::gaussian(random);
      x[0].push_back(3 + common + a), x[1].push_back(5 + common + 0.5 * c);
      double first = 0, second = 0;  // a bin is a mean of many values: nearly Gaussian
      for (int k = 0; k < 8; ++k) {
        const double z = 2 + 1.5 * tests::gaussian(random);
        first += z / 8, second += z * z / 8;
      }
      y[0].push_back(first), y[1].push_back(second);
    }
    const auto r = jackknife(x, ratio), v = jackknife(y, variance);
    of_ratio.add(r.value, r.error, 0.6);
    of_variance.add(v.value, v.error, 2.25);
  }
  of_ratio.check();
  of_variance.check();
}

TEST_CASE("a derived row uses the samples that all its quantities have", "[estimates]") {
  auto table = tests::empty_table({"replica_overlap"});
  const auto p = tests::add_point(table, 100, 0.1, 0.5);
  table.series.push_back({p, 0, "2", {{0, -1, 2.0}, {1, -1, 4.0}, {2, -1, 6.0}}});
  table.series.push_back({p, 0, "4", {{1, -1, 1.0}, {2, -1, 3.0}, {3, -1, 100.0}}});
  const std::vector<std::pair<std::string, std::string>> names{{"replica_overlap", "2"},
                                                               {"replica_overlap", "4"}};
  const auto e = derived_estimate(table, p, names, "sum", [](auto m) { return m[0] + m[1]; });
  CHECK(e.observable == "sum");
  CHECK(e.samples == 2);
  CHECK(e.mean == Approx(7));
  CHECK(e.error == Approx(2));
  CHECK_THROWS_AS(derived_estimate(table, p, std::vector<std::pair<std::string, std::string>>{{"absent", ""}},
                                   "x", [](auto m) { return m[0]; }),
                  InputError);
}
