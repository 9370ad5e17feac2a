#include "analysis/theory/hopfield_rs_lines.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/hopfield_rs.hpp"

using namespace mattis::theory;

TEST_CASE("capacity at T = 0: 0.137906, m = 0.967417, equal energies at 0.0519") {
  const auto capacity = hopfield_rs_capacity(0);
  CHECK(capacity.converged);
  CHECK(std::abs(*capacity.alpha_c - 0.137906) < 5e-7);
  CHECK(std::abs(*capacity.m - 0.967417) < 5e-7);
  CHECK(std::abs(*capacity.alpha_thermo - 0.0519) < 5e-5);
  // the maximum of (1/2)[erf(y)/y - (2/sqrt pi) e^{-y^2}]^2 by plain search
  double best = 0;
  for (double y = 1; y < 2; y += 1e-5)
    best = std::max(best,
                    0.5 * std::pow(std::erf(y) / y - 2 / std::sqrt(std::acos(-1.0)) * std::exp(-y * y), 2));
  CHECK(*capacity.alpha_c == Approx(best).margin(1e-10));
}

TEST_CASE("capacity at T > 0 ends at T = 1 and re-enters at low T up to 0.138189 at T = 0.023") {
  CHECK(std::abs(*hopfield_rs_capacity(0.023).alpha_c - 0.138189) < 1e-6);
  CHECK_FALSE(hopfield_rs_capacity(1).alpha_c.has_value());
  CHECK(hopfield_rs_capacity(1e-9).alpha_c == Approx(*hopfield_rs_capacity(0).alpha_c).margin(1e-8));
  // near T = 1: alpha = 4 s (1-s)^2 (1-T)^2 / (3-2s) with 3 - 9 s + 4 s^2 = 0
  const double s = (9 - std::sqrt(33.0)) / 8, amplitude = 4 * s * (1 - s) * (1 - s) / (3 - 2 * s);
  CHECK(*hopfield_rs_capacity(0.9999).alpha_c == Approx(amplitude * 1e-8).epsilon(1e-3));
  for (const double t : {0.01, 0.2, 0.6}) {
    const auto capacity = hopfield_rs_capacity(t);
    CHECK(capacity.converged);
    CHECK(*capacity.alpha_thermo < *capacity.alpha_c);
    const auto f = [&](Phase phase) { return solve_hopfield_rs(*capacity.alpha_thermo, t, phase).state->f; };
    CHECK(f(Phase::retrieval) == Approx(f(Phase::spin_glass)).epsilon(1e-12));
  }
}

TEST_CASE("T_M(0.05) = 0.54226, and T_M inverts alpha_c(T)") {
  CHECK(std::abs(*hopfield_rs_t_m(0.05).value - 0.54226) < 5.1e-6);
  for (const double t : {0.03, 0.1, 0.5, 0.9, 0.999}) {
    const auto line = hopfield_rs_t_m(*hopfield_rs_capacity(t).alpha_c);
    CHECK(line.converged);
    CHECK(*line.value == Approx(t).epsilon(1e-9));
  }
  CHECK(*hopfield_rs_t_m(0).value == 1);
  CHECK(*hopfield_rs_t_m(0.138).value ==
        Approx(0.0416).margin(1e-4));  // the upper end of the re-entrant stretch
  CHECK_FALSE(hopfield_rs_t_m(0.1382).value.has_value());
  CHECK(hopfield_rs_t_m(0.1382).converged);
}

TEST_CASE("T_c: equal free energies, below T_M, gone above alpha = 0.0531") {
  for (const double alpha : {1e-4, 0.01, 0.05, 0.053}) {
    const auto line = hopfield_rs_t_c(alpha);
    REQUIRE(line.value.has_value());
    CHECK(line.converged);
    CHECK(*line.value < *hopfield_rs_t_m(alpha).value);
    const auto difference = [&](double t) {
      return solve_hopfield_rs(alpha, t, Phase::retrieval).state->f -
             solve_hopfield_rs(alpha, t, Phase::spin_glass).state->f;
    };
    CHECK(difference(*line.value * (1 - 1e-4)) < 0);
    CHECK(difference(*line.value * (1 + 1e-4)) > 0);
  }
  CHECK_FALSE(hopfield_rs_t_c(0.0532).value.has_value());
  CHECK_FALSE(hopfield_rs_t_c(0.13).value.has_value());
}

TEST_CASE("T_R: the replicon of the retrieval state vanishes, stable above") {
  for (const double alpha : {0.05, 0.1, 0.13, 0.137, 0.138}) {
    const auto line = hopfield_rs_t_r(alpha);
    REQUIRE(line.value.has_value());
    CHECK(line.converged);
    const auto replicon = [&](double t) {
      return *solve_hopfield_rs(alpha, t, Phase::retrieval).state->replicon;
    };
    CHECK(std::abs(replicon(*line.value)) < 1e-8);
    CHECK(replicon(*line.value * 1.01) > 0);
    CHECK(replicon(*line.value * 0.99) < 0);
  }
  CHECK(*hopfield_rs_t_r(0.01).value == Approx(1.026e-23).epsilon(1e-3));
  // the low-temperature form meets the full equation where both can be evaluated
  const double alpha = 0.012, t = *hopfield_rs_t_r(alpha).value;
  CHECK(std::abs(*solve_hopfield_rs(alpha, t, Phase::retrieval).state->replicon) < 1e-8);
  CHECK(*hopfield_rs_t_r(1e-4).value == 0);  // underflow
  CHECK_FALSE(hopfield_rs_t_r(0).value.has_value());
  CHECK_FALSE(hopfield_rs_t_r(0.138188).value.has_value());
}

TEST_CASE("a vanishing load: T_M and T_c approach 1 as sqrt(alpha)") {
  for (const auto line : {&hopfield_rs_t_m, &hopfield_rs_t_c}) {
    const double slope = (1 - *line(1e-8).value) / 1e-4;
    for (const double alpha : {1.1e-10, 0.9e-10, 1e-16, 1e-20}) {
      CHECK(line(alpha).converged);
      CHECK((1 - *line(alpha).value) / std::sqrt(alpha) == Approx(slope).epsilon(3e-4));
    }
    CHECK(*line(1e-300).value == 1);
  }
}
