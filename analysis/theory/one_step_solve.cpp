#include "analysis/theory/one_step_solve.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr double tolerance =
    1e-9;  // the conditions lose digits as q1 - q0 -> 0; deep in the phase 1e-14 is reached

/// The field at T on the straight line through two earlier ones.
TwoLevelField extrapolate(const TwoLevelField& before, const TwoLevelField& last, double t) {
  TwoLevelField next = last;
  next.temperature = t;
  if (last.temperature == before.temperature) return next;
  const double share = (t - last.temperature) / (last.temperature - before.temperature);
  const auto line = [&](double a, double b) { return std::max(b + share * (b - a), 0.3 * b); };
  next.outer = std::sqrt(line(before.outer * before.outer, last.outer * last.outer));
  next.inner = std::sqrt(line(before.inner * before.inner, last.inner * last.inner));
  next.tilt = line(before.tilt, last.tilt);
  next.mean = line(before.mean, last.mean);
  return next;
}

}  // namespace

OneStepPoint solve_one_step(const OneStepConditions& conditions, const Unknowns& unknowns,
                            const TwoLevelField& start) {
  const auto field_at = [&](const std::vector<double>& logs) {
    TwoLevelField field = start;
    for (std::size_t k = 0; k < unknowns.size(); ++k) field.*unknowns[k] = std::exp(logs[k]);
    return field;
  };
  std::vector<double> logs;
  for (const auto unknown : unknowns) logs.push_back(std::log(start.*unknown));
  const auto root = solve_system(
      [&](const std::vector<double>& at) {
        const auto field = field_at(at);
        for (const auto unknown : unknowns)
          if (!(field.*unknown > 0 && std::isfinite(field.*unknown)))
            return std::vector<double>(unknowns.size(), std::nan(""));
        return conditions(field, one_step_averages(field));
      },
      logs, tolerance);
  const auto field = field_at(root.x);
  return {field, one_step_averages(field), root.residual, root.converged};
}

OneStepPoint follow_one_step(const OneStepConditions& conditions, const Unknowns& unknowns,
                             const OneStepPoint& ground, double temperature, double edge) {
  OneStepPoint before = ground, last = ground;
  const double target = temperature / edge;
  double at = 0, stride = 0.02;
  while (at < target && last.converged) {
    const double next_at = std::min(target, at + std::min(stride, 0.25 * (1 - at)));
    const double t = next_at == target ? temperature : next_at * edge;
    auto next = solve_one_step(conditions, unknowns, extrapolate(before.field, last.field, t));
    if (!next.converged && stride > 1e-3 * (1 - at)) {
      stride = (next_at - at) / 3;
      continue;
    }
    stride = std::min(2 * stride, 0.1);
    at = next_at;
    before = std::move(last);
    last = std::move(next);
  }
  return last;
}

double soft_fluctuation(double c) {
  if (std::abs(c) < 1e-4) return -c * c * (1.0 / 2 + 2 * c / 3 + 3 * c * c / 4);
  return -std::log1p(-c) - c / (1 - c);
}

}  // namespace mattis::theory
