#include "analysis/theory/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/field_average.hpp"

namespace mattis::theory {

namespace {

/// sum_{j=0}^{n} (w0 + j w1) a^j b^(n-j).
double weighted_sum(int n, double w0, double w1, double a, double b) {
  double sum = 0;
  for (int j = 0; j <= n; ++j) sum += (w0 + j * w1) * std::pow(a, j) * std::pow(b, n - j);
  return sum;
}

}  // namespace

double Mixture::xi_step(double q1, double q0) const {
  double sum = 0;
  for (const auto& [k, a] : covariance) sum += a * (q1 - q0) * weighted_sum(k - 1, 1, 0, q1, q0);
  return sum;
}

double Mixture::slope(double q) const {
  double sum = 0;
  for (const auto& [k, a] : covariance) sum += a * k * std::pow(q, k - 1);
  return sum;
}

double Mixture::slope_step(double q1, double q0) const {
  double sum = 0;
  for (const auto& [k, a] : covariance) sum += a * k * (q1 - q0) * weighted_sum(k - 2, 1, 0, q1, q0);
  return sum;
}

double Mixture::curvature(double q) const {
  double sum = 0;
  for (const auto& [k, a] : covariance)
    if (k >= 2) sum += a * k * (k - 1) * std::pow(q, k - 2);
  return sum;
}

double Mixture::remainder(double q1, double q0) const {
  double sum = 0;
  for (const auto& [k, a] : covariance) sum += a * weighted_sum(k - 2, 1, 1, q1, q0);
  return sum;
}

double Mixture::remainder_below(double q1, double q0) const {
  double sum = 0;
  for (const auto& [k, a] : covariance) sum += a * weighted_sum(k - 2, 1, 1, q0, q1);
  return sum;
}

double Mixture::mean_field(double m) const {
  return field + (signal == 0 ? 0 : signal * body * std::pow(m, body - 1));
}

Mixture sherrington_kirkpatrick(double field) { return {{{2, 0.5}}, 0, 2, field}; }

OneStepConditions one_step_conditions(const Mixture& mixture) {
  return [mixture](const TwoLevelField& field, const OneStepAverages& mean) {
    const double q0 = mean.q0, step = mean.overlap_step, q1 = q0 + step;
    // near the edge all widths are small against T and every condition loses its digits with them: divide
    // them out
    const double t2 = field.temperature * field.temperature, inner2 = field.inner * field.inner,
                 outer2 = field.outer * field.outer;
    const double inner_share = inner2 / std::max(t2, inner2), outer_share = outer2 / std::max(t2, outer2);
    // df/dw = [theta(q1) - theta(q0) - inner^2]/2 - tilt_slope, with inner^2 = xi'(q1) - xi'(q0)
    const double slope =
        (-mean.one_minus_q0 * mixture.slope_step(q1, q0) + step * step * mixture.remainder(q1, q0)) / 2 -
        mean.tilt_slope;
    std::vector<double> conditions{std::log(inner2 / mixture.slope_step(q1, q0)) / inner_share,
                                   slope / (inner2 * step * inner_share),
                                   std::log(outer2 / mixture.slope(q0)) / outer_share};
    if (mixture.signal != 0) conditions.push_back(field.mean - mixture.mean_field(mean.m));
    return conditions;
  };
}

Unknowns one_step_unknowns(const Mixture& mixture) {
  Unknowns unknowns{&TwoLevelField::inner, &TwoLevelField::tilt, &TwoLevelField::outer};
  if (mixture.signal != 0) unknowns.push_back(&TwoLevelField::mean);
  return unknowns;
}

MixtureSolution one_step_state(const Mixture& mixture, const OneStepPoint& point) {
  if (!point.converged) return {std::nullopt, false, point.residual};
  const auto& mean = point.averages;
  const double t = point.field.temperature, w = point.field.tilt, c = mean.susceptibility;
  MixtureState state;
  state.m = point.field.mean == 0 ? 0 : mean.m;
  state.q0 = mean.q0;
  state.q1 = 1 - t * c;
  state.x = w * t;
  state.w = w;
  state.susceptibility = c;
  state.u = -mixture.signal * std::pow(state.m, mixture.body) - mixture.field * state.m -
            w * mixture.xi_step(state.q1, state.q0) - c * mixture.slope(state.q1) -
            t * c * c * mixture.remainder_below(1, state.q1);
  state.s = mean.entropy - c * c / 2 * mixture.remainder_below(1, state.q1);
  state.f = state.u - t * state.s;
  if (t > 0) state.replicon = 1 - mixture.curvature(state.q1) * mean.sech4;
  return {state, true, point.residual};
}

MixtureState symmetric_state(const Mixture& mixture, double m, double q, double temperature) {
  const double mean = mixture.mean_field(m), width = std::sqrt(mixture.slope(q)), t = temperature;
  MixtureState state;
  state.m = m;
  state.q0 = state.q1 = q;
  if (t > 0) {
    const auto averages = field_averages(mean / t, width / t);
    state.susceptibility = averages.sech2 / t;
    state.s = field_entropy(mean / t, width / t).entropy;
    state.replicon = 1 - mixture.curvature(q) * averages.sech4 / (t * t);
  } else if (width > 0) {
    const double z = mean / width;
    state.susceptibility = std::sqrt(2 / std::numbers::pi) * std::exp(-z * z / 2) / width;
  }
  const double c = state.susceptibility, remainder = mixture.remainder_below(1, q);
  state.u = -mixture.signal * std::pow(m, mixture.body) - mixture.field * m - c * mixture.slope(q) -
            t * c * c * remainder;
  state.s -= c * c / 2 * remainder;
  state.f = state.u - t * state.s;
  return state;
}

}  // namespace mattis::theory
