#include "analysis/theory/pspin.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/dense_mixture.hpp"
#include "dense_functional.hpp"

using namespace mattis::theory;

namespace {

MixtureState glass(const Mixture& unit, double t, double load = 1) {
  const auto solution = spin_glass_1rsb(unit, load, t);
  CAPTURE(unit.body, t, solution.residual);
  CHECK(solution.converged);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

}  // namespace

TEST_CASE("p = 3: dynamic 0.6816, static 0.6514, Gardner 0.2403") {
  CHECK(*p_spin_dynamic_temperature(3).value == Approx(0.6816).margin(5e-5));
  CHECK(*p_spin_static_temperature(3).value == Approx(0.6514).margin(5e-5));
  CHECK(*p_spin_gardner_temperature(3).value == Approx(0.2403).margin(5e-5));
  const double t_g = *p_spin_gardner_temperature(3).value;
  CHECK(std::abs(*glass(pure_p_spin(3), t_g).replicon) < 1e-9);
}

TEST_CASE("many bodies: the random energy model, T_s = 1/(2 sqrt(ln 2)), e = -sqrt(ln 2)") {
  CHECK(*p_spin_static_temperature(25).value == Approx(1 / (2 * std::sqrt(std::log(2.0)))).epsilon(1e-4));
  CHECK(glass(pure_p_spin(25), 0).u == Approx(-std::sqrt(std::log(2.0))).epsilon(1e-5));
}

TEST_CASE("one step of the p-spin glass is stationary in q1 and x, its f gives u and s") {
  for (const int p : {3, 4, 5, 8})
    for (const double t : {0.0, 0.01, 0.2, 0.55}) {
      const auto unit = pure_p_spin(p);
      const auto s = glass(unit, t);
      CAPTURE(p, t);
      const OrderParameters at{0, 0, s.q1, *s.w};
      const auto f = [&](double dq, double dw) {
        return dense_functional(unit, {0, 0, at.q1 + dq, at.w + dw}, t, 20000);
      };
      CHECK(f(0, 0) == Approx(s.f).margin(1e-10));
      const double step = 1e-3 * (1 - s.q1);
      if (t > 0.01) CHECK(std::abs(f(step, 0) - f(-step, 0)) / (2 * step) < 1e-6);
      CHECK(std::abs(f(0, 1e-3) - f(0, -1e-3)) / 2e-3 < 1e-6);
      if (t < 0.1) continue;
      const double h = 0.01 * t;
      const double df = (8 * (glass(unit, t + h).f - glass(unit, t - h).f) - glass(unit, t + 2 * h).f +
                         glass(unit, t - 2 * h).f) /
                        (12 * h);
      CHECK(s.s == Approx(-df).margin(1e-8));
      CHECK(s.u == Approx(s.f + t * s.s).epsilon(1e-12));
    }
}

TEST_CASE("at T_s the glass meets the paramagnet with x = 1 and equal f; above there is none") {
  for (const int p : {3, 4, 6}) {
    const auto unit = pure_p_spin(p);
    const double t_s = *p_spin_static_temperature(p).value;
    const auto s = glass(unit, t_s * (1 - 1e-9));
    CHECK(*s.x == Approx(1).margin(1e-6));
    CHECK(s.f == Approx(-1 / (4 * t_s) - t_s * std::log(2.0)).margin(1e-9));
    const auto none = spin_glass_1rsb(unit, 1, t_s * 1.0001);
    CHECK_FALSE(none.state.has_value());
    CHECK(none.converged);
  }
}

TEST_CASE("the glass depends on T / sqrt(load) alone") {
  for (const int p : {3, 4, 8}) {
    const auto unit = dense_memory(p, DenseForm::power);
    const double t = 0.5 * glass_transition(unit).temperature;
    const auto one = glass(unit, t), four = glass(unit, 2 * t, 4);
    CHECK(one.q0 == Approx(four.q0).margin(1e-9));
    CHECK(one.q1 == Approx(four.q1).margin(1e-9));
    CHECK(2 * one.f == Approx(four.f).epsilon(1e-10));
  }
}

TEST_CASE("glasses of the power form: stationary, above the replica-symmetric state", "[default]") {
  for (const int p : {3, 4, 5, 7, 8}) {
    auto unit = dense_memory(p, DenseForm::power);
    unit = scaled(unit, 1 / unit.slope(1));
    unit.signal = 0;
    for (const double t : {0.0, 0.1, 0.25}) {
      const auto s = glass(unit, t);
      CAPTURE(p, t);
      CHECK((s.q0 > 0) == (p != 8));
      CHECK(s.f > spin_glass_rs(unit, 1, t).state->f);
      const auto f = [&](double dq0, double dw) {
        return dense_functional(unit, {0, s.q0 + dq0, s.q1, *s.w + dw}, t, 800);
      };
      CHECK(f(0, 0) == Approx(s.f).margin(1e-8));
      CHECK(std::abs(f(0, 1e-3) - f(0, -1e-3)) / 2e-3 < 2e-6);
      const double step = 1e-2 * s.q0;
      if (s.q0 > 0) CHECK(std::abs(f(step, 0) - f(-step, 0)) / (2 * step) < 5e-5);
    }
  }
}

TEST_CASE(
    "static temperature of the power form: continuous with a random field (p = 3) or an SK-like term (p = "
    "4)") {
  const auto transition = [](int p) {
    const auto unit = dense_memory(p, DenseForm::power);
    return glass_transition(scaled(unit, 1 / unit.slope(1)));
  };
  CHECK(transition(3).is_continuous);
  CHECK(transition(4).is_continuous);
  CHECK(transition(4).temperature == Approx(std::sqrt(0.6)));
  for (const int p : {5, 6, 7, 8}) {
    const auto t_s = transition(p);
    CHECK(t_s.converged);
    CHECK_FALSE(t_s.is_continuous);
    auto unit = dense_memory(p, DenseForm::power);
    unit.signal = 0;
    unit = scaled(unit, 1 / unit.slope(1));
    const auto s = glass(unit, t_s.temperature * (1 - 1e-6));
    CHECK(*s.x == Approx(1).margin(1e-4));
    CHECK(s.f == Approx(paramagnet_rs(unit, 1, t_s.temperature * (1 - 1e-6)).state->f).margin(1e-8));
  }
}
