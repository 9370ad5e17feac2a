#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/sk.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "simpson.hpp"

using namespace mattis::theory;

namespace {

HopfieldState state(double alpha, double t, Phase phase = Phase::retrieval) {
  const auto solution = solve_hopfield_rs(alpha, t, phase);
  CAPTURE(alpha, t, int(phase));
  CHECK(solution.converged);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

bool has_state(double alpha, double t, Phase phase = Phase::retrieval) {
  const auto solution = solve_hopfield_rs(alpha, t, phase);
  CHECK(solution.converged);
  return solution.state.has_value();
}

/// f as a function of the order parameters, Simpson's rule.
double free_energy(double alpha, double t, double m, double q, double r) {
  const double beta = 1 / t, d = 1 - beta * (1 - q), a = std::sqrt(alpha * r);
  const auto ln_2cosh_at = [&](double z) {
    const double x = std::abs(beta * (m + a * z));
    return x + std::log1p(std::exp(-2 * x));
  };
  return alpha / 2 + m * m / 2 + alpha / (2 * beta) * (std::log(d) - beta * q / d) +
         alpha * beta / 2 * r * (1 - q) - t * simpson_average(ln_2cosh_at);
}

struct Point {
  double alpha, t;
  Phase phase;
};
const std::vector<Point> points = {
    {0.05, 0.4, Phase::retrieval},  {0.03, 0.5, Phase::retrieval},   {0.08, 0.25, Phase::retrieval},
    {0.10, 0.15, Phase::retrieval}, {0.01, 0.75, Phase::retrieval},  {0.13, 0.1, Phase::retrieval},
    {1e-3, 0.9, Phase::retrieval},  {0.137, 0.05, Phase::retrieval}, {1e-4, 0.3, Phase::retrieval},
    {0.05, 0.4, Phase::spin_glass}, {0.2, 0.1, Phase::spin_glass},   {1.0, 0.7, Phase::spin_glass},
    {0.1, 1.2, Phase::spin_glass},  {4.0, 2.5, Phase::spin_glass},   {0.01, 1.0, Phase::spin_glass},
    {0.05, 1.5, Phase::paramagnet}, {1.0, 3.0, Phase::paramagnet},   {0.3, 1.1, Phase::paramagnet}};

}  // namespace

TEST_CASE("retrieval states at four points of the phase diagram") {
  const double anchors[][4] = {{0.05, 0.4, 0.96619, -0.47669},
                               {0.03, 0.5, 0.93605, -0.44835},
                               {0.08, 0.25, 0.98987, -0.49611},
                               {0.10, 0.15, 0.99434, -0.49945}};
  for (const auto& anchor : anchors) {
    const auto at = state(anchor[0], anchor[1]);
    CHECK(std::abs(at.m - anchor[2]) < 5e-6);
    CHECK(std::abs(at.u - anchor[3]) < 5.1e-6);
  }
}

TEST_CASE("the saddle-point equations hold under Simpson's rule") {
  for (const double alpha : {1e-4, 0.01, 0.05, 0.1, 0.13, 0.5})
    for (const double t : {0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.95, 1.05})
      for (const auto phase : {Phase::retrieval, Phase::spin_glass}) {
        const auto solution = solve_hopfield_rs(alpha, t, phase);
        CHECK(solution.converged);
        if (!solution.state) continue;
        const auto& s = *solution.state;
        const double a = std::sqrt(alpha * s.r);
        const auto tanh_at = [&](double z) { return std::tanh((s.m + a * z) / t); };
        CAPTURE(alpha, t, int(phase));
        CHECK(std::abs(simpson_average(tanh_at) - s.m) < 1e-9);
        CHECK(std::abs(simpson_average([&](double z) { return tanh_at(z) * tanh_at(z); }) - s.q) < 1e-9);
        const double d = 1 - (1 - s.q) / t;
        CHECK(d > 0);
        CHECK(s.r * d * d == Approx(s.q).epsilon(1e-9));
        CHECK(s.susceptibility == Approx((1 - s.q) / t).epsilon(1e-9).margin(1e-13));
        CHECK(s.f == Approx(free_energy(alpha, t, s.m, s.q, s.r)).margin(1e-9));
        const double sech4 =
            simpson_average([&](double z) { return std::pow(1 - tanh_at(z) * tanh_at(z), 2); });
        CHECK(*s.replicon == Approx(1 - alpha / (d * d) / t / t * sech4).margin(1e-8));
      }
}

TEST_CASE("f is stationary in m, q and r") {
  for (const auto& p : points) {
    if (p.phase == Phase::paramagnet) continue;
    const auto s = state(p.alpha, p.t, p.phase);
    const double step = 1e-4;
    const auto along = [&](double dm, double dq, double dr) {
      const auto at = [&](double x) {
        return free_energy(p.alpha, p.t, s.m + x * dm, s.q + x * dq, s.r + x * dr);
      };  // five points: error step^4
      return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
    };
    const double room = std::min({1 - s.q, s.q, 1 - s.susceptibility});  // stay inside the domain
    CAPTURE(p.alpha, p.t, int(p.phase));
    CHECK(std::abs(along(p.phase == Phase::retrieval ? room : 0, 0, 0)) < 1e-8);
    CHECK(std::abs(along(0, room * p.t, 0)) < 1e-8);
    CHECK(std::abs(along(0, 0, s.r)) < 1e-8);
  }
}

TEST_CASE("u = d(beta f)/d beta and s = -df/dT along every branch") {
  for (const auto& p : points) {
    const auto centre = state(p.alpha, p.t, p.phase);
    const double step = 3e-4 * p.t;
    const auto five_point = [&](auto value) {
      const auto at = [&](int k) { return value(p.t + k * step, state(p.alpha, p.t + k * step, p.phase).f); };
      return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
    };
    CAPTURE(p.alpha, p.t, int(p.phase));
    const double df = five_point([](double, double f) { return f; });
    const double dbf = five_point([](double t, double f) { return f / t; });
    CHECK(std::abs(centre.s + df) < 1e-8);
    CHECK(std::abs(centre.u + p.t * p.t * dbf) < 1e-8);
    CHECK(centre.f == Approx(centre.u - p.t * centre.s).margin(1e-13));
  }
}

TEST_CASE("T = 0: the ground states of the replica-symmetric equations") {
  for (const double alpha : {1e-4, 0.01, 0.05, 0.1, 0.1379}) {
    const auto s = state(alpha, 0);
    const double a = std::sqrt(alpha * s.r), pi = std::acos(-1.0);
    CHECK(s.m == Approx(std::erf(s.m / (a * std::sqrt(2.0)))).epsilon(1e-13));
    CHECK(s.susceptibility ==
          Approx(std::sqrt(2 / pi) / a * std::exp(-s.m * s.m / (2 * a * a))).epsilon(1e-12));
    CHECK(s.r == Approx(std::pow(1 - s.susceptibility, -2)).epsilon(1e-13));
    CHECK(s.u == Approx(-0.5 * (s.m * s.m + alpha * (s.r - 1))).epsilon(1e-13));
    CHECK(s.f == s.u);
    CHECK(s.q == 1);
    CHECK_FALSE(s.replicon.has_value());
    // glass: e = -1/pi - sqrt(2 alpha / pi)
    CHECK(state(alpha, 0, Phase::spin_glass).u == Approx(-1 / pi - std::sqrt(2 * alpha / pi)).epsilon(1e-13));
  }
}

TEST_CASE("T = 0: the two retrieval roots merge at alpha_c, and that state is one") {
  const double alpha_c = hopfield_rs_spinodal(0)->alpha;
  for (const double alpha : {alpha_c, 0.13790556649493174, alpha_c * (1 - 1e-15), alpha_c * (1 - 1e-12)}) {
    const auto solution = solve_hopfield_rs(alpha, 0, Phase::retrieval);
    CAPTURE(alpha, solution.residual);
    CHECK(solution.converged);
    if (alpha <= alpha_c) {
      REQUIRE(solution.state);
      CHECK(solution.state->m == Approx(0.967417).margin(1e-5));
    }
  }
  CHECK_FALSE(solve_hopfield_rs(alpha_c * (1 + 1e-12), 0, Phase::retrieval).state);
}

TEST_CASE("T -> 0 continues into T = 0") {
  for (const double alpha : {1e-4, 0.01, 0.05, 0.1, 0.137})
    for (const auto phase : {Phase::retrieval, Phase::spin_glass}) {
      const auto ground = state(alpha, 0, phase);
      for (const double t : {1e-3, 1e-4, 1e-6, 1e-9}) {
        const auto s = state(alpha, t, phase);
        CAPTURE(alpha, t, int(phase));
        CHECK(std::abs(s.m - ground.m) < 2 * t);
        CHECK(std::abs(s.susceptibility - ground.susceptibility) < 5 * t);
        CHECK(std::abs(s.s - ground.s) < 10 * t);
        CHECK(s.f == Approx(ground.f - t * ground.s).margin(5 * t * t + 1e-14));
        CHECK(s.u == Approx(ground.u).margin(5 * t * t + 1e-14));
      }
    }
}

TEST_CASE("alpha -> 0 is the Curie-Weiss ferromagnet, m = tanh(beta m)") {
  for (const double t : {0.0, 1e-3, 0.3, 0.9, 0.999}) {
    const auto s = state(0, t);
    if (t > 0) {
      CHECK(s.m == Approx(std::tanh(s.m / t)).epsilon(1e-12));
      CHECK(s.f == Approx(s.m * s.m / 2 - t * (s.m / t + std::log1p(std::exp(-2 * s.m / t)))).epsilon(1e-13));
      CHECK(*s.replicon == 1);
    }
    CHECK(s.u == Approx(-s.m * s.m / 2).epsilon(1e-13));
    const double alpha = 1e-9 * (1 - t) * (1 - t);
    CHECK(state(alpha, t).m == Approx(s.m).epsilon(1e-8));
  }
  CHECK(state(0, 0).m == 1);
  CHECK_FALSE(has_state(0, 1));
  CHECK(state(0, 0.5, Phase::paramagnet).f == Approx(-0.5 * std::log(2.0)));
}

TEST_CASE("no state is invented where there is none") {
  CHECK(has_state(0.137905, 0));
  CHECK_FALSE(has_state(0.137906, 0));
  CHECK(has_state(0.05, 0.54225));
  CHECK_FALSE(has_state(0.05, 0.54226));
  CHECK(has_state(0.138188, 0.023));
  CHECK_FALSE(has_state(0.138190, 0.023));
  for (const double t : {0.0, 0.1, 0.9, 1.0, 2.0}) CHECK_FALSE(has_state(0.2, t));
  CHECK_FALSE(has_state(1e-6, 1.0));
  CHECK_FALSE(has_state(0.05, 1 + std::sqrt(0.05), Phase::spin_glass));
  CHECK(has_state(0.05, 1.2236, Phase::spin_glass));
  CHECK_FALSE(has_state(0.05, 1.2237, Phase::spin_glass));
  CHECK_FALSE(has_state(0, 0.5, Phase::spin_glass));
  CHECK_FALSE(has_state(0.1, 1, Phase::paramagnet));
  CHECK_FALSE(has_state(0.1, 0, Phase::paramagnet));
}

TEST_CASE("the spinodal is where the branch of largest m ends: alpha(m) has its only maximum there") {
  for (const double t : {1e-3, 0.02, 0.1, 0.4, 0.7, 0.95}) {
    const auto spinodal = hopfield_rs_spinodal(t);
    REQUIRE(spinodal.has_value());
    CHECK(spinodal->converged);
    double before = 0;
    for (double share = 0.05; share <= 1.0001;
         share += 0.05) {  // up to the spinodal the load grows with the noise
      const auto at = retrieval_point(share * spinodal->a, t);
      CHECK(at.alpha > before);
      CHECK(at.alpha <= spinodal->alpha * (1 + 1e-14));
      before = at.alpha;
    }
    CHECK(retrieval_point(1.01 * spinodal->a, t).alpha < spinodal->alpha);
    // d ln alpha / d ln a against finite differences
    const double a = 0.8 * spinodal->a, step = 1e-5;
    const double slope =
        std::log(retrieval_point(a * (1 + step), t).alpha / retrieval_point(a * (1 - step), t).alpha) /
        (2 * step);
    CHECK(retrieval_point(a, t).slope == Approx(slope).margin(1e-8));
    const double close = spinodal->alpha * (1 - 1e-10);
    CHECK(state(close, t).m == Approx(spinodal->m).margin(1e-3));
  }
}

TEST_CASE("glass and paramagnet meet at T_g = 1 + sqrt(alpha), where the replicon vanishes") {
  for (const double alpha : {1e-4, 0.05, 1.0}) {
    const double t_g = 1 + std::sqrt(alpha), t = t_g * (1 - 1e-6);
    const auto glass = state(alpha, t, Phase::spin_glass), para = state(alpha, t, Phase::paramagnet);
    CHECK(glass.q < 1e-3);
    CHECK(glass.f == Approx(para.f).epsilon(1e-9));
    CHECK(std::abs(*state(alpha, t_g, Phase::paramagnet).replicon) < 1e-9);
    CHECK(*glass.replicon < 0);
  }
}

TEST_CASE("a vanishing load: retrieval is the ferromagnet, the glass sits at its marginal noise") {
  const double t = 0.3;
  const auto ferromagnet = state(0, t);
  for (const double alpha : {1e-20, 1e-100, 1e-300, 5e-324}) {
    const auto s = state(alpha, t);
    CHECK(s.m == Approx(ferromagnet.m).epsilon(1e-12));
    CHECK(s.f == Approx(ferromagnet.f).epsilon(1e-12));
    if (alpha < 1e-300) continue;
    // D -> 0: 1 - q = T, and alpha r = a^2 solves int Dz sech^2(a z / T) = T
    const auto glass = state(alpha, t, Phase::spin_glass), small = state(1e-12, t, Phase::spin_glass);
    CHECK(glass.q == Approx(1 - t).margin(2 * std::sqrt(alpha) + 1e-15));
    CHECK(alpha * glass.r == Approx(1e-12 * small.r).epsilon(1e-5));
    CHECK(glass.f == Approx(small.f).margin(1e-5));
    CHECK(glass.f == Approx(glass.u - t * glass.s).epsilon(1e-13));
  }
  const double alpha = 1e-16, half_way = 1 + 0.5e-8;  // T_g = 1 + 1e-8: q = T_g - T near it
  CHECK(state(alpha, half_way, Phase::spin_glass).q == Approx(0.5e-8).epsilon(1e-6));
}

TEST_CASE(
    "a huge load: the glass is that of Sherrington and Kirkpatrick with couplings of width sqrt(alpha)") {
  for (const double alpha : {1e10, 1e30, 1e300})
    for (const double t : {0.0, 1e-6, 1.0, 5.0}) {
      const auto s = state(alpha, t, Phase::spin_glass);
      CAPTURE(alpha, t);
      // e = -sqrt(2 alpha / pi) - 1/pi, and t is nothing to sqrt(alpha)
      CHECK(s.u == Approx(-std::sqrt(2 * alpha / std::acos(-1.0))).epsilon(2e-5));
      CHECK(s.f == Approx(s.u - t * s.s).epsilon(1e-13));
      CHECK(s.s == Approx(-1 / (2 * std::acos(-1.0))).epsilon(1e-3));
    }
  const auto hot = state(1e12, 0.5e6, Phase::spin_glass);  // T = T_g / 2
  CHECK(hot.f == Approx(1e6 * solve_sk_rs(0.5, 0).state->f).epsilon(1e-5));
  CHECK(state(1e300, 1e3, Phase::paramagnet).u == Approx(-1e300 / 2 / 999));
}

TEST_CASE("extremes of T: T = 0 below 1e-100, and nothing that is no number") {
  CHECK(state(0.05, 1e-300).u == state(0.05, 0).u);
  CHECK(hopfield_rs_spinodal(1e-300)->alpha == hopfield_rs_spinodal(0)->alpha);
  CHECK(state(0.05, 1e300, Phase::paramagnet).f == Approx(-1e300 * std::log(2.0)));
  const auto overflow = solve_hopfield_rs(1e308, 1 + 1e-10, Phase::paramagnet);
  CHECK_FALSE(overflow.state.has_value());
  CHECK_FALSE(overflow.converged);
  const auto hot = *solve_hopfield_rs(0.1, HUGE_VAL, Phase::paramagnet).state;
  CHECK(hot.q == 0);
  CHECK(hot.u == 0);
  CHECK(hot.s == Approx(std::log(2.0)));
  CHECK(hot.f == -HUGE_VAL);
  CHECK_FALSE(has_state(0.1, HUGE_VAL));
  CHECK_FALSE(has_state(0.1, HUGE_VAL, Phase::spin_glass));
}
