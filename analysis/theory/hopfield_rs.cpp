#include "analysis/theory/hopfield_rs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/quadrature.hpp"
#include "analysis/theory/solve.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

using std::numbers::inv_sqrtpi;
using std::numbers::ln2;
using std::numbers::sqrt2;

constexpr double accepted_residual = 1e-9;
const double sqrt_2_over_pi = std::sqrt(2 / std::numbers::pi);

/// -(ln D + C/D) / 2, D = 1 - C: entropy per unit load of the overlaps with the patterns that are not
/// condensed.
double noise_entropy(double c, double d) {
  if (c < 1e-4) return -c * c * (1.0 / 4 + c / 3 + 3 * c * c / 8);
  return -(std::log(d) + c / d) / 2;
}

/// |a^2 - alpha r|, relative where a > 1.
double noise_mismatch(double a, double alpha, double r) {
  return a > 0 ? std::abs(a - alpha * r / a) * (a > 1 ? 1 / a : a) : alpha * r;
}

/// The state at T = 0 with overlap m, noise a and susceptibility C = sqrt(2/pi) exp(-m^2/2a^2) / a.
HopfieldSolution zero_temperature_state(double alpha, double m, double a, double c) {
  HopfieldState state;
  state.m = m;
  state.q = 1;
  state.r = 1 / ((1 - c) * (1 - c));
  state.susceptibility = c;
  state.f = state.u = -0.5 * (m * m + alpha * c * (2 - c) * state.r);
  state.s = alpha * noise_entropy(c, 1 - c) + 0.0;  // not -0
  const double y = a > 0 ? m / (a * sqrt2) : HUGE_VAL;
  const double residual = std::max(std::abs(m - std::erf(y)), noise_mismatch(a, alpha, state.r));
  return {state, residual < accepted_residual, residual};
}

HopfieldSolution zero_temperature(double alpha, Phase phase) {
  if (phase == Phase::paramagnet) return {};
  if (phase == Phase::spin_glass) {
    if (alpha == 0) return {};
    const double a = std::sqrt(alpha) + sqrt_2_over_pi;  // a (1 - C) = sqrt alpha
    return zero_temperature_state(alpha, 0, a, sqrt_2_over_pi / a);
  }
  if (alpha == 0) return zero_temperature_state(0, 1, 0, 0);
  const auto spinodal = hopfield_rs_spinodal(0);
  if (alpha > spinodal->alpha) return {};
  const double target = std::sqrt(2 * alpha), y_spinodal = spinodal->m / (spinodal->a * sqrt2);
  const auto y =
      find_root([&](double at) { return hopfield_root_of_twice_load(at) - target; }, y_spinodal, 1 / target);
  // At alpha_c two roots merge and rounding may hide the change of sign: then the spinodal is the root, if its residual says so.
  const double root = y.converged ? y.x : y_spinodal;
  const double m = std::erf(root), a = m / (root * sqrt2);
  return zero_temperature_state(alpha, m, a, sqrt_2_over_pi * std::exp(-root * root) / a);
}

HopfieldSolution paramagnet(double alpha, double temperature) {
  if (temperature <= 1 && alpha > 0) return {};
  const double beta = 1 / temperature;
  HopfieldState state;
  state.susceptibility = beta;
  state.replicon = 1;
  state.s = ln2;
  if (alpha > 0) {
    state.u = -alpha / 2 / (temperature - 1) + 0.0;  // not -0
    state.s += alpha * noise_entropy(beta, (temperature - 1) / temperature);
    state.replicon = 1 - alpha / (temperature - 1) / (temperature - 1);
  }
  state.f = state.u - temperature * state.s;
  return {state, true, 0};
}

/// Completes the thermodynamics of a point of the curve; m, q and r are checked by adaptive quadrature.
HopfieldSolution finish(const NoisePoint& at, double alpha, double temperature) {
  const double a = at.a, m = at.m, c = at.susceptibility, d = at.stiffness;
  HopfieldState state;
  state.m = m;
  state.q = at.q;
  state.r = at.q / (d * d);
  state.susceptibility = c;
  const auto single = field_entropy(m / temperature, a / temperature);
  // alpha/2 cancels against the 1 in 1/D = 1 + C/D, which would cost the digits of a large load
  state.u = -m * m / 2 - alpha * c / 2 * (1 / d + state.r);
  state.s = single.entropy + alpha * noise_entropy(c, d);
  state.f = state.u - temperature * state.s;
  state.replicon = 1 - alpha / (d * d) * at.averages.sech4 / temperature / temperature;

  const auto tanh_at = [&](double z) { return std::tanh((m + a * z) / temperature); };
  std::vector<Step> steps;
  if (a > 0) steps.push_back({-m / a, temperature / a});
  const auto m_check = gaussian_average(tanh_at, steps);
  const auto q_check = gaussian_average([&](double z) { return tanh_at(z) * tanh_at(z); }, steps);
  const double residual = std::max(
      {std::abs(m_check.value - m), std::abs(q_check.value - at.q), noise_mismatch(a, alpha, state.r)});
  return {state, m_check.converged && q_check.converged && residual < accepted_residual, residual};
}

/// ln of the load along a curve of states: a^2 alone may underflow.
double ln_load(const NoisePoint& at) {
  return at.stiffness > 0 ? 2 * (std::log(at.a) + std::log(at.stiffness)) - std::log(at.q) : -HUGE_VAL;
}

HopfieldSolution retrieval(double alpha, double temperature) {
  if (temperature >= 1) return {};
  if (alpha == 0) return finish(retrieval_point(0, temperature), 0, temperature);
  const auto spinodal = hopfield_rs_spinodal(temperature);
  if (alpha > spinodal->alpha) return {std::nullopt, spinodal->converged, 0};
  const auto excess = [&](double ln_a) {
    return ln_load(retrieval_point(std::exp(ln_a), temperature)) - std::log(alpha);
  };
  const double hi = std::log(spinodal->a);
  double lo = hi - 0.5;
  while (excess(lo) > 0) lo -= 1 + (hi - lo);
  const auto root = find_root(excess, lo, hi);
  auto solution = finish(retrieval_point(root.converged ? std::exp(root.x) : spinodal->a, temperature), alpha,
                         temperature);
  return solution;
}

/// T < 1, small load: D = sqrt(alpha q)/a is too small to be found from a, but a(D) is smooth and D follows.
NoisePoint soft_glass_point(double alpha, double temperature) {
  const double lo = hopfield_critical_noise(temperature), hi = std::sqrt(alpha) + sqrt_2_over_pi;
  double stiffness = 0;
  auto at = spin_glass_point(lo, temperature);
  for (int k = 0; k < 30; ++k) {
    const double last = stiffness;
    stiffness = std::sqrt(alpha) * (std::sqrt(at.q) / at.a);
    if (std::abs(stiffness - last) <= 1e-15 * stiffness) break;
    const auto excess = [&](double a) { return spin_glass_point(a, temperature).stiffness - stiffness; };
    const auto root = find_root(excess, lo * (1 - 1e-12), hi);
    at = spin_glass_point(root.converged ? root.x : lo, temperature);
  }
  at.stiffness = stiffness;
  at.susceptibility = 1 - stiffness;
  return at;
}

HopfieldSolution spin_glass(double alpha, double temperature) {
  constexpr double soft_load = 1e-4;
  const double t_g = 1 + std::sqrt(alpha);
  if (alpha == 0 || temperature >= t_g) return {};
  if (temperature < 1 && alpha < soft_load)
    return finish(soft_glass_point(alpha, temperature), alpha, temperature);
  const auto excess = [&](double ln_a) {
    return ln_load(spin_glass_point(std::exp(ln_a), temperature)) - std::log(alpha);
  };
  // C <= sqrt(2/pi)/a and q <= 1 bound the noise by its value at T = 0
  const double hi = std::log(std::sqrt(alpha) + sqrt_2_over_pi) + 1e-9;
  double lo = std::log(1e-150 * temperature);
  if (temperature < 1) {
    const double critical = std::log(hopfield_critical_noise(temperature));
    double distance = hi - critical;  // D > 0 just above the critical noise, alpha -> 0 there
    do distance /= 16;
    while (excess(critical + distance) > 0 && distance > 1e-15);
    lo = critical + distance;
  }
  const auto root = find_root(excess, lo, hi);
  if (!root.converged)
    return {std::nullopt, temperature > t_g * (1 - 1e-9), 0};  // T_g within rounding: q = 0
  return finish(spin_glass_point(std::exp(root.x), temperature), alpha, temperature);
}

HopfieldSolution solve_phase(double alpha, double temperature, Phase phase) {
  if (temperature < lowest_hopfield_temperature) return zero_temperature(alpha, phase);
  if (phase == Phase::retrieval) return retrieval(alpha, temperature);
  return phase == Phase::spin_glass ? spin_glass(alpha, temperature) : paramagnet(alpha, temperature);
}

/// T = inf: no correlations, s = ln 2, f = -inf.
HopfieldSolution infinite_temperature(Phase phase) {
  if (phase != Phase::paramagnet) return {};
  HopfieldState state;
  state.f = -HUGE_VAL;
  state.s = ln2;
  state.replicon = 1;
  return {state, true, 0};
}

}  // namespace

HopfieldSolution solve_hopfield_rs(double alpha, double temperature, Phase phase) {
  MATTIS_CHECK(alpha >= 0 && temperature >= 0);
  if (std::isinf(temperature)) return infinite_temperature(phase);
  auto solution = solve_phase(alpha, temperature, phase);
  if (!solution.state) return solution;
  auto& s = *solution.state;
  if (s.replicon && !std::isfinite(*s.replicon)) s.replicon.reset();  // beyond the largest number
  for (const double value : {s.m, s.q, s.r, s.susceptibility, s.f, s.u, s.s})
    if (!std::isfinite(value)) return {std::nullopt, false, solution.residual};
  return solution;
}

}  // namespace mattis::theory
