#include "analysis/theory/hopfield_rs_lines.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

/// Where alpha_c(T) is largest: both ends of the re-entrant stretch meet there.
const Found& highest_spinodal() {
  static const Found highest = minimise([](double t) { return -hopfield_rs_spinodal(t)->alpha; }, 0, 0.1);
  return highest;
}

/// The retrieval state at the edge of its existence: just inside T_edge, towards T_inside.
double just_inside(double alpha, double t_edge, double t_inside) {
  double t = t_edge;
  for (double share = 1e-14; share < 1e-3 && !solve_hopfield_rs(alpha, t, Phase::retrieval).state; share *= 4)
    t = t_edge + (t_inside - t_edge) * share;
  return t;
}

/// f_retrieval - f_glass; both states must exist.
double advantage(double alpha, double t) {
  const auto retrieval = solve_hopfield_rs(alpha, t, Phase::retrieval);
  const auto glass = solve_hopfield_rs(alpha, t, Phase::spin_glass);
  return retrieval.state && glass.state ? retrieval.state->f - glass.state->f : std::nan("");
}

double replicon(double alpha, double t) {
  const auto solution = solve_hopfield_rs(alpha, t, Phase::retrieval);
  return solution.state && solution.state->replicon ? *solution.state->replicon : std::nan("");
}

/// T -> 0: replicon = 1 - (4/3) (beta a) exp(-m^2/2a^2) / sqrt(2 pi), a = sqrt(alpha r), with relative
/// corrections O(T).
double low_temperature_t_r(double alpha, const HopfieldState& ground) {
  const double a2 = alpha * ground.r;
  return 4.0 / 3 * std::sqrt(a2 / (2 * std::numbers::pi)) * std::exp(-ground.m * ground.m / (2 * a2));
}

/// Lowest temperature with a retrieval state at load alpha: 0, or the lower end of the re-entrant stretch.
double lowest_temperature(double alpha) {
  if (alpha <= hopfield_rs_spinodal(0)->alpha) return 0;
  const double top = highest_spinodal().x;
  const auto root = find_root([&](double t) { return hopfield_rs_spinodal(t)->alpha - alpha; }, 0, top);
  return just_inside(alpha, root.x, top);
}

/// What a search found; nothing if it failed.
LineResult line_from(const Found& root, double value) {
  return {root.converged ? std::optional{value} : std::nullopt, root.converged, std::abs(root.value)};
}
LineResult line_from(const Found& root) { return line_from(root, root.x); }

LineResult temperature_from(const Found& ln_t) { return line_from(ln_t, std::exp(ln_t.x)); }

constexpr double vanishing_load = 1e-33;  // 1 - T_M ~ 2 sqrt(alpha) is less than rounding
constexpr double resolved_load = 1e-10;   // f_retrieval - f_glass ~ alpha is lost below

}  // namespace

HopfieldCapacity hopfield_rs_capacity(double temperature) {
  const auto spinodal = hopfield_rs_spinodal(temperature);
  if (!spinodal) return {};
  HopfieldCapacity capacity{spinodal->alpha, spinodal->m, std::nullopt, spinodal->converged, 0};
  const auto at = [&](double ln_alpha) { return advantage(std::exp(ln_alpha), temperature); };
  const double hi = std::log(spinodal->alpha * (1 - 1e-12));
  double lo = hi - 1;
  while (at(lo) > 0 && lo > hi - 10) lo -= 1;
  const auto crossing = find_root(at, lo, hi);
  if (crossing.converged) capacity.alpha_thermo = std::exp(crossing.x);
  capacity.converged = capacity.converged && crossing.converged;
  capacity.residual = std::abs(crossing.value);
  return capacity;
}

LineResult hopfield_rs_t_m(double alpha) {
  if (alpha < vanishing_load) return {1.0, true, 0};
  const auto& top = highest_spinodal();
  if (alpha > -top.value) return {std::nullopt, top.converged, 0};
  // alpha_c ~ 0.26 (1-T)^2 near T = 1: in ln(1-T) the curve is nearly straight
  const auto excess = [&](double ln_gap) {
    return std::log(hopfield_rs_spinodal(-std::expm1(ln_gap))->alpha / alpha);
  };
  const double hi = std::log1p(-top.x);
  double lo = std::min(std::log(std::sqrt(alpha)), hi);
  while (excess(lo) > 0) lo -= 0.5;
  auto root = find_root(excess, lo, hi);
  root.x = -std::expm1(root.x);
  return line_from(root);
}

LineResult hopfield_rs_t_c(double alpha) {
  if (alpha == 0) return {1.0, true, 0};
  if (alpha < resolved_load) {  // 1 - T_c ~ sqrt(alpha)
    auto line = hopfield_rs_t_c(resolved_load);
    if (line.value) line.value = 1 - (1 - *line.value) * std::sqrt(alpha / resolved_load);
    return line;
  }
  const auto end = hopfield_rs_t_m(alpha);
  if (!end.value || alpha > 0.1) return {std::nullopt, end.converged, 0};  // crossings end near 0.0531
  const auto at = [&](double t) { return advantage(alpha, t); };
  const double hi = just_inside(alpha, *end.value, 0);
  const auto deepest = minimise(at, 0, hi);
  if (deepest.value > 0) return {std::nullopt, deepest.converged, 0};
  return line_from(find_root(at, deepest.x, hi));
}

LineResult hopfield_rs_t_r(double alpha) {
  const auto end = hopfield_rs_t_m(alpha);
  if (alpha == 0 || !end.value) return {std::nullopt, end.converged, 0};
  if (alpha < 0.1) {
    const auto ground = solve_hopfield_rs(alpha, 0, Phase::retrieval).state;
    const double t = low_temperature_t_r(alpha, *ground);
    if (t < 1e-18) return {t, true, 0};
  }
  constexpr double smallest = -45;  // ln T
  const double bottom = lowest_temperature(alpha);
  const double top = just_inside(alpha, *end.value, std::max(bottom, highest_spinodal().x));
  const double ln_bottom = bottom > 0 ? std::log(bottom) : smallest, ln_top = std::log(top);
  // ln(1 - replicon) is nearly linear in ln T
  const auto excess = [&](double ln_t) {
    return std::log(std::max(1 - replicon(alpha, std::clamp(std::exp(ln_t), bottom, top)), 1e-300));
  };
  double hi = ln_top;
  if (excess(hi) > 0) {  // unstable at T_M: perhaps not below
    const auto calmest = minimise(excess, std::max(ln_bottom, ln_top - 2), ln_top, 16);
    if (calmest.value > 0) return {std::nullopt, calmest.converged, 0};
    return temperature_from(find_root(excess, calmest.x, ln_top));
  }
  double lo = hi;
  for (double stride = 0.5; lo > ln_bottom; stride *= 2) {
    lo = std::max(ln_bottom, hi - stride);
    if (excess(lo) > 0) break;
    hi = lo;
  }
  if (!(excess(lo) > 0)) return {std::nullopt, bottom > 0, 0};
  return temperature_from(find_root(excess, lo, hi));
}

double hopfield_rs_t_g(double alpha) { return 1 + std::sqrt(alpha); }

}  // namespace mattis::theory
