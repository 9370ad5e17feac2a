#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/dense_1rsb.hpp"
#include "analysis/theory/dense_lines.hpp"
#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/dense_rs.hpp"
#include "analysis/theory/glass.hpp"
#include "dense_functional.hpp"

using namespace mattis::theory;

namespace {

using Solver = MixtureSolution (*)(const Mixture&, double, double);

MixtureState solved(Solver solve, const Mixture& unit, double load, double t) {
  const auto solution = solve(unit, load, t);
  CAPTURE(unit.body, load, t, solution.residual);
  CHECK(solution.converged);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

/// f by the book at this state, and its largest derivative by an order parameter.
void check_stationary(const Mixture& mixture, const MixtureState& s, double t, int nodes) {
  const OrderParameters at{s.m, s.q0, s.q1, s.w.value_or(0)};
  CHECK(dense_functional(mixture, at, t, nodes) == Approx(s.f).margin(1e-8));
  const auto slope = [&](double OrderParameters::*member, double room) {
    const auto f = [&](double shift) {
      auto moved = at;
      moved.*member += shift;
      if (!s.w) moved.q0 = moved.q1 = member == &OrderParameters::q1 ? moved.q1 : at.q1;
      return dense_functional(mixture, moved, t, nodes);
    };
    const double step = 1e-3 * room;
    return (f(step) - f(-step)) / (2 * step);
  };
  if (s.m > 0) CHECK(std::abs(slope(&OrderParameters::m, 0.3 * (1 - s.m))) < 2e-6);
  if (t > 0 && s.q1 > 0) CHECK(std::abs(slope(&OrderParameters::q1, 0.3 * std::min(1 - s.q1, s.q1))) < 2e-6);
  if (!s.w) return;
  if (s.q0 > 0) CHECK(std::abs(slope(&OrderParameters::q0, 0.3 * std::min(s.q0, s.q1 - s.q0))) < 2e-6);
  CHECK(std::abs(slope(&OrderParameters::w, *s.w)) < 2e-6);
}

}  // namespace

TEST_CASE("noise of the dense memory: field variance (p-1)! and (2p-3)!!, Hermite coefficients of x^p") {
  const double odd[] = {1, 3, 15, 105, 945, 10395, 135135};
  double factorial = 1;
  for (int p = 2; p <= 8; ++p) {
    CHECK(relative_field_variance(p, DenseForm::distinct) == Approx(factorial));
    CHECK(relative_field_variance(p, DenseForm::power) == Approx(odd[p - 2]));
    CHECK(gamma_per_alpha(p) == Approx(factorial * p / 2));
    factorial *= p;
  }
  const auto cubic = dense_memory(3, DenseForm::power), quartic = dense_memory(4, DenseForm::power);
  CHECK(cubic.slope(0) == Approx(9.0 / 4));
  CHECK(cubic.xi_step(1, 0) == Approx(15.0 / 4));
  CHECK(quartic.curvature(0) == Approx(36));
  CHECK(quartic.xi_step(1, 0) == Approx(24));
}

TEST_CASE("error of one bit after one step, p = 3, alpha = 0.06") {
  CHECK(one_step_error(3, DenseForm::distinct, 100, 600) == Approx(0.00195).margin(5e-6));
  CHECK(one_step_error(3, DenseForm::power, 100, 600) == Approx(0.00921).margin(5e-6));
  CHECK(one_step_error(3, DenseForm::power, 100, 0) == 0);
}

TEST_CASE(
    "capacity of the dense memory at T = 0: closed form, and 0.032977 (RS), 0.038195 (one step) at p = 4") {
  for (const auto form : {DenseForm::distinct, DenseForm::power})
    for (int p = 3; p <= 8; ++p) {
      double best = 0;
      for (double y = 0.2; y < 4; y += 1e-4) best = std::max(best, std::pow(std::erf(y), p - 1) / y);
      const double expected = best * best / (2 * relative_field_variance(p, form));
      CHECK(*dense_capacity(dense_memory(p, form), 0, Level::rs).load == Approx(expected).epsilon(1e-7));
    }
  const auto unit = dense_memory(4, DenseForm::distinct);
  const auto rs = dense_capacity(unit, 0, Level::rs), one = dense_capacity(unit, 0, Level::one_step);
  CHECK(std::abs(*rs.load - 0.032977) < 5e-7);
  CHECK(std::abs(*rs.m - 0.9179) < 5e-5);
  CHECK(one.converged);
  CHECK(std::abs(*one.load - 0.038195) < 5e-7);
}

TEST_CASE("energies at T = 0 meet at gamma = 1/(4 ln 2) for many bodies") {
  const double limit = 1 / (4 * std::log(2.0));
  double last = 1;
  for (const int p : {4, 20}) {
    const double gamma =
        *dense_capacity(dense_memory(p, DenseForm::distinct), 0, Level::one_step).load_thermo *
        gamma_per_alpha(p);
    CHECK(gamma > limit);
    CHECK(gamma < last);
    last = gamma;
  }
  CHECK(last == Approx(limit).epsilon(1e-4));
}

TEST_CASE("on T = gamma the retrieval state has m = q and u = -1/2, and so has the paramagnet") {
  for (const int p : {3, 4, 6})
    for (const double t : {0.1, 0.25, 0.35}) {
      const auto unit = dense_memory(p, DenseForm::distinct);
      const auto s = solved(solve_retrieval_rs, unit, t / gamma_per_alpha(p), t);
      CHECK(s.m == Approx(s.q1).epsilon(1e-12));
      CHECK(s.u == Approx(-0.5).epsilon(1e-12));
      CHECK(solved(paramagnet_rs, unit, t / gamma_per_alpha(p), t).u == Approx(-0.5));
    }
}

TEST_CASE("replica symmetric states are stationary points of the functional") {
  for (const auto form : {DenseForm::distinct, DenseForm::power})
    for (const int p : {3, 4, 5, 8})
      for (const double t : {0.0, 0.01, 0.2, 0.5}) {
        const auto unit = dense_memory(p, form);
        const double load = 0.8 * retrieval_spinodal(unit, t)->load;
        check_stationary(scaled(unit, load), solved(solve_retrieval_rs, unit, load, t), t, 8000);
      }
  for (const int p : {3, 4, 5}) {
    const auto unit = dense_memory(p, DenseForm::power);
    const double load = 1 / unit.slope(1);
    for (const double t : {0.0, 0.1, 0.3})
      check_stationary(scaled(unit, load), solved(spin_glass_rs, unit, load, t), t, 8000);
    check_stationary(scaled(unit, load), solved(paramagnet_rs, unit, load, 0.3), 0.3, 8000);
  }
}

TEST_CASE("retrieval states with one step are stationary points of the functional", "[default]") {
  struct Point {
    int p;
    DenseForm form;
    double share, t;  // of the largest load
  };
  for (const auto& point : {Point{4, DenseForm::distinct, 0.95, 0}, Point{4, DenseForm::distinct, 0.95, 0.1},
                            Point{3, DenseForm::power, 0.95, 0.05}, Point{8, DenseForm::distinct, 0.99, 0.2},
                            Point{5, DenseForm::power, 0.99, 0}}) {
    const auto unit = dense_memory(point.p, point.form);
    const double load = point.share * retrieval_edge_1rsb(unit, point.t)->load;
    const auto s = solved(solve_retrieval_1rsb, unit, load, point.t);
    CHECK(s.q1 > s.q0);
    check_stationary(scaled(unit, load), s, point.t, 800);
  }
}

TEST_CASE("f gives u and s: u = d(beta f)/d beta, s = -df/dT") {
  const auto check = [](Solver solve, const Mixture& unit, double load, double t) {
    const auto f = [&](double at) { return solved(solve, unit, load, at).f; };
    const double h = 0.01 * t, beta = 1 / t, k = 0.01 * beta;
    const double df = (8 * (f(t + h) - f(t - h)) - f(t + 2 * h) + f(t - 2 * h)) / (12 * h);
    const auto bf = [&](double b) { return b * f(1 / b); };
    const double dbf = (8 * (bf(beta + k) - bf(beta - k)) - bf(beta + 2 * k) + bf(beta - 2 * k)) / (12 * k);
    const auto s = solved(solve, unit, load, t);
    CAPTURE(unit.body, load, t);
    CHECK(s.s == Approx(-df).margin(2e-7));
    CHECK(s.u == Approx(dbf).margin(2e-7));
    CHECK(s.f == Approx(s.u - t * s.s).epsilon(1e-12));
  };
  for (const auto& unit : {dense_memory(4, DenseForm::distinct), dense_memory(3, DenseForm::power)}) {
    check(solve_retrieval_rs, unit, 0.5 * retrieval_spinodal(unit, 0)->load, 0.3);
    check(spin_glass_rs, unit, 1 / unit.slope(1), 0.1);
    check(paramagnet_rs, unit, 1 / unit.slope(1), 1);
  }
  const auto unit = dense_memory(4, DenseForm::distinct);
  check(solve_retrieval_1rsb, unit, 0.0375, 0.1);
}

TEST_CASE("states at low temperature tend to those at T = 0") {
  for (const auto form : {DenseForm::distinct, DenseForm::power})
    for (const int p : {3, 4, 7}) {
      const auto unit = dense_memory(p, form);
      const double load = 0.9 * retrieval_spinodal(unit, 0)->load;
      for (const auto solve : {Solver{solve_retrieval_rs}, Solver{solve_retrieval_1rsb},
                               Solver{spin_glass_rs}, Solver{spin_glass_1rsb}}) {
        const auto cold = solved(solve, unit, load, 1e-5), ground = solved(solve, unit, load, 0);
        CHECK(cold.u == Approx(ground.u).margin(1e-8));
        CHECK(cold.m == Approx(ground.m).margin(1e-6));
        CHECK(cold.susceptibility == Approx(ground.susceptibility).epsilon(1e-3));
        CHECK(ground.f == ground.u);
        CHECK(ground.q1 == 1);
      }
    }
}

TEST_CASE("breaking raises f and starts at the marginal state") {
  const auto unit = dense_memory(4, DenseForm::distinct);
  for (const double t : {0.0, 0.1}) {
    const double load = 0.98 * retrieval_spinodal(unit, t)->load;
    CHECK(solved(solve_retrieval_1rsb, unit, load, t).f > solved(solve_retrieval_rs, unit, load, t).f);
  }
  const double t_r = *dense_t_r(unit, 0.032).value;
  const auto below = solved(solve_retrieval_1rsb, unit, 0.032, t_r * 0.9999);
  const auto above = solved(solve_retrieval_1rsb, unit, 0.032, t_r * 1.0001);
  CHECK(below.q1 > below.q0);
  CHECK(above.q1 == above.q0);
  CHECK_FALSE(above.x.has_value());
  CHECK(below.m == Approx(above.m).margin(1e-5));
  CHECK(std::abs(*solved(solve_retrieval_rs, unit, 0.032, t_r).replicon) < 1e-10);
}

TEST_CASE("beyond the spinodal there is no retrieval state, and that is an answer", "[default]") {
  const int p = GENERATE(3, 4, 5, 6, 7, 8);
  for (const auto form : {DenseForm::distinct, DenseForm::power})
    for (const double t : {0.0, 0.005, 0.01, 0.1, 0.6, 5.0}) {
      CAPTURE(p, int(form), t);
      const auto unit = dense_memory(p, form);
      const auto edge = retrieval_edge_1rsb(unit, t);
      if (edge) CHECK(edge->converged);
      const double load = edge ? 1.00001 * edge->load : 0.01;
      const auto none = solve_retrieval_1rsb(unit, load, t);
      CHECK_FALSE(none.state.has_value());
      CHECK(none.converged);
      if (edge) CHECK(solved(solve_retrieval_1rsb, unit, 0.99999 * edge->load, t).m > 0.5);
    }
}

TEST_CASE("the end of broken retrieval is smooth in temperature", "[default]") {
  const int p = GENERATE(3, 4, 5);
  const auto unit = dense_memory(p, DenseForm::distinct);
  CAPTURE(p);
  std::vector<double> load, m;
  for (int k = 0; k <= 8; ++k) {
    const auto edge = retrieval_edge_1rsb(unit, 0.16 + 0.01 * k);
    REQUIRE(edge);
    CHECK(edge->converged);
    CHECK(edge->is_broken);
    load.push_back(edge->load);
    m.push_back(edge->m);
    if (k < 3) continue;
    const auto third =
        [&](const std::vector<double>& of) {  // difference; rounding of m at the top: some 1e-6
          const auto at = of.end();
          return at[-1] - 3 * at[-2] + 3 * at[-3] - at[-4];
        };
    CAPTURE(k);
    CHECK(std::abs(third(load)) < 1e-6);
    CHECK(std::abs(third(m)) < 1e-5);
  }
}

TEST_CASE("lines close on each other: capacity at T_M, equal f at T_c", "[default]") {
  const auto unit = dense_memory(3, DenseForm::distinct);
  const double load = 0.12;
  const double t_m = *dense_t_m(unit, load, Level::rs).value;
  CHECK(*dense_capacity(unit, t_m, Level::rs).load == Approx(load).epsilon(1e-10));
  const double t_c = *dense_t_c(unit, load, Level::one_step).value;
  CHECK(t_c < t_m);
  CHECK(*dense_capacity(unit, t_c, Level::one_step).load_thermo == Approx(load).epsilon(1e-9));
  const double f_0 = solved(paramagnet_rs, unit, load, t_c).f;
  CHECK(solved(solve_retrieval_1rsb, unit, load, t_c).f == Approx(f_0).epsilon(1e-10));
  CHECK(f_0 == Approx(-load * 6 / 4 / (2 * t_c) - t_c * std::log(2.0)));
  CHECK_FALSE(dense_t_m(unit, 0.16, Level::one_step).value.has_value());
}

TEST_CASE("T_M where the spinodal is broken", "[default]") {
  const auto unit = dense_memory(3, DenseForm::distinct);
  const auto line = dense_t_m(unit, 0.15485, Level::one_step);  // above the capacity of T = 0, 0.15374
  REQUIRE(line.value.has_value());
  CHECK(retrieval_edge_1rsb(unit, *line.value)->load == Approx(0.15485).epsilon(1e-8));
}

TEST_CASE("T_M, T_c and T_R at all p, both forms and levels", "[default]") {
  for (const auto form : {DenseForm::distinct, DenseForm::power})
    for (const int p : {3, 5, 8}) {
      const auto unit = dense_memory(p, form);
      for (const auto level : {Level::rs, Level::one_step}) {
        const double load = 0.3 * retrieval_spinodal(unit, 0)->load;
        const auto t_m = dense_t_m(unit, load, level), t_c = dense_t_c(unit, load, level),
                   t_r = dense_t_r(unit, load);
        CAPTURE(p, int(form), int(level));
        CHECK((t_m.converged && t_c.converged && t_r.converged));
        REQUIRE((t_m.value && t_c.value && t_r.value));
        CHECK(*t_r.value < *t_c.value);
        CHECK(*t_c.value < *t_m.value);
      }
    }
}
