#include "analysis/theory/sk.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "simpson.hpp"

using namespace mattis::theory;

namespace {

MixtureState rs(double t, double h) {
  const auto solution = solve_sk_rs(t, h);
  CHECK(solution.converged);
  return *solution.state;
}

MixtureState one_step(double t, double h) {
  const auto solution = solve_sk_1rsb(t, h);
  CAPTURE(t, h);
  CHECK(solution.converged);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

}  // namespace

TEST_CASE("SK ground-state energies: -0.797885 (RS), -0.765259 (one step)") {
  CHECK(rs(0, 0).u == Approx(-std::sqrt(2 / std::acos(-1.0))).epsilon(1e-14));
  CHECK(rs(0, 0).s == Approx(-1 / (2 * std::acos(-1.0))).epsilon(1e-14));
  CHECK(std::abs(one_step(0, 0).u + 0.765259) < 1e-6);
  CHECK(one_step(0, 0).f == one_step(0, 0).u);
}

TEST_CASE("SK replica symmetric: q, f, u and the replicon by Simpson's rule") {
  for (const double t : {0.1, 0.5, 0.9, 1.3})
    for (const double h : {0.0, 0.2, 1.0}) {
      const auto s = rs(t, h);
      const auto tanh_at = [&](double z) { return std::tanh((std::sqrt(s.q1) * z + h) / t); };
      const auto ln_2cosh_at = [&](double z) {
        const double x = std::abs(std::sqrt(s.q1) * z + h) / t;
        return x + std::log1p(std::exp(-2 * x));
      };
      CAPTURE(t, h);
      CHECK(std::abs(simpson_average([&](double z) { return std::pow(tanh_at(z), 2); }) - s.q1) < 1e-9);
      CHECK(s.f ==
            Approx(-(1 - s.q1) * (1 - s.q1) / (4 * t) - t * simpson_average(ln_2cosh_at)).margin(1e-10));
      const double m = simpson_average(tanh_at);
      CHECK(s.u == Approx(-(1 - s.q1 * s.q1) / (2 * t) - h * m).margin(1e-10));
      const double sech4 =
          simpson_average([&](double z) { return std::pow(1 - std::pow(tanh_at(z), 2), 2); });
      CHECK(*s.replicon == Approx(1 - sech4 / (t * t)).margin(1e-8));
      if (h == 0 && t < 1) CHECK(s.q1 > 0.05);
    }
  CHECK(rs(1, 0).q1 == 0);
  CHECK(rs(1.5, 0).f == Approx(-1 / 6.0 - 1.5 * std::log(2.0)).epsilon(1e-14));
}

TEST_CASE("SK: s = -df/dT and m = -df/dh, symmetric and one step") {
  for (const auto solve : {&solve_sk_rs, &solve_sk_1rsb}) {
    const double t = 0.4, h = 0.2, step = 4e-3;
    const auto f = [&](double dt, double dh) { return solve(t + dt, h + dh).state->f; };
    const auto slope = [&](double a, double b) {
      return (8 * (f(a, b) - f(-a, -b)) - (f(2 * a, 2 * b) - f(-2 * a, -2 * b))) / (12 * step);
    };
    const auto s = *solve(t, h).state;
    CHECK(-slope(step, 0) == Approx(s.s).margin(1e-7));
    CHECK(-slope(0, step) == Approx(s.m).margin(1e-7));
  }
}

TEST_CASE("one step raises f towards Parisi's: T = 0.5, f_RS < f_1RSB < -0.791178") {
  const auto s = one_step(0.5, 0);
  CHECK(s.f > rs(0.5, 0).f);
  CHECK(s.f < -0.791178);
  CHECK(s.f == Approx(-0.791209).margin(1e-6));
  CHECK(s.q0 < s.q1);
  CHECK(*s.replicon > *rs(0.5, 0).replicon);
}

TEST_CASE("de Almeida-Thouless line: the replicon vanishes on it, one step begins there") {
  for (const double t : {0.01, 0.3, 0.7, 0.99}) {
    const auto line = sk_h_at(t);
    REQUIRE(line.value.has_value());
    CHECK(line.converged);
    CHECK(std::abs(*rs(t, *line.value).replicon) < 1e-9);
    CHECK(*rs(t, *line.value * 1.01).replicon > 0);
    CHECK(*rs(t, *line.value * 0.99).replicon < 0);
  }
  CHECK(*sk_h_at(0.999).value == Approx(std::sqrt(4.0 / 3 * 1e-9)).epsilon(1e-2));
  CHECK(*sk_h_at(1).value == 0);
  CHECK_FALSE(sk_h_at(0).value.has_value());
  CHECK_FALSE(sk_h_at(1.1).value.has_value());
  const double h = *sk_h_at(0.3).value;
  CHECK(one_step(0.3, 1.01 * h).q0 == one_step(0.3, 1.01 * h).q1);
  CHECK(one_step(0.3, 0.98 * h).q0 < one_step(0.3, 0.98 * h).q1);
}
