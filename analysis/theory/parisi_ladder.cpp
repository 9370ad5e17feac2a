#include "analysis/theory/parisi_ladder.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/theory/fixed_point.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr int max_iterations = 60;
constexpr double accurate = 1e-11;  // of a step of the iteration, by its effect on f, u and q
constexpr double acceptable = 1e-7;
constexpr double crowding = 0.2;  // of the steps towards small r, and small q

/// What one evaluation of a ladder tells: how far its equations are from holding, and what to do about it.
struct Outlook {
  std::vector<double> ln_tilts;  ///< change of ln w of each step, at T = 0 of the last one too
  double q_max = 0, q_min = 0;   ///< changes
  double violation = 0;          ///< largest |g|, of averages and at the ends
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

Outlook look(const Mixture& mixture, const OverlapStaircase& stairs, const HierarchicalAverages& at,
             double t) {
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
  // A level common to all c is the business of the inner end. At low T that end is hardly felt outside,
  // where w ~ c/r adapts: 1 - q_max must move by as much as the level, not by T^2 of it.
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
    outlook.q_max =
        (c[k] - level) / (curvature * (last.curvature2 - 2 / t * last.slope3)) - (1 + q[k]) / 2 * shift;
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

/// The step of the iteration for the vector x of a ladder, and its effect on f, u and q.
std::vector<double> step_of(const Mixture& mixture, const Ladder& ladder, const LadderSolution& at,
                            bool is_frozen, const Outlook& outlook, double& shift) {
  const std::size_t k = ladder.ln_products.size();
  const auto& stairs = at.staircase;
  std::vector<double> step(outlook.ln_tilts.begin(),
                           outlook.ln_tilts.begin() + static_cast<std::ptrdiff_t>(k));
  shift = 0;
  for (std::size_t i = 0; i < k; ++i)
    shift +=
        std::abs(step[i]) * stairs.tilts[i] * mixture.slope_step(stairs.overlaps[i + 1], stairs.overlaps[i]);
  const double room = ladder.q_max * (1 - ladder.q_max);
  step.push_back(is_frozen ? std::clamp(outlook.ln_tilts[k], -0.3, 0.3)
                           : std::clamp(outlook.q_max / room, -0.7, 0.7));
  if (!is_frozen) shift = std::max(shift, std::abs(step[k]) * room);
  if (ladder.q_min > 0) {
    const double space = ladder.q_min * (1 - ladder.q_min);
    step.push_back(std::clamp(outlook.q_min / space, -0.3, 0.3));
    shift = std::max(shift, std::abs(step[k + 1]) * space);
  }
  return step;
}

/// Iterates from `best` until it is accurate or nothing is left to try; moves are at most `longest`.
void improve(const Mixture& mixture, double t, double longest, LadderSolution& best) {
  const bool is_frozen = t == 0;
  AndersonMixing mixing{12};
  Ladder ladder = best.ladder;
  auto x = to_vector(ladder, is_frozen);
  for (int n = 0; n < max_iterations && best.shift > accurate; ++n) {
    from_vector(x, is_frozen, ladder);
    if (!(ladder.q_min < ladder.q_max && ladder.q_max < 1)) return;
    LadderSolution at{ladder, ladder.staircase(is_frozen), {}, 0, 0};
    at.averages = hierarchical_averages(mixture, mixture.field, at.staircase, t);
    const auto outlook = look(mixture, at.staircase, at.averages, t);
    at.violation = outlook.violation;
    const auto step = step_of(mixture, ladder, at, is_frozen, outlook, at.shift);
    if (!std::isfinite(at.shift)) return;
    if (at.shift < best.shift) best = std::move(at);
    x = mixing.next(x, step, longest);
  }
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

}  // namespace

double core_width(double q_min, std::size_t steps) {
  return (1 - q_min) / static_cast<double>(steps * steps);
}

OverlapStaircase Ladder::staircase(bool is_frozen) const {
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

Ladder first_ladder(double q_min, double q_max, const OverlapStaircase& tilts, int steps) {
  Ladder ladder{q_min, q_max, std::vector<double>(static_cast<std::size_t>(steps), 0.0), 0};
  const auto q = ladder.staircase(false).overlaps;
  for (std::size_t i = 0; i + 1 < q.size(); ++i)
    ladder.ln_products[i] = std::log(product_at(tilts, (q[i] + q[i + 1]) / 2));
  return ladder;
}

Ladder refined(const Ladder& coarse, bool is_frozen) {
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
  if (is_frozen) fine.q_max = 1 - core_width(fine.q_min, 2 * k);
  return fine;
}

LadderSolution solve_ladder(const Mixture& mixture, double temperature, const Ladder& start) {
  LadderSolution best;
  best.ladder = start;
  for (const double longest : {0.1, 0.03, 0.3})  // of a logarithm: beyond, the equations are not linear
    if (best.shift > acceptable) improve(mixture, temperature, longest, best);
  return best;
}

}  // namespace mattis::theory
