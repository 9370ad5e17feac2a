#include "analysis/theory/parisi.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/sk.hpp"

using namespace mattis::theory;

namespace {

ParisiState parisi(double t, double h) {
  const auto solution = solve_sk_parisi(t, h);
  CAPTURE(t, h, solution.residual);
  CHECK(solution.converged);
  CHECK(solution.residual < 1e-6);
  REQUIRE(solution.state.has_value());
  return *solution.state;
}

double free_energy(const Mixture& mixture, const OverlapStaircase& stairs, double t) {
  return parisi_free_energy(mixture, stairs, t,
                            hierarchical_averages(mixture, mixture.field, stairs, t).log_moment);
}

/// int_{q_0}^1 w(q) g(q) dq of SK, by G, the integral of g: what a staircase says of q(x).
template <class G>
double integral(const OverlapStaircase& stairs, double t, G g) {
  const auto& q = stairs.overlaps;
  double sum = 0;
  for (std::size_t i = 0; i < stairs.tilts.size(); ++i)
    sum += stairs.tilts[i] * (g(i + 1 < q.size() ? q[i + 1] : 1) - g(q[i]));
  return t > 0 ? sum + (g(1) - g(q.back())) / t : sum;
}

}  // namespace

TEST_CASE("SK, full breaking: f = -0.791178, u = -0.71146 at T = 0.5 and e = -0.763167 at T = 0") {
  const auto s = parisi(0.5, 0);
  CHECK(std::abs(s.f + 0.791178) < 5e-7);
  CHECK(std::abs(s.u + 0.71146) < 5e-6);
  const auto ground = parisi(0, 0);
  CHECK(std::abs(ground.f + 0.763167) < 5e-7);
  CHECK(ground.u == ground.f);
  CHECK(ground.q_max == 1);
  CHECK(ground.s == 0);
}

TEST_CASE("near T = 1: q_EA = tau + tau^2 - tau^3 + (5/2) tau^4") {
  for (const double tau : {1e-6, 1e-4, 1e-2}) {
    const auto s = parisi(1 - tau, 0);
    CHECK(s.q_max == Approx(tau + tau * tau - tau * tau * tau + 2.5 * std::pow(tau, 4))
                         .margin(10 * std::pow(tau, 5) + 1e-11));
    CHECK(s.f == Approx(solve_sk_rs(1 - tau, 0).state->f).margin(std::pow(tau, 5) + 1e-11));
  }
}

TEST_CASE("the staircase is stationary, a maximum in w, and q(x) grows with x", "[default]") {
  for (const double t : {0.0, 0.2, 0.6})
    for (const double h : {0.0, 0.15}) {
      const auto stairs = parisi(t, h).staircase;
      const auto mixture = sherrington_kirkpatrick(h);
      for (std::size_t i = 0; i + 1 < stairs.tilts.size(); ++i) {
        CHECK(stairs.tilts[i] < stairs.tilts[i + 1]);
        if (t > 0) CHECK(stairs.tilts[i + 1] * t < 1);
      }
      const auto along = [&](auto direction) {
        const auto at = [&](double x) {
          auto moved = stairs;
          for (std::size_t i = 0; i < stairs.tilts.size(); ++i)
            moved.tilts[i] *= 1 + x * direction(double(i) / double(stairs.tilts.size()));
          return free_energy(mixture, moved, t);
        };
        CHECK(at(0.05) < at(0));
        CHECK(at(-0.05) < at(0));
        return (8 * (at(0.01) - at(-0.01)) - (at(0.02) - at(-0.02))) / 0.12;
      };
      CAPTURE(t, h);
      CHECK(std::abs(along([](double) { return 1.0; })) < 1e-6);
      CHECK(std::abs(along([](double s) { return std::cos(6 * s); })) < 1e-6);
      CHECK(std::abs(along([](double s) { return s < 0.3 ? 1.0 : 0.0; })) < 1e-6);
      const auto last = [&](double x) {
        auto moved = stairs;
        moved.overlaps.back() += x * (moved.overlaps.back() - moved.overlaps[moved.overlaps.size() - 2]);
        return free_energy(mixture, moved, t);
      };
      if (t > 0) CHECK(std::abs(last(0.1) - last(-0.1)) / 0.2 < 1e-7);
    }
}

TEST_CASE("u = -(beta/2)(1 - int q^2 dx) - h m; without a field beta (1 - int q dx) = 1", "[default]") {
  for (const double t : {0.1, 0.3, 0.7, 0.95})
    for (const double h : {0.0, 0.1}) {
      if (h >= *sk_h_at(t).value) continue;
      const auto s = parisi(t, h);
      CAPTURE(t, h);
      // (beta/2)(1 - int q^2 dx) = int w q dq
      CHECK(s.u ==
            Approx(-integral(s.staircase, t, [](double q) { return q * q / 2; }) - h * s.m).margin(1e-6));
      if (h == 0)
        CHECK(integral(s.staircase, t, [](double q) { return q; }) == Approx(1).margin(1.0 / (48 * 48)));
    }
}

TEST_CASE("s = -df/dT and m = -df/dh", "[default]") {
  const auto slope = [](auto f, double step) {
    return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
  };
  for (const double h : {0.0, 0.2}) {
    const auto s = parisi(0.5, h);
    CHECK(-slope([&](double x) { return parisi(0.5 + x, h).f; }, 0.01) == Approx(s.s).margin(2e-7));
  }
  for (const double t : {0.0, 0.5}) {
    const auto s = parisi(t, 0.3);
    CHECK(-slope([&](double x) { return parisi(t, 0.3 + x).f; }, 0.02) == Approx(s.m).margin(2e-6));
  }
}

TEST_CASE("k steps: f grows with k, its error falls as 1/k^4") {
  const double t = 0.4;
  const auto limit = parisi(t, 0);
  ParisiState start;
  start.q_max = limit.q_max;
  const auto at = [&](int k) {
    const auto solution = solve_parisi_staircase(sherrington_kirkpatrick(0), t, start, k);
    CHECK(solution.converged);
    CHECK(solution.residual < 1e-9);
    return solution.state->f;
  };
  const double one = solve_sk_1rsb(t, 0).state->f, f6 = at(6), f12 = at(12), f24 = at(24);
  CHECK(solve_sk_rs(t, 0).state->f < one);
  CHECK(one < f6);
  CHECK(f6 < f12);
  CHECK(f12 < f24);
  CHECK((f12 - f6) / (f24 - f12) == Approx(16).epsilon(0.15));
  CHECK(f24 + (f24 - f12) / 15 == Approx(limit.f).margin(1e-9));
}

TEST_CASE("above the de Almeida-Thouless line the state is replica symmetric, on it the two meet",
          "[default]") {
  for (const double t : {0.1, 0.5, 0.9}) {
    const double h = *sk_h_at(t).value;
    const auto above = parisi(t, 1.001 * h);
    CHECK(above.q_min == above.q_max);
    CHECK(above.f == solve_sk_rs(t, 1.001 * h).state->f);
    const auto below = parisi(t, 0.999 * h);
    const auto rs = *solve_sk_rs(t, 0.999 * h).state;
    CHECK(below.q_min < rs.q1);
    CHECK(below.q_max > rs.q1);
    CHECK(below.q_max - below.q_min < 0.01 * (1 - rs.q1));
    CHECK(below.f == Approx(rs.f).margin(1e-9));
    const auto halfway = parisi(t, 0.5 * h);
    CHECK(halfway.f > solve_sk_rs(t, 0.5 * h).state->f);
  }
  CHECK(parisi(1.3, 0).q_max == 0);
}

TEST_CASE("low temperatures: s ~ T^2, 1 - q_EA ~ T^2, and T = 0 is their limit", "[default]") {
  const auto ground = parisi(0, 0), a = parisi(0.03, 0), b = parisi(0.021, 0), c = parisi(0.019, 0),
             d = parisi(1e-6, 0);
  CHECK(a.s / 9e-4 == Approx(b.s / 4.41e-4).epsilon(1e-3));
  CHECK((1 - a.q_max) / 9e-4 == Approx((1 - b.q_max) / 4.41e-4).epsilon(2e-3));
  CHECK(b.s / 4.41e-4 == Approx(c.s / 3.61e-4).epsilon(1e-3));
  CHECK(b.f - c.f == Approx(-0.002 * (b.s + c.s) / 2).margin(1e-8));
  CHECK(d.f == Approx(ground.f).margin(5e-8));
  CHECK(1 - d.q_max == Approx(1.6e-12).epsilon(0.01));
}

TEST_CASE("a small field adds -h^2/2: the susceptibility is 1 below T = 1", "[default]") {
  for (const double t : {0.0, 0.5, 0.9})
    for (const double h : {1e-9, 1e-4, 5e-3}) {
      const auto s = parisi(t, h);
      CHECK(s.f - parisi(t, 0).f == Approx(-h * h / 2).margin(0.2 * std::pow(h, 10.0 / 3) + 3e-9));
      CHECK(s.m == Approx(h).margin(std::pow(h, 7.0 / 3) + 2e-7));
    }
}
