#include "analysis/theory/mixture.hpp"

#include "analysis/theory/field_average.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mattis::theory;

TEST_CASE("covariances: differences and remainders in factorised form") {
  const Mixture mixture{{{2, 0.3}, {4, 0.7}, {1, 0.2}}, 0.5, 4, 0.1};
  const auto xi = [](double q) { return 0.3 * q * q + 0.7 * std::pow(q, 4) + 0.2 * q; };
  const auto slope = [](double q) { return 0.6 * q + 2.8 * q * q * q + 0.2; };
  const double q1 = 0.8, q0 = 0.5, step = q1 - q0;
  CHECK(mixture.slope(q1) == Approx(slope(q1)));
  CHECK(mixture.curvature(q1) == Approx(0.6 + 8.4 * q1 * q1));
  CHECK(mixture.xi_step(q1, q0) == Approx(xi(q1) - xi(q0)));
  CHECK(mixture.slope_step(q1, q0) == Approx(slope(q1) - slope(q0)));
  CHECK(mixture.remainder(q1, q0) == Approx((step * slope(q1) - xi(q1) + xi(q0)) / (step * step)));
  CHECK(mixture.remainder_below(q1, q0) == Approx((xi(q1) - xi(q0) - step * slope(q0)) / (step * step)));
  CHECK(mixture.mean_field(0.9) == Approx(0.1 + 2 * std::pow(0.9, 3)));
}

TEST_CASE("dense memory, p = 4: f of one step is stationary at a solution of its conditions") {
  // distinct form at gamma = alpha p!/2: xi = gamma q^4 / 2, c = 1/2
  const double gamma = 0.45, t = 0.25;
  const Mixture mixture{{{4, gamma / 2}}, 0.5, 4, 0};
  const auto conditions = one_step_conditions(mixture);
  const auto unknowns = one_step_unknowns(mixture);
  REQUIRE(unknowns.size() == 4);
  const auto functional = [&](double m, double q0, double q1, double w) {
    const double r0 = mixture.slope(q0), step = mixture.slope_step(q1, q0), beta = 1 / t;
    const auto theta = [&](double q) { return q * mixture.slope(q) - mixture.xi_step(q, 0); };
    const auto mean = one_step_averages({mixture.mean_field(m), std::sqrt(r0), std::sqrt(step), w, t});
    return 1.5 * std::pow(m, 4) - beta / 2 * (1 - q1) * (1 - q1) * mixture.remainder_below(1, q1) +
           w / 2 * (theta(q1) - theta(q0)) - mean.log_moment;
  };
  // the conditions and the functional agree off the solution too: df/dw of one is the second of the other
  const TwoLevelField field{1.2, 0.5, 0.4, 1.1, t};
  const auto mean = one_step_averages(field);
  CHECK(conditions(field, mean).size() == 4);
  const double q0 = 0.6, q1 = 0.8, w = 1.1, m = 0.7, shift = 1e-4;
  const double r0 = mixture.slope(q0), step = mixture.slope_step(q1, q0);
  const auto at = one_step_averages({mixture.mean_field(m), std::sqrt(r0), std::sqrt(step), w, t});
  const double slope = (functional(m, q0, q1, w + shift) - functional(m, q0, q1, w - shift)) / (2 * shift);
  const auto theta = [&](double q) { return q * mixture.slope(q) - mixture.xi_step(q, 0); };
  CHECK(slope == Approx((theta(q1) - theta(q0)) / 2 - at.tilt_slope - step / 2).margin(1e-8));
}

TEST_CASE("dense memory, replica symmetric: on T = gamma the retrieval branch has m = q and u = -1/2") {
  const double t = 0.3;
  const Mixture mixture{{{4, t / 2}}, 0.5, 4, 0};
  double m = 1, q = 1;
  for (int k = 0; k < 400; ++k) {
    const auto mean = field_averages(mixture.mean_field(m) / t, std::sqrt(mixture.slope(q)) / t);
    m = mean.tanh;
    q = mean.tanh2;
  }
  CHECK(m > 0.5);
  CHECK(m == Approx(q).epsilon(1e-10));
  CHECK(symmetric_state(mixture, m, q, t).u == Approx(-0.5).epsilon(1e-10));
}
