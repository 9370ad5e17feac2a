#include "analysis/theory/glass.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/dense_rs.hpp"
#include "analysis/theory/field_average.hpp"
#include "analysis/theory/one_step_family.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr double grid = 0.05;           // of ln a
constexpr double least_width = 1e-6;    // a/T: closer to a continuous transition than this there is no glass
constexpr double coldest_start = 0.02;  // T/sqrt(load) where a walk from T = 0 sets out
constexpr double accepted_residual = 1e-8;
constexpr double least_depth = 1e-4;  // 1 - T/T_s

bool has_random_field(const Mixture& unit) { return unit.slope(0) > 0; }

Mixture without_signal(Mixture mixture) {
  mixture.signal = 0;
  return mixture;
}

/// A point of the replica-symmetric curve with m = 0 at T = 1.
struct WidthPoint {
  double q = 0, ln_load = 0, replicon = 0;
};

WidthPoint width_point(const Mixture& unit, double ln_a) {
  const double a = std::exp(ln_a);
  const auto mean = field_averages(0, a);
  const double load = a * a / unit.slope(mean.tanh2);
  return {mean.tanh2, std::log(load), 1 - load * unit.curvature(mean.tanh2) * mean.sech4};
}

double ln_load(const Mixture& unit, double ln_a) { return width_point(unit, ln_a).ln_load; }

MixtureSolution none() { return {}; }

MixtureSolution symmetric_at_width(const Mixture& unit, double load, double t, double a) {
  return checked_symmetric_state(scaled(unit, load), 0, field_averages(0, a).tanh2, t);
}

/// Largest q at load / T^2 = exp(ln_target).
MixtureSolution largest_overlap(const Mixture& unit, double load, double t) {
  const double target = std::log(load) - 2 * std::log(t);
  const auto excess = [&](double ln_a) { return ln_load(unit, ln_a) - target; };
  double hi = (target + std::log(unit.slope(1))) / 2 + 1e-9;  // q <= 1
  double last = excess(hi), before = HUGE_VAL;
  for (double at = hi; at > std::log(least_width);) {
    at -= grid;
    const double here = excess(at);
    if (here < 0) {
      const auto root = find_root(excess, at, at + grid);
      if (!root.converged) return {std::nullopt, false, 0};
      return symmetric_at_width(unit, load, t, std::exp(root.x));
    }
    if (here > last && last < before) {  // a minimum of the curve: does it dip below?
      const auto lowest = minimise(excess, at, at + 2 * grid, 4, 1e-9);
      if (lowest.value < 0)
        return symmetric_at_width(unit, load, t, std::exp(find_root(excess, lowest.x, at + 2 * grid).x));
    }
    before = last;
    last = here;
  }
  return none();
}

/// Smallest q > 0 in a random field.
MixtureSolution smallest_overlap(const Mixture& unit, double load, double t) {
  const double target = std::log(load) - 2 * std::log(t);
  const auto excess = [&](double ln_a) { return ln_load(unit, ln_a) - target; };
  double at = (target + std::log(unit.slope(0))) / 2 - 1e-9;  // q >= 0
  while (excess(at + grid) < 0) at += grid;
  const auto root = find_root(excess, at, at + grid);
  return symmetric_at_width(unit, load, t, std::exp(root.x));
}

MixtureSolution without_temperature_rs(const Mixture& unit, double load) {
  return checked_symmetric_state(scaled(unit, load), 0, 1, 0);
}

/// T = inf: no correlations, s = ln 2, f = -inf.
MixtureSolution infinite_temperature() {
  MixtureState state;
  state.f = -HUGE_VAL;
  state.s = std::numbers::ln2;
  state.replicon = 1;
  return {state, true, 0};
}

/// df/dx of a state with q0 = 0, per power of the width.
double frozen_slope(const Mixture& unit, const TwoLevelField& field) {
  const auto mean = one_step_averages(field);
  const double load = field.inner * field.inner / unit.slope(mean.overlap_step);
  return one_step_conditions(scaled(unit, load))(field, mean)[1];
}

/// The tilt at which it vanishes; df/dx falls with the tilt.
Found frozen_tilt(const Mixture& unit, TwoLevelField field) {
  const auto slope = [&](double ln_w) {
    field.tilt = std::exp(ln_w);
    return frozen_slope(unit, field);
  };
  const double scale = -std::log(std::max(field.inner, field.temperature));
  double lo = scale, hi = scale;
  while (slope(hi) > 0 && hi < scale + 10) hi += 1;
  while (slope(lo) < 0 && lo > scale - 10) lo -= 1;
  auto root = find_root(slope, lo, hi);
  root.x = std::exp(root.x);
  return root;
}

OneStepPoint point_of(const TwoLevelField& field, double residual) {
  return {field, one_step_averages(field), residual, residual < accepted_residual};
}

/// One step with q0 = 0.
MixtureSolution frozen(const Mixture& unit, double load, double t) {
  const auto mixture = scaled(unit, load);
  if (t == 0) {
    TwoLevelField field{0, 0, std::sqrt(mixture.slope(1)), 0, 0};
    const auto tilt = frozen_tilt(unit, field);
    if (!tilt.converged) return {std::nullopt, false, tilt.value};
    field.tilt = tilt.x;
    return one_step_state(mixture, point_of(field, std::abs(tilt.value)));
  }
  const double target = std::log(load) - 2 * std::log(t);
  const auto onset = frozen_onset(unit);
  if (onset.load == 0 || target < std::log(onset.load)) return none();
  const auto excess = [&](double ln_inner) {
    return std::log(frozen_state(unit, std::exp(ln_inner)).load) - target;
  };
  const double lo = std::log(onset.inner), hi = (target + std::log(unit.slope(1))) / 2 + 1;
  const auto root = find_root(excess, lo, hi);
  if (!root.converged) return {std::nullopt, excess(lo) > -1e-9, 0};
  const auto at = frozen_state(unit, std::exp(root.x));
  const TwoLevelField field{0, 0, at.inner * t, at.x / t, t};
  auto point = point_of(field, 0);
  const auto violated = one_step_conditions(mixture)(field, point.averages);
  point.residual = std::max(std::abs(violated[0]), std::abs(violated[1]));
  point.converged = point.residual < accepted_residual;
  return one_step_state(mixture, point);
}

/// q0 > 0 at T = 0 and unit field variance, if there is such a state; it is unique where it was looked for (p = 3
/// to 8, twenty starts).
std::optional<OneStepPoint> broken_ground(const Mixture& unit) {
  const auto mixture = scaled(unit, 1 / unit.slope(1));
  const auto conditions = one_step_conditions(mixture);
  const Unknowns unknowns{&TwoLevelField::inner, &TwoLevelField::tilt, &TwoLevelField::outer};
  for (const double q0 : {0.5, 0.2, 0.05})
    for (const double w : {1.5, 2.5, 0.8}) {
      const TwoLevelField start{0, std::sqrt(mixture.slope(q0)), std::sqrt(mixture.slope_step(1, q0)), w, 0};
      auto ground = solve_one_step(conditions, unknowns, start);
      if (ground.converged && ground.averages.q0 > 1e-6 && ground.averages.one_minus_q0 > 1e-6) return ground;
    }
  return std::nullopt;
}

/// The state at T = 0 as a member of the family at T = 1, its fields `widening` times the temperature.
LoadedPoint cold_member(const OneStepFamily& family, TwoLevelField ground, double widening) {
  ground.inner *= widening, ground.outer *= widening, ground.tilt /= widening;
  return solve_at_inner(family, ground, ground.inner);
}

/// One step with q0 > 0, walked from T = 0.
MixtureSolution broken(const Mixture& unit, double load, double t) {
  const auto ground = broken_ground(unit);
  if (!ground) return none();
  const auto mixture = scaled(unit, load);
  const double strength = std::sqrt(load * unit.slope(1));  // a at T = 0
  auto start = ground->field;
  if (t == 0) {
    start.inner *= strength, start.outer *= strength, start.tilt /= strength;
    return one_step_state(mixture,
                          solve_one_step(one_step_conditions(mixture), one_step_unknowns(mixture), start));
  }
  const OneStepFamily family{unit, 1, true, false};
  const auto cold = cold_member(family, start, std::max(strength / t, 1 / coldest_start));
  if (!cold.point.converged) return {std::nullopt, false, cold.point.residual};
  const auto search = find_load(family, cold, std::exp(std::log(load) - 2 * std::log(t)));
  if (!search.found) return {std::nullopt, search.converged, 0};
  auto point = search.found->point;
  if (point.field.tilt > 1) return none();
  point.field = {0, point.field.outer * t, point.field.inner * t, point.field.tilt / t, t};
  point.averages = one_step_averages(point.field);
  return one_step_state(mixture, point);
}

const MixtureSolution& higher(const MixtureSolution& a, const MixtureSolution& b) {
  if (!a.state && !b.state) return a.converged ? b : a;
  if (!a.state || !b.state) return a.state ? a : b;
  return a.state->f >= b.state->f ? a : b;
}

}  // namespace

MixtureSolution paramagnet_rs(const Mixture& unit, double load, double temperature) {
  const auto noise = without_signal(unit);
  if (std::isinf(temperature)) return infinite_temperature();
  const double t = temperature < lowest_temperature ? 0 : temperature;
  if (load == 0 || !has_random_field(unit)) {
    if (t == 0) return none();
    return checked_symmetric_state(scaled(noise, load), 0, 0, t);
  }
  return t == 0 ? without_temperature_rs(noise, load) : smallest_overlap(noise, load, t);
}

MixtureSolution spin_glass_rs(const Mixture& unit, double load, double temperature) {
  if (load == 0 || std::isinf(temperature)) return none();
  const auto noise = without_signal(unit);
  if (temperature < lowest_temperature) return without_temperature_rs(noise, load);
  const auto largest = largest_overlap(noise, load, temperature);
  return largest.state || !has_random_field(noise) ? largest : smallest_overlap(noise, load, temperature);
}

MixtureSolution spin_glass_1rsb(const Mixture& unit, double load, double temperature) {
  return spin_glass_1rsb(unit, glass_transition(unit), load, temperature);
}

MixtureSolution spin_glass_1rsb(const Mixture& unit, const GlassTransition& transition, double load,
                                double temperature) {
  if (load == 0 || std::isinf(temperature)) return none();
  const auto noise = without_signal(unit);
  const double t = temperature < lowest_temperature ? 0 : temperature;
  if (t >= std::sqrt(load) * transition.temperature)
    return has_random_field(noise) ? spin_glass_rs(noise, load, t) : none();
  const bool is_pure = noise.slope(0) == 0 && noise.curvature(0) == 0;
  const auto cold = has_random_field(noise) ? none() : frozen(noise, load, t);
  if (is_pure) return cold;
  const auto glass = higher(broken(noise, load, t), cold);
  if (glass.state || !transition.is_continuous ||
      t < (1 - least_depth) * std::sqrt(load) * transition.temperature)
    return glass;
  auto onset = spin_glass_rs(noise, load, t);  // the breaking is lost in rounding: q0 = q1 to 1e-4
  if (onset.state && onset.state->replicon) onset.residual = std::abs(*onset.state->replicon);
  return onset;
}

MixtureSolution unretrieved_rs(const Mixture& unit, double load, double temperature) {
  return higher(spin_glass_rs(unit, load, temperature), paramagnet_rs(unit, load, temperature));
}

MixtureSolution unretrieved_1rsb(const Mixture& unit, const GlassTransition& transition, double load,
                                 double temperature) {
  const auto glass = spin_glass_1rsb(unit, transition, load, temperature);
  return glass.state || !glass.converged ? glass : paramagnet_rs(unit, load, temperature);
}

GlassTransition glass_transition(const Mixture& unit) {
  const auto noise = without_signal(unit);
  if (!has_random_field(noise)) {
    const auto onset = frozen_onset(noise);
    const double jump = onset.load > 0 ? 1 / std::sqrt(onset.load) : 0, soft = std::sqrt(noise.curvature(0));
    return {std::max(jump, soft), soft >= jump, true};
  }
  const auto replicon = [&](double ln_a) { return width_point(noise, ln_a).replicon; };
  double hi = -2;
  while (replicon(hi) > 0) hi += grid;
  const auto root = find_root(replicon, hi - grid, hi);
  const auto marginal = width_point(noise, root.x);
  if (onset_tilt(scaled(noise, std::exp(marginal.ln_load)), 0, std::exp(root.x), marginal.q, 1) < 1)
    return {std::exp(-marginal.ln_load / 2), true, root.converged};
  const auto ground = broken_ground(noise);
  if (!ground) return {0, false, false};
  const OneStepFamily family{noise, 1, true, false};
  const auto onset = find_tilt(family, cold_member(family, ground->field, 1 / coldest_start), 1);
  return {onset.found ? 1 / std::sqrt(onset.found->load) : 0, false, onset.converged};
}

FrozenPoint frozen_point(const Mixture& unit, double inner, double x) {
  const auto mean = one_step_averages({0, 0, inner, x, 1});
  FrozenPoint at{inner, x, 0, mean.overlap_step, 0};
  at.load = inner * inner / unit.slope(at.q1);
  at.replicon = 1 - at.load * unit.curvature(at.q1) * mean.sech4;
  return at;
}

FrozenPoint frozen_state(const Mixture& unit, double inner) {
  return frozen_point(unit, inner, frozen_tilt(unit, {0, 0, inner, 1, 1}).x);
}

FrozenPoint frozen_onset(const Mixture& unit) {
  const auto slope = [&](double ln_inner) { return frozen_slope(unit, {0, 0, std::exp(ln_inner), 1, 1}); };
  double lo = 4;  // from wide fields, x < 1, downwards
  while (slope(lo) < 0 && lo > -2) lo -= 0.1;
  const auto root = find_root(slope, lo, lo + 0.1);
  return root.converged ? frozen_point(unit, std::exp(root.x), 1) : FrozenPoint{};
}

}  // namespace mattis::theory
