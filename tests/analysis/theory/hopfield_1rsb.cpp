#include "analysis/theory/hopfield_1rsb.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/one_step_field.hpp"

using namespace mattis::theory;

namespace {

Hopfield1RsbState state(double alpha, double t, Phase phase) {
  const auto solution = solve_hopfield_1rsb(alpha, t, phase);
  CAPTURE(alpha, t, int(phase));
  CHECK(solution.converged);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

/// The functional f(m, q0, q1, w), its noises r0, r1 taken at their stationary values.
double functional(double alpha, double t, double m, double q0, double c, double w) {
  const double q1 = 1 - t * c, d0 = 1 - c, d1 = d0 - w * (q1 - q0);
  const double r0 = q0 / (d1 * d1), r1 = r0 + (q1 - q0) / (d0 * d1);
  const auto mean = one_step_averages({m, std::sqrt(alpha * r0), std::sqrt(alpha * (r1 - r0)), w, t});
  return alpha / 2 + m * m / 2 +
         alpha / 2 * (t * std::log(d0) + std::log(d1 / d0) / w - q0 / d1 + r1 * c + w * (r1 * q1 - r0 * q0)) -
         mean.log_moment;
}

}  // namespace

TEST_CASE("capacity with one step: 0.138186 at T = 0") {
  const auto capacity = hopfield_1rsb_capacity(0);
  CHECK(capacity.converged);
  CHECK(std::abs(*capacity.alpha_c - 0.138186) < 1e-6);
  CHECK(*capacity.alpha_thermo > 0.0519);  // breaking raises the glass
  CHECK(solve_hopfield_1rsb(0.13818, 0, Phase::retrieval).state.has_value());
  CHECK_FALSE(solve_hopfield_1rsb(0.13819, 0, Phase::retrieval).state.has_value());
}

TEST_CASE("retrieval at alpha = 0.13, T = 0: q0 = 0.99933, w = 99.9") {
  const auto s = state(0.13, 0, Phase::retrieval);
  CHECK(s.q0 == Approx(0.99933).margin(5e-6));
  CHECK(*s.w == Approx(99.9).margin(0.1));
  CHECK(s.m > solve_hopfield_rs(0.13, 0, Phase::retrieval).state->m);
}

TEST_CASE("f at one step is stationary and equals u - T s") {
  struct Point {
    double alpha, t;
    Phase phase;
  };
  for (const auto& p : {Point{0.13, 0, Phase::retrieval}, Point{0.13, 0.004, Phase::retrieval},
                        Point{0.137, 0.01, Phase::retrieval}, Point{0.1, 0, Phase::spin_glass},
                        Point{0.1, 0.3, Phase::spin_glass}, Point{1, 1, Phase::spin_glass},
                        Point{10, 0.5, Phase::spin_glass}}) {
    const auto s = state(p.alpha, p.t, p.phase);
    CAPTURE(p.alpha, p.t, int(p.phase));
    const auto along = [&](double dm, double dq0, double dc, double dw) {
      const auto at = [&](double x) {
        return functional(p.alpha, p.t, s.m + x * dm, s.q0 + x * dq0, s.susceptibility + x * dc,
                          *s.w + x * dw);
      };
      return (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
    };
    const double room = std::min(s.q1 - s.q0, 1 - s.q1 > 0 ? 1 - s.q1 : 1.0);
    CHECK(functional(p.alpha, p.t, s.m, s.q0, s.susceptibility, *s.w) == Approx(s.f).epsilon(1e-12));
    if (p.phase == Phase::retrieval) CHECK(std::abs(along(room, 0, 0, 0)) < 1e-9);
    CHECK(std::abs(along(0, room, 0, 0)) < 1e-9);
    CHECK(std::abs(along(0, 0, s.susceptibility, 0)) < 1e-9);
    CHECK(std::abs(along(0, 0, 0, *s.w)) < 1e-9);
    CHECK(s.f == Approx(s.u - p.t * s.s).epsilon(1e-13));
  }
}

TEST_CASE(
    "breaking raises f, softens the negative entropy and the instability, and ends where the replicon "
    "vanishes") {
  for (const double alpha : {0.05, 1.0})
    for (const double t : {0.0, 0.2, 0.7}) {
      const auto one = state(alpha, t, Phase::spin_glass);
      const auto rs = *solve_hopfield_rs(alpha, t, Phase::spin_glass).state;
      CHECK(one.f > rs.f);
      if (t == 0) CHECK(one.s > rs.s);
      if (t > 0) CHECK(*one.replicon > *rs.replicon);
    }
  const double t_r = *hopfield_rs_t_r(0.13).value;
  CHECK(state(0.13, 0.99 * t_r, Phase::retrieval).q1 > state(0.13, 0.99 * t_r, Phase::retrieval).q0);
  const auto above = state(0.13, 1.01 * t_r, Phase::retrieval);
  CHECK(above.q1 == above.q0);
  CHECK_FALSE(above.x.has_value());
  CHECK(state(0.13, t_r * 0.999, Phase::retrieval).m ==
        Approx(state(0.13, t_r * 1.001, Phase::retrieval).m).margin(1e-6));
}

TEST_CASE("s = -df/dT with one step") {
  const auto f = [](double t) { return state(0.1, t, Phase::spin_glass).f; };
  const double t = 0.4, step = 0.004;
  const double slope = (8 * (f(t + step) - f(t - step)) - (f(t + 2 * step) - f(t - 2 * step))) / (12 * step);
  CHECK(-slope == Approx(state(0.1, t, Phase::spin_glass).s).margin(1e-8));
}
