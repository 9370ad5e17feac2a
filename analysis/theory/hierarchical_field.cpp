#include "analysis/theory/hierarchical_field.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/field_average.hpp"
#include "analysis/theory/field_grid.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

const double inverse_sqrt_2pi = 1 / std::sqrt(2 * std::numbers::pi);

double normal_density(double y) { return inverse_sqrt_2pi * std::exp(-y * y / 2); }
double normal_distribution(double y) { return std::erfc(-y / std::numbers::sqrt2) / 2; }

/// phi, m = phi', 1 - m^2, m' and m'' at one overlap, on the grid.
struct Level {
  std::vector<double> phi, m, softness, m1, m2;
};

/// One place a step looks at from a point, and the share of the tilted weight there.
struct Look {
  FieldGrid::Stencil stencil;
  double share = 0;
};
struct Step {
  std::size_t looks = 0;  // per point
  std::vector<Look> from;
};

/// Places and weights of int Dz F(z) for F with this scale in z, displaced by up to `shift`.
std::vector<std::pair<double, double>> normal_nodes(double scale, double shift) {
  const double step = std::min(0.75, 0.25 * scale);
  const int reach = static_cast<int>(std::ceil((7.5 + shift) / step));
  std::vector<std::pair<double, double>> nodes;
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) {
    nodes.emplace_back(k * step, normal_density(k * step));
    sum += nodes.back().second;
  }
  for (auto& node : nodes) node.second /= sum;
  return nodes;
}

Level thermal_level(const FieldGrid& grid, double t) {
  Level level;
  for (std::size_t k = 0; k < grid.size(); ++k) {
    const double x = grid[k] / t, m = std::tanh(x), e = std::exp(-x), sech = 2 * e / (1 + e * e);
    level.phi.push_back(t * ln_2cosh(x));
    level.m.push_back(m);
    level.softness.push_back(sech * sech);
    level.m1.push_back(sech * sech / t);
    level.m2.push_back(-2 * m * sech * sech / (t * t));
  }
  return level;
}

/// T = 0: the step from |y| in closed form.
Level frozen_level(const FieldGrid& grid, double w, double sigma) {
  Level level;
  const double tilt = w * sigma, peak = std::exp(-tilt * tilt / 2);
  for (std::size_t k = 0; k < grid.size(); ++k) {
    const double y = grid[k], z = y / sigma;
    const double right = normal_distribution(z + tilt),
                 left = std::exp(-2 * w * y) * normal_distribution(tilt - z), sum = right + left;
    const double m = (right - left) / sum;
    const double kick = 2 * peak * normal_density(z) * std::exp(-w * y) / (sigma * sum);
    const double softness = 4 * right * left / (sum * sum), m1 = w * softness + kick;
    level.phi.push_back(y + w * sigma * sigma / 2 + std::log(sum) / w);
    level.m.push_back(m);
    level.softness.push_back(softness);
    level.m1.push_back(m1);
    level.m2.push_back(-kick * (y / (sigma * sigma) + w * m) - 2 * w * m * m1);
  }
  return level;
}

/// One step outwards: phi = (1/w) ln int Dz exp(w phi_inner(y + sigma z)).
Level step_outwards(const FieldGrid& grid, const Level& inner, double w, double sigma, double scale,
                    Step& step) {
  const auto nodes = normal_nodes(scale / sigma, w * sigma);
  step.looks = nodes.size();
  step.from.resize(grid.size() * nodes.size());
  struct Seen {
    double share, m, softness, m1, m2;
  };
  std::vector<Seen> seen(nodes.size());
  Level level;
  for (std::size_t k = 0; k < grid.size(); ++k) {
    double excess = 0;  // of int Dz exp(w phi) over 1
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      const double y = grid[k] + sigma * nodes[j].first, away = std::abs(y), sign = y < 0 ? -1 : 1;
      auto& look = step.from[k * nodes.size() + j];
      look.stencil = grid.stencil(away);
      const double phi =
          FieldGrid::at(look.stencil, inner.phi, 1) + std::max(away - grid.last(), 0.0) - inner.phi[k];
      const double rise = nodes[j].second * std::expm1(w * phi);
      look.share = nodes[j].second + rise;
      excess += rise;
      seen[j] = {look.share, sign * FieldGrid::at(look.stencil, inner.m, -1),
                 FieldGrid::at(look.stencil, inner.softness, 1), FieldGrid::at(look.stencil, inner.m1, 1),
                 sign * FieldGrid::at(look.stencil, inner.m2, -1)};
    }
    const double z = 1 + excess;
    double m = 0, softness = 0, m1 = 0, m2 = 0;
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      step.from[k * nodes.size() + j].share /= z;
      seen[j].share /= z;
      m += seen[j].share * seen[j].m;
      softness += seen[j].share * seen[j].softness;
      m1 += seen[j].share * seen[j].m1;
      m2 += seen[j].share * seen[j].m2;
    }
    double variance = 0, covariance = 0, skewness = 0;
    for (const auto& s : seen) {
      const double d = s.m - m;
      variance += s.share * d * d;
      covariance += s.share * d * s.m1;
      skewness += s.share * d * d * d;
    }
    level.phi.push_back(inner.phi[k] + std::log1p(excess) / w);
    level.m.push_back(m);
    level.softness.push_back(softness + variance);
    level.m1.push_back(m1 + w * variance);
    level.m2.push_back(m2 + 3 * w * covariance + w * w * skewness);
  }
  return level;
}

/// The weights of the points one step further inwards.
std::vector<double> step_inwards(const std::vector<double>& outer, const Step& step) {
  std::vector<double> inner(outer.size(), 0.0);
  for (std::size_t k = 0; k < outer.size(); ++k)
    for (std::size_t j = 0; j < step.looks; ++j) {
      const auto& look = step.from[k * step.looks + j];
      FieldGrid::add(look.stencil, outer[k] * look.share, inner);
    }
  return inner;
}

LevelAverages averages(const std::vector<double>& p, const Level& level) {
  LevelAverages sum;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double m1 = level.m1[k], m2 = level.m2[k];
    sum.overlap += p[k] * level.m[k] * level.m[k];
    sum.softness += p[k] * level.softness[k];
    sum.slope2 += p[k] * m1 * m1;
    sum.slope3 += p[k] * m1 * m1 * m1;
    sum.curvature2 += p[k] * m2 * m2;
  }
  return sum;
}

}  // namespace

HierarchicalAverages hierarchical_averages(const Mixture& mixture, double mean,
                                           const OverlapStaircase& staircase, double temperature) {
  const auto& q = staircase.overlaps;
  const auto& w = staircase.tilts;
  const double t = temperature;
  MATTIS_CHECK(!q.empty() && w.size() + (t > 0 ? 1 : 0) == q.size());
  const double core = t > 0 ? t : std::sqrt(mixture.slope_step(1, q.back()));  // scale of phi within
  const double outer = std::sqrt(mixture.slope(q.front()));
  double drift = 0;
  for (std::size_t i = 0; i + 1 < q.size(); ++i) drift += w[i] * mixture.slope_step(q[i + 1], q[i]);
  const double largest = mean + drift + 9.5 * std::sqrt(mixture.slope(q.back()));
  const FieldGrid grid{std::min(core, largest), std::max(largest, core)};

  std::vector<Level> levels(q.size());
  std::vector<Step> steps(q.size());
  levels.back() = t > 0 ? thermal_level(grid, t) : frozen_level(grid, w.back(), core);
  for (std::size_t i = q.size() - 1; i-- > 0;) {
    const double scale = std::sqrt(core * core + mixture.slope_step(q.back(), q[i + 1]));
    levels[i] = step_outwards(grid, levels[i + 1], w[i], std::sqrt(mixture.slope_step(q[i + 1], q[i])), scale,
                              steps[i]);
  }

  HierarchicalAverages result;
  std::vector<double> p(grid.size(), 0.0);
  const double scale = std::sqrt(core * core + mixture.slope_step(q.back(), q.front()));
  const auto nodes =
      outer > 0 ? normal_nodes(scale / outer, 0) : std::vector<std::pair<double, double>>{{0, 1}};
  for (const auto& [z, weight] : nodes) {
    const double y = mean + outer * z;
    const auto stencil = grid.stencil(std::abs(y));
    const double outside = std::max(std::abs(y) - grid.last(), 0.0);
    result.log_moment += weight * (FieldGrid::at(stencil, levels.front().phi, 1) + outside);
    result.m += weight * (y < 0 ? -1 : 1) * FieldGrid::at(stencil, levels.front().m, -1);
    FieldGrid::add(stencil, weight, p);
  }
  if (mean == 0) result.m = 0;  // exactly
  for (std::size_t i = 0; i < q.size(); ++i) {
    result.levels.push_back(averages(p, levels[i]));
    if (i + 1 < q.size()) p = step_inwards(p, steps[i]);
  }
  if (t > 0) {
    for (std::size_t k = 0; k < grid.size(); ++k) {
      const double x = grid[k] / t, e = std::exp(-2 * x);
      result.entropy += p[k] * (std::log1p(e) + 2 * x * e / (1 + e));
    }
  } else {
    constexpr double shift = 1e-4;
    const auto at = [&](double factor) {
      return std::log(averages(p, frozen_level(grid, w.back() * factor, core)).slope2);
    };
    result.stiffening = (at(std::exp(shift)) - at(std::exp(-shift))) / (2 * shift);
  }
  return result;
}

double parisi_free_energy(const Mixture& mixture, const OverlapStaircase& staircase, double temperature,
                          double log_moment) {
  const auto& q = staircase.overlaps;
  const auto& w = staircase.tilts;
  // int_a^b q xi'' dq = b xi'(b) - a xi'(a) - [xi(b) - xi(a)]
  const auto share = [&](double b, double a) {
    return (b - a) * mixture.slope(a) + b * mixture.slope_step(b, a) - mixture.xi_step(b, a);
  };
  double f = -log_moment;
  for (std::size_t i = 0; i + 1 < q.size(); ++i) f += w[i] / 2 * share(q[i + 1], q[i]);
  if (temperature == 0) return f + w.back() / 2 * share(1, q.back());
  const double rest = 1 - q.back();  // w = beta: the step itself is known, and ends at T ln 2cosh
  return f - rest * rest / (2 * temperature) * mixture.remainder_below(1, q.back());
}

}  // namespace mattis::theory
