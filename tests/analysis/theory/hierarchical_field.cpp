#include "analysis/theory/hierarchical_field.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/sk.hpp"

using namespace mattis::theory;

namespace {

const Mixture two_terms{{{2, 0.5}, {4, 0.3}}, 0, 2, 0.2};

OverlapStaircase stairs_at(double t) {
  OverlapStaircase stairs{{0.1, 0.2, 0.3, 0.36}, {0.4, 0.7, 1.1}};
  if (t == 0) stairs.tilts.push_back(1.6);
  return stairs;
}

double log_moment(const OverlapStaircase& stairs, double t, double mean = 0.2) {
  return hierarchical_averages(two_terms, mean, stairs, t).log_moment;
}

/// (f(x + h) - f(x - h)) / 2h without the error in h^2.
template <class F>
double slope(F f, double h) {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

}  // namespace

TEST_CASE("one step: the averages of a field of two levels") {
  for (const double t : {0.0, 0.1, 0.5, 2.0})
    for (const double mean : {0.0, 0.3}) {
      const double q0 = 0.35, q1 = t > 0 ? 0.7 : 1, w = 0.9;
      const OverlapStaircase stairs = t > 0 ? OverlapStaircase{{q0, q1}, {w}} : OverlapStaircase{{q0}, {w}};
      const auto got = hierarchical_averages(two_terms, mean, stairs, t);
      const auto expected = one_step_averages(
          {mean, std::sqrt(two_terms.slope(q0)), std::sqrt(two_terms.slope_step(q1, q0)), w, t});
      CAPTURE(t, mean);
      CHECK(got.log_moment == Approx(expected.log_moment).epsilon(1e-9));
      CHECK(got.m == Approx(expected.m).margin(1e-8));
      CHECK(got.levels[0].overlap == Approx(expected.q0).epsilon(1e-7));
      CHECK(got.levels[0].softness == Approx(expected.one_minus_q0).epsilon(1e-7));
      if (t == 0) continue;
      CHECK(got.levels[1].softness == Approx(t * expected.susceptibility).epsilon(1e-7));
      CHECK(got.levels[1].slope2 == Approx(expected.sech4).epsilon(1e-6));
      CHECK(got.entropy == Approx(expected.entropy).epsilon(1e-7));
    }
}

TEST_CASE("derivatives of phi: by the field the magnetisation, by a tilt (1/2) int <m^2> d xi'") {
  for (const double t : {0.0, 0.3}) {
    const auto stairs = stairs_at(t);
    const auto at = hierarchical_averages(two_terms, 0.2, stairs, t);
    CHECK(slope([&](double x) { return log_moment(stairs, t, 0.2 + x); }, 1e-2) ==
          Approx(at.m).epsilon(1e-6));
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& l = at.levels[i];
      const auto& r = at.levels[i + 1];
      const double d = two_terms.slope_step(stairs.overlaps[i + 1], stairs.overlaps[i]), w = stairs.tilts[i];
      // d<m^2>/d xi' = <m'^2>, d<m'^2>/d xi' = <m''^2> - 2 w <m'^3>
      const double bend = (l.curvature2 - 2 * w * l.slope3) + (r.curvature2 - 2 * w * r.slope3);
      const double mean_overlap =
          (l.overlap + r.overlap) / 2 + d / 10 * (l.slope2 - r.slope2) + d * d / 120 * bend;
      const auto moved = [&](double x) {
        auto other = stairs;
        other.tilts[i] += x;
        return log_moment(other, t);
      };
      CAPTURE(t, i);
      CHECK(slope(moved, 1e-2) == Approx(d * mean_overlap / 2).epsilon(1e-4));
    }
  }
}

TEST_CASE("a step cut in two changes nothing") {
  for (const double t : {0.0, 0.2}) {
    const auto whole = stairs_at(t);
    auto cut = whole;
    cut.overlaps.insert(cut.overlaps.begin() + 2, 0.26);
    cut.tilts.insert(cut.tilts.begin() + 1, whole.tilts[1]);
    const auto a = hierarchical_averages(two_terms, 0.2, whole, t),
               b = hierarchical_averages(two_terms, 0.2, cut, t);
    CHECK(a.log_moment == Approx(b.log_moment).epsilon(1e-9));
    CHECK(a.m == Approx(b.m).epsilon(1e-8));
    CHECK(a.levels[3].slope3 == Approx(b.levels[4].slope3).epsilon(1e-6));
    CHECK(a.levels[1].curvature2 == Approx(b.levels[1].curvature2).epsilon(1e-6));
    CHECK(parisi_free_energy(two_terms, whole, t, 0) == Approx(parisi_free_energy(two_terms, cut, t, 0)));
  }
}

TEST_CASE("f of one step is that of the one-step theory") {
  for (const double t : {0.0, 0.3, 0.8})
    for (const double h : {0.0, 0.2}) {
      const auto state = *solve_sk_1rsb(t, h).state;
      if (!state.w) continue;
      const auto stairs = t > 0 ? OverlapStaircase{{state.q0, state.q1}, {*state.w}}
                                : OverlapStaircase{{state.q0}, {*state.w}};
      const auto mixture = sherrington_kirkpatrick(h);
      CAPTURE(t, h);
      CHECK(parisi_free_energy(mixture, stairs, t, hierarchical_averages(mixture, h, stairs, t).log_moment) ==
            Approx(state.f).margin(1e-9));
    }
}
