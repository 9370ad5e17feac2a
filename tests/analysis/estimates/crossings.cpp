#include "analysis/estimates/crossings.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_fractions.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

/// A curve Phi((half - alpha)/width) known to 1/sqrt(weight) in probit, around its half point.
SizedCurve exact(double N, double half, double width, double weight) {
  SizedCurve c{N, {}};
  c.curve.origin = half + 0.002;  // each size has its own
  c.curve.b1 = -1 / width;
  c.curve.b0 = c.curve.b1 * 0.002;
  c.curve.covariance = {1 / weight, 0.3 / (weight * width), 1 / (weight * width * width)};
  c.curve.lowest_measured = 0.1, c.curve.highest_measured = 0.18;
  c.curve.converged = true;
  return c;
}

}  // namespace

TEST_CASE("curves that meet in one point, by hand", "[estimates]") {
  std::vector<SizedCurve> curves;
  for (const double N : {100.0, 200.0, 400.0, 900.0})
    curves.push_back(exact(N, 0.138 + 0.1 / std::sqrt(N), 0.3 / std::sqrt(N), 500));
  const auto crossings = find_crossings(curves);
  REQUIRE(crossings.size() == 3);
  for (const auto& x : crossings) {
    CHECK(x.load == Approx(0.138).epsilon(1e-12));
    CHECK(x.fraction == Approx(gsl_cdf_ugaussian_P(1.0 / 3)));
  }
  const auto fit = fit_crossings(curves, 0);
  REQUIRE(fit.converged);
  CHECK(fit.load == Approx(0.138).epsilon(1e-9));
  CHECK(fit.quality.value == Approx(0).margin(1e-9));
  CHECK(fit.quality.dof == 2);
  for (const auto& x : crossings) CHECK(fit.error < x.error);
}

TEST_CASE("one pair: the fit is the crossing, and the error the linear one", "[estimates]") {
  const std::vector<SizedCurve> curves{exact(250, 0.141, 0.02, 2000), exact(1000, 0.139, 0.01, 1500)};
  const auto crossing = find_crossings(curves).at(0);
  const auto fit = fit_crossings(curves, 0);
  REQUIRE(fit.converged);
  CHECK(fit.load == Approx(crossing.load).epsilon(1e-9));
  CHECK(fit.error == Approx(crossing.error).epsilon(1e-6));
  CHECK(fit.quality.dof == 0);
  CHECK(std::isnan(fit.quality.p_value));
  const auto drift = fit_crossings(curves, 1);
  CHECK_FALSE(drift.converged);
  CHECK(drift.reason == "2 sizes have a fitted curve, 3 are needed");
}

TEST_CASE("a drift is found with its exponent given", "[estimates]") {
  std::vector<SizedCurve> curves;
  for (const double N : {100.0, 200.0, 400.0, 800.0})
    curves.push_back(exact(N, 0.138 + 0.4 / N, 0.3 / std::sqrt(N), 5000));
  const auto fit = fit_crossings(curves, 1);
  REQUIRE(fit.converged);
  CHECK(fit.load == Approx(0.138).epsilon(1e-8));
  CHECK(fit.amplitudes.at(0) == Approx(-0.4).epsilon(1e-6));  // alpha_c - a / sqrt(N N')
}

TEST_CASE("the statement of one crossing is standard normal however close the slopes", "[estimates]") {
  tests::Random random{20261203};
  tests::Pulls pulls;
  for (int t = 0; t < 500; ++t) {
    const auto a = fit_fraction_curve(tests::draw_fractions(random, 0.1443, 0.0190, 100, 1), 0.05, 0.95);
    const auto b = fit_fraction_curve(tests::draw_fractions(random, 0.1425, 0.0134, 100, 1), 0.05, 0.95);
    const double meet = 0.1443 - 0.019 * (0.1443 - 0.1425) / (0.019 - 0.0134);
    pulls.add(a.probit(meet) - b.probit(meet),
              std::sqrt(a.covariance_at(meet, meet) + b.covariance_at(meet, meet)), 0);
  }
  pulls.check();
}

TEST_CASE("a pair that meets outside the measured loads is shown without a load, and fitted like all others",
          "[estimates]") {
  std::vector<SizedCurve> curves;
  for (const double N : {100.0, 200.0, 400.0, 900.0})
    curves.push_back(exact(N, 0.138 + 0.1 / std::sqrt(N), 0.3 / std::sqrt(N), 500));
  const auto everywhere = fit_crossings(curves, 0);
  curves[1].curve.lowest_measured = 0.14;  // the first two pairs
  auto crossings = find_crossings(curves);
  for (const std::size_t k : {0u, 1u}) {
    CHECK_FALSE(crossings[k].converged);
    CHECK(std::isnan(crossings[k].load));
    CHECK(std::isnan(crossings[k].error));
    CHECK(crossings[k].reason.find("meet at 0.138, outside") != std::string::npos);
    CHECK(crossings[k].reason.find("0.14 to 0.18") != std::string::npos);
  }
  REQUIRE(crossings[2].converged);
  const auto fit = fit_crossings(curves, 0);
  REQUIRE(fit.converged);
  CHECK(fit.load == Approx(everywhere.load).epsilon(1e-12));
  CHECK(fit.error == Approx(everywhere.error).epsilon(1e-12));
  CHECK(fit.quality.dof == 2);
  curves[3].curve.lowest_measured = 0.14;  // of the largest pair
  const auto beyond = fit_crossings(curves, 0);
  CHECK_FALSE(beyond.converged);
  CHECK(beyond.reason ==
        "the curves meet at 0.138, outside the loads measured at the two largest sizes, 0.14 to 0.18");
}

TEST_CASE("parallel curves meet anywhere, and the fit says so", "[estimates]") {
  tests::Random random{21};
  std::vector<SizedCurve> curves;
  for (const double N : {500.0, 1000.0, 2000.0})
    curves.push_back({N, fit_fraction_curve(tests::draw_fractions(random, 0.14, 0.01, 50, 1), 0.05, 0.95)});
  const auto fit = fit_crossings(curves, 0);
  CHECK_FALSE(fit.converged);
  CHECK(fit.reason.find("parallel") != std::string::npos);
  for (const auto& x : find_crossings(curves)) {
    CHECK(x.slope_difference_z < 4);
    if (x.converged) CHECK(x.error > 3 * curves[0].curve.error_at(0.5));
  }
  CHECK_FALSE(fit_crossings({}, 0).converged);
}
