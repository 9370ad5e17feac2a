#include "analysis/estimates/fraction_curve.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_fractions.hpp"

using namespace mattis;
using namespace mattis::analysis;

TEST_CASE("a curve through its own fractions is found again", "[estimates]") {
  std::vector<FractionAtLoad> data;
  for (int i = 0; i < 13; ++i) {
    const double load = 0.12 + 0.003 * i, f = gsl_cdf_ugaussian_P((0.141 - load) / 0.008);
    data.push_back({load, f, f * (1 - f) * 50 / 49, 50});
  }
  const auto curve = fit_fraction_curve(data, 0.05, 0.95);
  REQUIRE(curve.converged);
  CHECK(curve.load_at(0.5) == Approx(0.141).epsilon(1e-9));
  CHECK(curve.width() == Approx(0.008).epsilon(1e-8));
  CHECK(curve.load_at(gsl_cdf_ugaussian_P(1)) == Approx(0.133).epsilon(1e-9));
  CHECK(curve.overdispersion == Approx(1));
  CHECK(curve.quality.value == Approx(0).margin(1e-12));
  CHECK(curve.loads == 9);  // |load - 0.141| <= 1.645 * 0.008: 0.129 ... 0.153
  CHECK(curve.quality.dof == curve.loads - 2);
  CHECK(curve.error_at(0.5) < curve.error_at(0.9));
}

TEST_CASE("a step between two loads has no width", "[estimates]") {
  std::vector<FractionAtLoad> data{{0.1, 1, 0, 20}, {0.12, 1, 0, 20}, {0.14, 0, 0, 20}, {0.16, 0, 0, 20}};
  CHECK_FALSE(fit_fraction_curve(data, 0.05, 0.95).converged);
  data[1].fraction = 0.5;
  const auto curve = fit_fraction_curve(data, 0.05, 0.95);
  CHECK_FALSE(curve.converged);
  CHECK_FALSE(curve.reason.empty());
  CHECK_FALSE(fit_fraction_curve({}, 0.05, 0.95).converged);
}

TEST_CASE("a fraction that rises is no capacity", "[estimates]") {
  const std::vector<FractionAtLoad> data{{0.1, 0.2, 0.16, 20}, {0.12, 0.5, 0.25, 20}, {0.14, 0.8, 0.16, 20}};
  const auto curve = fit_fraction_curve(data, 0, 1);
  CHECK_FALSE(curve.converged);
  CHECK(curve.reason.find("fall") != std::string::npos);
}

TEST_CASE("half point, width and goodness of fit of drawn fractions", "[estimates]") {
  tests::Random random{20261129};
  tests::Pulls half, high, width;
  tests::Uniform uniform;
  for (int t = 0; t < 500; ++t) {
    const auto data = tests::draw_fractions(random, 0.141, 0.008, 100, 1);
    const auto curve = fit_fraction_curve(data, 0.1, 0.9);
    REQUIRE(curve.converged);
    CHECK(curve.overdispersion == Approx(1));
    half.add(curve.load_at(0.5), curve.error_at(0.5), 0.141);
    high.add(curve.load_at(gsl_cdf_ugaussian_P(1)), curve.error_at(gsl_cdf_ugaussian_P(1)), 0.133);
    width.add(1 / curve.width(), curve.width_error() / std::pow(curve.width(), 2), 125);
    uniform.add(curve.quality.p_value);
  }
  half.check();
  high.check();
  width.check();
  uniform.check();
}

TEST_CASE("replicas of one sample are not independent, and the error knows", "[estimates]") {
  tests::Random random{20261130};
  tests::Pulls independent, agreeing;
  double phi = 0;
  for (int t = 0; t < 400; ++t) {
    const auto loose =
        fit_fraction_curve(tests::draw_fractions(random, 0.141, 0.008, 60, 4, false), 0.05, 0.95);
    const auto tied =
        fit_fraction_curve(tests::draw_fractions(random, 0.141, 0.008, 60, 4, true), 0.05, 0.95);
    REQUIRE((loose.converged && tied.converged));
    phi += loose.overdispersion / 400;
    CHECK(tied.overdispersion == Approx(1));
    independent.add(loose.load_at(0.5), loose.error_at(0.5), 0.141);
    agreeing.add(tied.load_at(0.5), tied.error_at(0.5), 0.141);
  }
  CHECK(phi == Approx(0.25).margin(0.005));
  independent.check();
  agreeing.check();
}
