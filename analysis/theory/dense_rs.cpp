#include "analysis/theory/dense_rs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/field_average.hpp"
#include "analysis/theory/quadrature.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

using std::numbers::sqrt2;

constexpr double accepted_residual = 1e-9;
constexpr double farthest = 26;  // erfc(26) = 6e-296

/// The temperature at which m is a solution without noise, c p m^(p-1) / artanh m, at m = erf y.
double noiseless_temperature(const Mixture& unit, double y) {
  const double gap = std::erfc(y), artanh = std::log((2 - gap) / gap) / 2;
  return unit.mean_field(std::erf(y)) / artanh;
}

/// Where that is largest.
Found hottest(const Mixture& unit) {
  return minimise([&](double y) { return -noiseless_temperature(unit, y); }, 1e-3, 4, 40, 1e-9);
}

OverlapPoint point_without_temperature(const Mixture& unit, double y) {
  OverlapPoint at;
  at.y = y;
  at.m = std::erf(y);
  at.q = 1;
  at.mean = unit.mean_field(at.m);
  at.width = at.mean / (y * sqrt2);
  at.load = at.width * at.width / unit.slope(1);
  at.replicon = -HUGE_VAL;
  const double dm = 2 * std::numbers::inv_sqrtpi * std::exp(-y * y);
  at.slope = 2 * ((unit.body - 1) / at.m - 1 / (y * dm));
  return at;
}

/// Fixed-point iteration from m = 1: where the load is so small that it converges at once.
MixtureSolution nearly_perfect(const Mixture& unit, double load, double t) {
  const auto mixture = scaled(unit, load);
  double m = 1, q = 1;
  for (int k = 0; k < 200; ++k) {
    const double b = mixture.mean_field(m), a = std::sqrt(mixture.slope(q));
    const double last = m;
    if (t == 0) {
      m = a > 0 ? std::erf(b / a / sqrt2) : 1;
    } else {
      const auto mean = field_averages(b / t, a / t);
      m = mean.tanh;
      q = mean.tanh2;
    }
    if (std::abs(m - last) < 1e-16) break;
  }
  return checked_symmetric_state(mixture, m, q, t);
}

}  // namespace

OverlapPoint overlap_point(const Mixture& unit, double temperature, double y) {
  const double t = temperature;
  if (t == 0) return point_without_temperature(unit, y);
  OverlapPoint at;
  at.y = y;
  at.m = std::erf(y);
  at.mean = unit.mean_field(at.m);
  const double b = at.mean / t, ln_gap = std::log(std::erfc(y));
  const auto excess = [&](double a) { return std::log(field_averages(b, a).one_minus_tanh) - ln_gap; };
  if (excess(0) >= 0) return at;
  double hi = b / (y * sqrt2), lo = hi;  // right at T = 0
  while (excess(hi) < 0 && hi < 1e300) hi *= 1.2;
  while (excess(lo) > 0 && lo > 1e-300) lo /= 1.2;
  const double a = find_root(excess, lo, hi).x;
  const auto mean = field_averages(b, a);
  at.q = mean.tanh2;
  at.width = a * t;
  at.load = at.width * at.width / unit.slope(at.q);
  at.replicon = 1 - at.load * unit.curvature(at.q) * mean.sech4 / (t * t);
  // dm = S db - 2 a K da along the family, S = <sech^2>, K = <tanh sech^2>
  const double k = mean.tanh_sech2, db = (unit.body - 1) * b / at.m, da = (mean.sech2 * db - 1) / (2 * a * k);
  const double dq = 2 * k * db - mean.sech2_by_width * da;
  at.slope = 2 * da / a - unit.curvature(at.q) / unit.slope(at.q) * dq;
  return at;
}

double retrieval_temperature(const Mixture& unit) { return -hottest(unit).value; }

std::optional<OverlapRange> overlap_range(const Mixture& unit, double temperature) {
  if (temperature == 0) return OverlapRange{0, farthest};
  const auto top = hottest(unit);
  if (temperature >= -top.value) return std::nullopt;
  const auto excess = [&](double y) { return noiseless_temperature(unit, y) - temperature; };
  OverlapRange range{0, farthest};
  double lo = top.x;
  do lo /= 2;
  while (excess(lo) > 0 && lo > 1e-200);
  range.lowest = find_root(excess, lo, top.x).x;
  if (excess(farthest) < 0) range.highest = find_root(excess, top.x, farthest).x;
  return range;
}

std::optional<OverlapPoint> retrieval_spinodal(const Mixture& unit, double temperature) {
  const auto range = overlap_range(unit, temperature);
  if (!range) return std::nullopt;
  // the maximum lies below y = 4 at any p: in ln y, from the lower end
  const double lo = std::max(range->lowest, 0.05), hi = std::min(range->highest, 4.0);
  if (!(lo < hi)) return std::nullopt;
  const auto minus_load = [&](double y) { return -overlap_point(unit, temperature, y).load; };
  constexpr int scan = 14;
  const auto coarse = minimise(minus_load, lo, hi, scan, 1e-2);
  const double width = (hi - lo) * 0.05;
  const auto slope = [&](double y) { return overlap_point(unit, temperature, y).slope; };
  const auto fine = find_root(slope, std::max(lo, coarse.x - width), std::min(hi, coarse.x + width), 1e-13);
  return overlap_point(unit, temperature, fine.converged ? fine.x : coarse.x);
}

MixtureSolution checked_symmetric_state(const Mixture& mixture, double m, double q, double temperature) {
  const double t = temperature;
  auto state = symmetric_state(mixture, m, q, t);
  for (const double value : {state.m, state.q1, state.susceptibility, state.f, state.u, state.s})
    if (!std::isfinite(value)) return {std::nullopt, false, HUGE_VAL};
  const double b = mixture.mean_field(m), a = std::sqrt(mixture.slope(q));
  double residual = 0;
  if (t == 0) {
    residual = std::max(std::abs(q - 1), std::abs(m - (a > 0 ? std::erf(b / a / sqrt2) : 1.0)));
  } else {
    const auto tanh_at = [&](double z) { return std::tanh((b + a * z) / t); };
    std::vector<Step> steps;
    if (a > 0) steps.push_back({-b / a, t / a});
    residual = std::max(
        std::abs(gaussian_average(tanh_at, steps).value - m),
        std::abs(gaussian_average([&](double z) { return tanh_at(z) * tanh_at(z); }, steps).value - q));
  }
  if (state.replicon && !std::isfinite(*state.replicon)) state.replicon.reset();
  return {state, residual < accepted_residual, residual};
}

MixtureSolution solve_retrieval_rs(const Mixture& unit, double load, double temperature) {
  const double t = temperature < lowest_temperature ? 0 : temperature;
  const auto spinodal = retrieval_spinodal(unit, t);
  if (!spinodal || load > spinodal->load) return {};
  const auto range = *overlap_range(unit, t);
  double hi = range.highest * (1 - 1e-12);
  const auto excess = [&](double y) {
    return std::log(std::max(overlap_point(unit, t, y).load / load, 1e-300));
  };
  if (load == 0 || !(excess(hi) < 0)) return nearly_perfect(unit, load, t);
  const auto root = find_root(excess, spinodal->y, hi);
  if (!root.converged) return {std::nullopt, false, 0};
  const auto at = overlap_point(unit, t, root.x);
  return checked_symmetric_state(scaled(unit, load), at.m, at.q, t);
}

}  // namespace mattis::theory
