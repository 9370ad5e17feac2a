#include "analysis/theory/dense_lines.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/dense_1rsb.hpp"
#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/dense_rs.hpp"
#include "analysis/theory/glass.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr double line_tolerance = 1e-11;

MixtureSolution retrieval(const Mixture& unit, double load, double t, Level level) {
  return level == Level::rs ? solve_retrieval_rs(unit, load, t) : solve_retrieval_1rsb(unit, load, t);
}

/// f_retrieval - f of the m = 0 state; nan where one of them is missing.
class Advantage {
 public:
  Advantage(const Mixture& unit, Level level) : unit_{unit}, level_{level} {
    if (level == Level::one_step) transition_ = glass_transition(unit);
  }

  double operator()(double load, double t) const {
    const auto memory = retrieval(unit_, load, t, level_);
    const auto rest =
        level_ == Level::rs ? unretrieved_rs(unit_, load, t) : unretrieved_1rsb(unit_, transition_, load, t);
    return memory.state && rest.state ? memory.state->f - rest.state->f : std::nan("");
  }

 private:
  const Mixture& unit_;
  Level level_;
  GlassTransition transition_;
};

/// Largest T with a replica-symmetric spinodal at this load.
LineResult symmetric_t_m(const Mixture& unit, double load) {
  const double t_end = retrieval_temperature(unit);
  if (load == 0) return {t_end, true, 0};
  const auto excess = [&](double t) {
    const auto spinodal = retrieval_spinodal(unit, t);
    return std::log(std::max(spinodal ? spinodal->load : 0, 1e-300) / load);
  };
  const auto root_between = [&](double lo, double hi) {
    const auto root = find_root(excess, lo, hi, 1e-14);
    return LineResult{root.converged ? std::optional{root.x} : std::nullopt, root.converged,
                      std::abs(root.value)};
  };
  constexpr int scan = 20;
  double hi = t_end * (1 - 1e-14), best = -HUGE_VAL, best_t = 0;  // load_c falls to 0 at t_end
  if (excess(hi) > 0) return {t_end, true, 0};
  for (int k = 1; k <= scan; ++k) {
    const double t = t_end * (1 - static_cast<double>(k) / scan), value = excess(t);
    if (value >= 0) return root_between(t, hi);
    if (value > best) best = value, best_t = t;
    hi = t;
  }
  const double width = t_end / scan;  // the highest spinodal may lie between the points
  const auto top =
      minimise([&](double t) { return -excess(t); }, std::max(0.0, best_t - width), best_t + width, 3, 1e-5);
  if (top.value > 0) return {std::nullopt, top.converged, 0};
  return root_between(top.x, best_t + width);
}

/// Temperature above which the spinodal is replica symmetric.
double highest_broken_spinodal(const Mixture& unit, double t_end) {
  double t = 0.05 * t_end;
  while (retrieval_spinodal(unit, t)->replicon < 0) t += 0.05 * t_end;
  return find_root([&](double at) { return retrieval_spinodal(unit, at)->replicon; }, t - 0.05 * t_end, t,
                   1e-13)
      .x;
}

/// Where the spinodal is broken: below `t_top`, replica symmetric there.
LineResult broken_t_m(const Mixture& unit, double load, double t_top) {
  bool converged = true;
  const auto excess = [&](double t) {
    const auto edge = retrieval_edge_1rsb(unit, t);
    converged = converged && edge && edge->converged;
    return edge ? std::log(edge->load / load) : std::nan("");
  };
  // loads differ by a percent along this stretch: look for the highest T with load_c > load
  if (load > 1.1 * retrieval_spinodal(unit, t_top)->load) return {};
  double hi = t_top;
  for (int k = 1; k <= 8; ++k) {
    const double lo = t_top * (1 - k / 8.0);
    if (excess(lo) >= 0) {
      const auto root = find_root(excess, lo, hi, line_tolerance);
      return {root.converged ? std::optional{root.x} : std::nullopt, root.converged && converged,
              std::abs(root.value)};
    }
    hi = lo;
  }
  return {std::nullopt, converged, 0};
}

}  // namespace

DenseCapacity dense_capacity(const Mixture& unit, double temperature, Level level) {
  DenseCapacity capacity;
  if (level == Level::rs) {
    const auto spinodal = retrieval_spinodal(unit, temperature);
    if (!spinodal) return {};
    capacity.load = spinodal->load;
    capacity.m = spinodal->m;
  } else {
    const auto edge = retrieval_edge_1rsb(unit, temperature);
    if (!edge) return {};
    capacity.load = edge->load;
    capacity.m = edge->m;
    capacity.converged = edge->converged;
  }
  const Advantage advantage{unit, level};
  const auto at = [&](double ln_load) { return advantage(std::exp(ln_load), temperature); };
  const double hi = std::log(*capacity.load * (1 - 1e-9));
  if (!(at(hi) > 0)) return capacity;  // retrieval is the lower one wherever it exists
  if (temperature > 0 && advantage(0, temperature) > 0) return capacity;  // and here it never is
  double lo = hi, above = hi;
  for (double stride = 0.2; at(lo) > 0 && stride < 1e3; stride *= 1.3) {
    above = lo;
    lo -= stride;
  }
  const auto crossing = find_root(at, lo, above, line_tolerance);
  if (crossing.converged) capacity.load_thermo = std::exp(crossing.x);
  capacity.converged = capacity.converged && crossing.converged;
  capacity.residual = std::abs(crossing.value);
  return capacity;
}

LineResult dense_t_m(const Mixture& unit, double load, Level level) {
  auto line = symmetric_t_m(unit, load);
  if (level == Level::rs || load == 0) return line;
  const double t_broken = highest_broken_spinodal(unit, retrieval_temperature(unit));
  if (line.value && *line.value >= t_broken) return line;
  return broken_t_m(unit, load, t_broken);
}

LineResult dense_t_c(const Mixture& unit, double load, Level level) {
  const auto end = dense_t_m(unit, load, level);
  if (!end.value) return {std::nullopt, end.converged, 0};
  const Advantage advantage{unit, level};
  const auto at = [&](double t) { return advantage(load, t); };
  double hi = *end.value * (1 - 1e-9);
  if (!(at(hi) > 0)) return {std::nullopt, !std::isnan(at(hi)), 0};
  constexpr int scan = 16;
  for (int k = 1; k <= scan; ++k) {
    const double lo = *end.value * (1 - k / (scan + 1e-3));
    const double value = at(lo);
    if (value <= 0) {
      const auto root = find_root(at, lo, hi, line_tolerance);
      return {root.converged ? std::optional{root.x} : std::nullopt, root.converged, std::abs(root.value)};
    }
    if (std::isnan(value)) return {std::nullopt, true, 0};  // the re-entrant end of the branch
    hi = lo;
  }
  return {std::nullopt, true, 0};
}

LineResult dense_t_r(const Mixture& unit, double load) {
  if (load == 0) return {};
  const auto end = symmetric_t_m(unit, load);
  if (!end.value) return {std::nullopt, end.converged, 0};
  const auto ground = solve_retrieval_rs(unit, load, 0);
  if (ground.state) {  // T -> 0: replicon = 1 - (4/3) beta xi''(1) exp(-b^2/2a^2) / (a sqrt 2 pi)
    const auto mixture = scaled(unit, load);
    const double a = std::sqrt(mixture.slope(1)), z = mixture.mean_field(ground.state->m) / a;
    const double t =
        4.0 / 3 * mixture.curvature(1) * std::exp(-z * z / 2) / (a * std::sqrt(2 * std::numbers::pi));
    if (t < 1e-18) return {t, true, 0};
  }
  // ln(1 - replicon) is nearly linear in ln T
  const auto excess = [&](double ln_t) {
    const auto solution = solve_retrieval_rs(unit, load, std::exp(ln_t));
    if (!solution.state || !solution.state->replicon) return std::nan("");
    return std::log(std::max(1 - *solution.state->replicon, 1e-300));
  };
  double hi = std::log(*end.value) - 1e-9;
  bool was_stable = excess(hi) < 0;
  for (double stride = 0.05; hi > -45; stride = std::min(1.3 * stride, 1.0)) {
    const double lo = hi - stride, value = excess(lo);
    if (std::isnan(value)) return {};
    if (was_stable && value > 0) {
      const auto root = find_root(excess, lo, hi, 1e-13);
      return {root.converged ? std::optional{std::exp(root.x)} : std::nullopt, root.converged,
              std::abs(root.value)};
    }
    was_stable = value < 0;
    hi = lo;
  }
  return {};
}

}  // namespace mattis::theory
