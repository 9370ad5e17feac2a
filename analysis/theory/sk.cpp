#include "analysis/theory/sk.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/field_average.hpp"
#include "analysis/theory/quadrature.hpp"
#include "analysis/theory/solve.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

constexpr double accepted_residual = 1e-9;
constexpr double least_breaking = -1e-8;  // a replicon above this is zero within rounding

double normal_density(double y) { return std::exp(-y * y / 2) / std::sqrt(2 * std::numbers::pi); }

/// Temperature of the de Almeida-Thouless line in this field. T -> 0: replicon = 1 - (4/3) beta
/// exp(-h^2/2)/sqrt(2 pi).
double at_temperature(double field) {
  if (field == 0) return 1;
  const double low = 4.0 / 3 * normal_density(field);
  if (low < 1e-12) return low;
  const auto replicon = [&](double ln_t) { return *solve_sk_rs(std::exp(ln_t), field).state->replicon; };
  return std::exp(find_root(replicon, std::log(low) - 3, 0).x);
}

/// T = 0. Breaking happens within fields of the order of exp(-h^2/2)/sqrt(2 pi) (0.4 at h = 0).
TwoLevelField ground_guess(double field) {
  const double scale = normal_density(field), inner = scale * (1.45 + 0.9 * scale);
  return {field, std::sqrt(1 - inner * inner), inner, (0.72 - 0.44 * scale) / scale, 0};
}

ParisiSolution symmetric(const MixtureSolution& rs, double error) {
  const auto& s = *rs.state;
  return {ParisiState{s.q1, s.q1, s.m, s.f, s.u, s.s, {}}, rs.converged, std::max(rs.residual, error)};
}

constexpr double least_density = 1e-5;                    // of the field h: the edge in T is 4/3 of it
constexpr double least_field = 1e-3, least_share = 0.02;  // the second of the edge
constexpr double least_width = 1e-8;                      // of q_min ... q_max
constexpr double lowest_share = 0.02;                     // T_0 / T_AT

/// Where the overlaps end, to 1 % in 1 - q: q_max depends on T alone and q_min on h alone, nearly, and both
/// are the overlap
/// on the de Almeida-Thouless line (Parisi, Toulouse, J. Physique Lett. 41, L361 (1980)).
double largest_overlap(double t) {
  const double tau = 1 - t;
  if (tau < 1e-3) return tau + tau * tau;
  return t == 0 ? 1 : solve_sk_rs(t, *sk_h_at(t).value).state->q1;
}

/// Below the line, not too close to T = 0.
ParisiSolution broken(double t, double field) {
  const double edge = t > 0 ? sk_h_at(t).value.value_or(0) : HUGE_VAL;
  ParisiState start;
  start.q_max = largest_overlap(t);
  if (field < std::min(least_field, least_share * edge)) {
    auto solution = solve_parisi(sherrington_kirkpatrick(field), t, start);
    solution.residual = std::max(solution.residual, field * field / 2);
    return solution;
  }
  const double q_edge = start.q_max, share = field / edge;
  const auto zero = solve_parisi_staircase(sherrington_kirkpatrick(0), t, start, 24);
  if (zero.state) start = *zero.state;
  start.q_max += std::pow(share, 4) * (q_edge - start.q_max);
  start.q_min = solve_sk_rs(at_temperature(field), field).state->q1;
  const double width = start.q_max - start.q_min;
  if (width < least_width) return symmetric(solve_sk_rs(t, field), std::abs(width));
  return solve_parisi(sherrington_kirkpatrick(field), t, start);
}

/// From T_0 to T < T_0: s ~ T^2, and f is its integral.
ParisiSolution carried_to(ParisiSolution solution, double t_0, double t) {
  if (!solution.state) return solution;
  auto& state = *solution.state;
  const double ratio2 = t * t / (t_0 * t_0);
  state.f += state.s * t_0 / 3 * (1 - ratio2 * t / t_0);
  state.s *= ratio2;
  state.u = state.f + t * state.s;
  state.q_max = 1 - (1 - state.q_max) * ratio2;
  return solution;
}

}  // namespace

MixtureSolution solve_sk_rs(double temperature, double field) {
  MATTIS_CHECK(temperature >= 0 && field >= 0);
  const auto mixture = sherrington_kirkpatrick(field);
  const double t = temperature;
  if (std::isinf(t)) {
    MixtureState state;
    state.f = -HUGE_VAL;
    state.s = std::numbers::ln2;
    state.replicon = 1;
    return {state, true, 0};
  }
  if (t == 0) return {symmetric_state(mixture, std::erf(field / std::numbers::sqrt2), 1, 0), true, 0};
  const auto averages = [&](double q) { return field_averages(field / t, std::sqrt(q) / t); };
  double q = 0;
  bool converged = true;
  if (field > 0 || t < 1) {
    const auto excess = [&](double ln_q) { return std::log(averages(std::exp(ln_q)).tanh2) - ln_q; };
    double lo = -1;
    while (!(excess(lo) > 0) && lo > -600) lo *= 2;
    if (lo > -600) {  // otherwise q = (h/T)^2 is beyond the smallest number
      const auto root = find_root(excess, lo, 0);
      converged = root.converged;
      q = root.converged ? std::exp(root.x) : 0;
    }
  }
  const double m = averages(q).tanh;
  const auto tanh_at = [&](double z) { return std::tanh((field + std::sqrt(q) * z) / t); };
  std::vector<Step> steps;
  if (q > 0) steps.push_back({-field / std::sqrt(q), t / std::sqrt(q)});
  const double residual =
      std::max(std::abs(gaussian_average([&](double z) { return tanh_at(z) * tanh_at(z); }, steps).value - q),
               std::abs(gaussian_average(tanh_at, steps).value - m));
  return {symmetric_state(mixture, m, q, t), converged && residual < accepted_residual, residual};
}

MixtureSolution solve_sk_1rsb(double temperature, double field) {
  const auto rs = solve_sk_rs(temperature, field);
  if (rs.state->replicon && *rs.state->replicon > least_breaking) return rs;
  if (normal_density(field) < 1e-60) return rs;  // the breaking underflows
  const auto mixture = sherrington_kirkpatrick(field);
  const auto conditions = one_step_conditions(mixture);
  const auto unknowns = one_step_unknowns(mixture);
  const auto ground = solve_one_step(conditions, unknowns, ground_guess(field));
  if (temperature == 0) return one_step_state(mixture, ground);
  return one_step_state(mixture,
                        follow_one_step(conditions, unknowns, ground, temperature, at_temperature(field)));
}

ParisiSolution solve_sk_parisi(double temperature, double field) {
  const auto rs = solve_sk_rs(temperature, field);
  if (rs.state->replicon && *rs.state->replicon > least_breaking)
    return symmetric(rs, std::max(0.0, -*rs.state->replicon));
  if (normal_density(field) < least_density) return symmetric(rs, 0);
  const double lowest = lowest_share * at_temperature(field);
  if (temperature == 0 || temperature >= lowest) return broken(temperature, field);
  return carried_to(broken(lowest, field), lowest, temperature);
}

LineResult sk_h_at(double temperature) {
  const double t = temperature;
  if (t == 0 || t > 1) return {};
  if (t == 1) return {0.0, true, 0};
  const auto replicon = [&](double ln_h) { return *solve_sk_rs(t, std::exp(ln_h)).state->replicon; };
  // h^2 = (4/3)(1-T)^3 near T = 1; T = (4/3) exp(-h^2/2)/sqrt(2 pi) near T = 0
  const double hi = std::sqrt(2 * std::log1p(1 / t)) + 1;
  const auto root = find_root(replicon, std::log(0.3 * std::pow(1 - t, 1.5)), std::log(hi));
  return {std::exp(root.x), root.converged, std::abs(root.value)};
}

}  // namespace mattis::theory
