#include "analysis/theory/parisi.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/theory/fixed_point.hpp"
#include "analysis/theory/solve.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

constexpr int max_iterations = 60;
constexpr double accurate = 1e-11;  // of a step of the iteration, by its effect on f, u and q
constexpr double acceptable = 1e-6;
constexpr int coarse_steps = 24;
constexpr double longest = 0.1;         // move of a logarithm in one iteration: longer ones leave the linear range
constexpr double crowding = 0.2;       // of the steps towards small r

/// T = 0: 1 - q where the last of k steps begins.
double core_width(double q_min, std::size_t k) { return (1 - q_min) / static_cast<double>(k * k); }

/// A staircase in the variables of the search: w = exp(ln_products)/sqrt(1-q) in the middle of each step.
struct Ladder {
  double q_min = 0, q_max = 0;
  std::vector<double> ln_products;
  double ln_core = 0;  ///< T = 0: ln(w sqrt(1-q)) of the last step

  OverlapStaircase staircase(bool is_frozen) const {
    const double r_max = std::sqrt(1 - q_min), r_min = std::sqrt(1 - q_max);
    const std::size_t k = ln_products.size();
    const auto position = [&](double r) {
      return r / r_max + crowding * (std::log(r) - (q_min > 0 ? std::log((1 - r) * (1 + r)) : 0));
    };
    OverlapStaircase stairs;
    const double first = position(r_max), last = position(r_min);
    for (std::size_t i = 0; i <= k; ++i) {
      const double target = first + (last - first) * static_cast<double>(i) / static_cast<double>(k);
      const double r = find_root([&](double at) { return position(at) - target; }, r_min, r_max, 1e-13).x;
      stairs.overlaps.push_back(i == 0 ? q_min : i == k ? q_max : (1 - r) * (1 + r));
    }
    for (std::size_t i = 0; i < k; ++i)
      stairs.tilts.push_back(std::exp(ln_products[i]) /
                             std::sqrt(1 - (stairs.overlaps[i] + stairs.overlaps[i + 1]) / 2));
    if (is_frozen) stairs.tilts.push_back(std::exp(ln_core) / r_min);
    return stairs;
  }
};

/// What one evaluation of a ladder tells: how far its equations are from holding, and what to do about it.
struct Outlook {
  std::vector<double> ln_tilts;           ///< change of ln w of each step, at T = 0 of the last one too
  double q_max = 0, q_min = 0;            ///< changes
  double violation = 0;                   ///< largest |g|, of averages and at the ends
};

/// Solves the tridiagonal mass matrix of hat functions on intervals `d`, sum_j M_ij c_j = b_i.
std::vector<double> solve_mass_matrix(const std::vector<double>& d, std::vector<double> b) {
  const std::size_t n = b.size();
  std::vector<double> diagonal(n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    diagonal[i] += d[i] / 3;
    diagonal[i + 1] += d[i] / 3;
  }
  for (std::size_t i = 1; i < n; ++i) {
    const double factor = d[i - 1] / 6 / diagonal[i - 1];
    diagonal[i] -= factor * d[i - 1] / 6;
    b[i] -= factor * b[i - 1];
  }
  for (std::size_t i = n; i-- > 0;) b[i] = (b[i] - (i + 1 < n ? d[i] / 6 * b[i + 1] : 0)) / diagonal[i];
  return b;
}

/// With s = xi'(q): changing <m'^2> by c(s), piecewise linear, changes g by -int c ds; c is chosen to cancel the average
/// of g in each step and g at both ends. d<m'^2>/ds = <m''^2> - 2 w <m'^3> then tells how to change w.
Outlook look(const Mixture& mixture, const OverlapStaircase& stairs, const HierarchicalAverages& at, double t) {
  const auto& q = stairs.overlaps;
  const std::size_t k = q.size() - 1;
  std::vector<double> d(k), g(k + 1), slope(k + 1), deviation(k + 2);
  for (std::size_t i = 0; i <= k; ++i) {
    const auto& level = at.levels[i];
    g[i] = q[i] < 0.5 ? q[i] - level.overlap : level.softness - (1 - q[i]);
    slope[i] = 1 / mixture.curvature(q[i]) - level.slope2;
  }
  if (q[0] == 0) g[0] = 0;
  Outlook outlook;
  deviation[0] = g[0];
  deviation[k + 1] = g[k];
  for (std::size_t i = 0; i < k; ++i) {
    d[i] = mixture.slope_step(q[i + 1], q[i]);
    const double bend = (1 / mixture.curvature(q[i + 1]) - 1 / mixture.curvature(q[i])) / d[i];
    const auto second = [&](const LevelAverages& level) {
      return bend - level.curvature2 + 2 * stairs.tilts[i] * level.slope3;
    };
    deviation[i + 1] = (g[i] + g[i + 1]) / 2 + d[i] / 10 * (slope[i] - slope[i + 1]) +
                       d[i] * d[i] / 120 * (second(at.levels[i]) + second(at.levels[i + 1]));
  }
  std::vector<double> steps(k + 1);
  for (std::size_t i = 0; i <= k; ++i) steps[i] = deviation[i + 1] - deviation[i];
  for (const double g_i : deviation) outlook.violation = std::max(outlook.violation, std::abs(g_i));
  if (std::isnan(steps[0])) outlook.violation = HUGE_VAL;
  const auto c = solve_mass_matrix(d, std::move(steps));
  for (std::size_t i = 0; i < k; ++i) {
    const double change =
        (c[i] - c[i + 1]) / (d[i] * (at.levels[i].slope3 + at.levels[i + 1].slope3)) / stairs.tilts[i];
    outlook.ln_tilts.push_back(change > -0.7 ? std::log1p(change) : -1.2);
  }
  // A level common to all c is the business of the inner end. At low T it feels the outer part little: w ~ c/r inside
  // adapts, and 1 - q_max must move by as much as the level, not by T^2 of it.
  const auto& last = at.levels.back();
  const double curvature = mixture.curvature(q[k]);
  double level = 0, range = 0;
  for (std::size_t i = 0; i < k; ++i) {
    level += d[i] * (c[i] + c[i + 1]) / 2;
    range += d[i];
  }
  level /= range;
  const double shift = level * curvature * (1 - q[0]);
  if (t > 0)
    outlook.q_max = (c[k] - level) / (curvature * (last.curvature2 - 2 / t * last.slope3)) - (1 + q[k]) / 2 * shift;
  else
    outlook.ln_tilts.push_back((c[k] - level) / (last.slope2 * at.stiffening) + 1.3 * shift / (1 - q[k]));
  if (q[0] > 0) outlook.q_min = -g[0] * (1 + 0.5 / (stairs.tilts[0] * q[0]));  // g(q_min) + h^2 ~ (2/3) w q^2
  return outlook;
}

double logit(double q) { return std::log(q / (1 - q)); }
double logistic(double x) { return x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// The ladder as a vector: ln products, then logit q_max or ln core, then logit q_min if it is not 0.
std::vector<double> to_vector(const Ladder& ladder, bool is_frozen) {
  auto x = ladder.ln_products;
  x.push_back(is_frozen ? ladder.ln_core : logit(ladder.q_max));
  if (ladder.q_min > 0) x.push_back(logit(ladder.q_min));
  return x;
}
void from_vector(const std::vector<double>& x, bool is_frozen, Ladder& ladder) {
  const std::size_t k = ladder.ln_products.size();
  std::copy_n(x.begin(), k, ladder.ln_products.begin());
  if (ladder.q_min > 0) ladder.q_min = logistic(x[k + 1]);
  if (is_frozen) {
    ladder.ln_core = x[k];
    ladder.q_max = 1 - core_width(ladder.q_min, k);
  } else {
    ladder.q_max = logistic(x[k]);
  }
}

struct LadderSolution {
  Ladder ladder;
  OverlapStaircase staircase;
  HierarchicalAverages averages;
  double violation = 0, shift = HUGE_VAL;  ///< of the equations; of f, u and q by one more iteration
};

LadderSolution solve(const Mixture& mixture, double t, Ladder ladder) {
  const bool is_frozen = t == 0;
  AndersonMixing mixing{12};
  LadderSolution best;
  auto x = to_vector(ladder, is_frozen);
  for (int n = 0; n < max_iterations && best.shift > accurate; ++n) {
    from_vector(x, is_frozen, ladder);
    if (!(ladder.q_min < ladder.q_max && ladder.q_max < 1)) break;
    const auto stairs = ladder.staircase(is_frozen);
    auto averages = hierarchical_averages(mixture, mixture.field, stairs, t);
    const auto outlook = look(mixture, stairs, averages, t);
    const std::size_t k = ladder.ln_products.size();
    std::vector<double> step(x.size());
    double shift = 0;
    for (std::size_t i = 0; i < k; ++i) {
      step[i] = outlook.ln_tilts[i];
      shift += std::abs(step[i]) * stairs.tilts[i] * mixture.slope_step(stairs.overlaps[i + 1], stairs.overlaps[i]);
    }
    const double room = ladder.q_max * (1 - ladder.q_max);
    step[k] = is_frozen ? std::clamp(outlook.ln_tilts[k], -0.3, 0.3) : std::clamp(outlook.q_max / room, -0.7, 0.7);
    if (!is_frozen) shift = std::max(shift, std::abs(step[k]) * room);
    if (ladder.q_min > 0) {
      const double space = ladder.q_min * (1 - ladder.q_min);
      step[k + 1] = std::clamp(outlook.q_min / space, -0.3, 0.3);
      shift = std::max(shift, std::abs(step[k + 1]) * space);
    }
    if (!std::isfinite(shift)) break;
    if (shift < best.shift) best = {ladder, stairs, std::move(averages), outlook.violation, shift};
    x = mixing.next(x, step, longest);
  }
  return best;
}

ParisiState state_of(const Mixture& mixture, double t, const LadderSolution& solution) {
  const auto& q = solution.staircase.overlaps;
  const auto& averages = solution.averages;
  ParisiState state;
  state.q_min = q.front();
  state.m = averages.m;
  state.f = parisi_free_energy(mixture, solution.staircase, t, averages.log_moment);
  state.staircase = solution.staircase;
  // both ends lie where xi'' <m'^2> = 1 if w = 0 outside and w = beta inside: O(1/k^4) instead of O(1/k^2)
  const auto overshoot = [&](std::size_t i) { return averages.levels[i].slope2 - 1 / mixture.curvature(q[i]); };
  if (q.front() > 0)
    state.q_min -= overshoot(0) / (mixture.curvature(q.front()) * averages.levels.front().curvature2);
  if (t == 0) {
    state.q_max = 1;
    state.u = state.f;
    return state;
  }
  const auto& last = averages.levels.back();
  state.q_max = q.back() + overshoot(q.size() - 1) /
                               (mixture.curvature(q.back()) * (2 / t * last.slope3 - last.curvature2));
  const double c = (1 - q.back()) / t, remainder = mixture.remainder_below(1, q.back());
  state.s = averages.entropy - c * c / 2 * remainder;
  state.u = state.f + t * state.s;
  return state;
}

/// The same ladder with twice the steps.
Ladder refined(const Ladder& coarse) {
  Ladder fine = coarse;
  const auto& y = coarse.ln_products;
  const std::size_t k = y.size();
  fine.ln_products.assign(2 * k, 0.0);
  for (std::size_t i = 0; i < k; ++i) {
    // a quarter of a step to both sides; w vanishes at q = 0, so the first two are better taken in w itself
    const double left = y[i > 0 ? i - 1 : i], right = y[i + 1 < k ? i + 1 : i];
    fine.ln_products[2 * i] = i > 0 ? y[i] + (left - right) / 8 : y[i] + std::log(0.5);
    fine.ln_products[2 * i + 1] = i > 0 ? y[i] + (right - left) / 8 : y[i] + std::log(1.5);
  }
  if (coarse.q_min > 0 && k > 1) {
    fine.ln_products[0] = y[0] + (y[0] - y[1]) / 4;
    fine.ln_products[1] = y[0] + (y[1] - y[0]) / 4;
  }
  return fine;
}

/// w sqrt(1-q) at q of a given staircase; without one, that of Sherrington-Kirkpatrick at T = 0 within 3 %.
double product_at(const OverlapStaircase& stairs, double q) {
  if (stairs.tilts.empty()) {
    const double r = std::sqrt(1 - q);
    return 0.65 * (1 - std::pow(r, 3.1 + 0.85 * r));
  }
  double left = 0, product_left = 0;
  for (std::size_t i = 0; i + 1 < stairs.overlaps.size(); ++i) {
    const double middle = (stairs.overlaps[i] + stairs.overlaps[i + 1]) / 2;
    const double product = stairs.tilts[i] * std::sqrt(1 - middle);
    if (q < middle) return product_left + (product - product_left) * (q - left) / (middle - left);
    left = middle;
    product_left = product;
  }
  return product_left;
}

Ladder first_ladder(const ParisiState& start, double t, int steps) {
  Ladder ladder;
  ladder.q_min = start.q_min;
  ladder.q_max = t > 0 ? start.q_max : 1 - core_width(start.q_min, static_cast<std::size_t>(steps));
  ladder.ln_products.assign(static_cast<std::size_t>(steps), 0.0);
  const auto q = ladder.staircase(false).overlaps;
  for (std::size_t i = 0; i + 1 < q.size(); ++i)
    ladder.ln_products[i] = std::log(product_at(start.staircase, (q[i] + q[i + 1]) / 2));
  return ladder;
}

}  // namespace

ParisiSolution solve_parisi_staircase(const Mixture& mixture, double temperature, const ParisiState& start,
                                      int steps) {
  const auto solution = solve(mixture, temperature, first_ladder(start, temperature, steps));
  if (solution.staircase.overlaps.empty()) return {std::nullopt, false, solution.violation};
  return {state_of(mixture, temperature, solution), solution.shift < acceptable, solution.violation};
}

ParisiSolution solve_parisi(const Mixture& mixture, double temperature, const ParisiState& start) {
  MATTIS_CHECK(mixture.signal == 0 && temperature >= 0 && start.q_min < start.q_max);
  const auto coarse = solve(mixture, temperature, first_ladder(start, temperature, coarse_steps));
  if (coarse.staircase.overlaps.empty()) return {std::nullopt, false, 0};
  const auto fine = solve(mixture, temperature, refined(coarse.ladder));
  if (fine.staircase.overlaps.empty()) return {std::nullopt, false, 0};
  const auto before = state_of(mixture, temperature, coarse), last = state_of(mixture, temperature, fine);
  ParisiSolution result{last, true, std::max(coarse.shift, fine.shift)};
  const double order = temperature > 0 ? 16 : 8;  // errors fall as 1/k^4, at T = 0 as 1/k^3
  (*result.state).q_min += (last.q_min - before.q_min) / (order - 1);
  for (const auto member : {&ParisiState::q_max, &ParisiState::m, &ParisiState::f,
                            &ParisiState::u, &ParisiState::s}) {
    const double correction = (last.*member - before.*member) / (order - 1);
    (*result.state).*member += correction;
    result.residual = std::max(result.residual, std::abs(correction));
  }
  result.converged = result.residual < acceptable;
  return result;
}

}  // namespace mattis::theory
