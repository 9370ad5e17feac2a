#include "analysis/theory/hopfield_1rsb.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/one_step_solve.hpp"
#include "analysis/theory/solve.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

/// The load and stiffnesses that belong to a field.
struct Load {
  double alpha = 0, d0 = 0, d1 = 0;
};

Load load_of(const TwoLevelField& field, const OneStepAverages& mean) {
  Load load;
  load.d0 = 1 - mean.susceptibility;
  load.d1 = load.d0 - field.tilt * mean.overlap_step;
  load.alpha = load.d1 > 0 ? field.outer * field.outer * load.d1 * load.d1 / mean.q0 : std::nan("");
  return load;
}

/// A1^2 = alpha (q1 - q0)/(D0 D1) and df/dw = 0, divided by the powers of A1 with which they vanish at q0 =
/// q1.
std::vector<double> breaking_conditions(const TwoLevelField& field, const OneStepAverages& mean,
                                        const Load& load) {
  const double inner2 = field.inner * field.inner, outer2 = field.outer * field.outer, w = field.tilt;
  const double slope = load.alpha / 2 * soft_fluctuation(w * mean.overlap_step / load.d0) / (w * w) -
                       field.temperature * mean.susceptibility * inner2 / 2 - mean.tilt_slope;
  const double ratio = field.inner / std::max(field.temperature, field.inner);
  return {std::log(inner2 * load.d0 * mean.q0 / (outer2 * load.d1 * mean.overlap_step)),
          slope / (inner2 * mean.overlap_step * ratio * ratio)};
}

OneStepConditions conditions_at_load(double alpha, bool has_overlap) {
  return [=](const TwoLevelField& field, const OneStepAverages& mean) {
    const auto load = load_of(field, mean);
    auto conditions = breaking_conditions(field, mean, load);
    conditions.push_back(std::log(load.alpha / alpha));
    if (has_overlap) conditions.push_back(mean.m - field.mean);
    return conditions;
  };
}

std::vector<double> conditions_at_overlap(const TwoLevelField& field, const OneStepAverages& mean) {
  auto conditions = breaking_conditions(field, mean, load_of(field, mean));
  conditions.push_back(mean.m - field.mean);
  return conditions;
}

const Unknowns widths_and_tilt{&TwoLevelField::inner, &TwoLevelField::tilt, &TwoLevelField::outer};
const Unknowns with_overlap{&TwoLevelField::inner, &TwoLevelField::tilt, &TwoLevelField::outer,
                            &TwoLevelField::mean};

/// Retrieval at T = 0: breaking happens within fields of the order of T_R ~ a exp(-m^2/2a^2)/sqrt(2 pi); at
/// small load A1 = 1.45 and 1/w = 1.38 of it, at 0.138 1.23 and 1.32.
double breaking_scale(double m, double a) {
  return a * std::exp(-m * m / (2 * a * a)) / std::sqrt(2 * std::numbers::pi);
}
TwoLevelField retrieval_guess(double m, double a) {
  const double scale = breaking_scale(m, a);
  return {m, a, 1.39 * scale, 0.72 / scale, 0};
}

/// Glass at T = 0, from the replica-symmetric noise a and stiffness D = sqrt(alpha)/a.
TwoLevelField glass_guess(double alpha) {
  const double a = std::sqrt(alpha) + std::sqrt(2 / std::numbers::pi), d = std::sqrt(alpha) / a;
  return {0, (0.89 - 0.2 * d) * a, (0.46 + 0.26 * d) * a, d * (2.65 - 1.3 * d) / a, 0};
}

Hopfield1RsbSolution finish(const OneStepPoint& point) {
  if (!point.converged) return {std::nullopt, false, point.residual};
  const auto& field = point.field;
  const auto& mean = point.averages;
  const auto load = load_of(field, mean);
  const double alpha = load.alpha, d0 = load.d0;
  const double t = field.temperature, w = field.tilt, c = mean.susceptibility;
  Hopfield1RsbState state;
  state.m = field.mean;
  state.q0 = mean.q0;
  state.q1 = 1 - t * c;
  state.x = w * t;
  state.w = w;
  state.susceptibility = c;
  const double noise = field.outer * field.outer + field.inner * field.inner;  // alpha r1
  state.r = noise / alpha;
  state.u = (alpha - state.m * state.m - noise - alpha * t * c / d0) / 2;
  state.s = mean.entropy + alpha / 2 * soft_fluctuation(c);
  state.f = state.u - t * state.s;  // the same as the formula, without its 1/w
  if (t > 0) state.replicon = 1 - alpha / (d0 * d0) * mean.sech4;
  return {state, true, point.residual};
}

Hopfield1RsbSolution symmetric(const HopfieldSolution& rs) {
  Hopfield1RsbSolution solution{std::nullopt, rs.converged, rs.residual};
  if (rs.state) {
    const auto& s = *rs.state;
    solution.state = Hopfield1RsbState{s.m, s.q, s.q, std::nullopt, std::nullopt, s.susceptibility,
                                       s.r, s.f, s.u, s.s,          s.replicon};
  }
  return solution;
}

Hopfield1RsbSolution glass(double alpha, double temperature) {
  const double edge = hopfield_rs_t_g(alpha);
  if (alpha == 0 || temperature >= edge)
    return symmetric(solve_hopfield_rs(alpha, temperature, Phase::spin_glass));
  const auto conditions = conditions_at_load(alpha, false);
  const auto ground = solve_one_step(conditions, widths_and_tilt, glass_guess(alpha));
  return finish(follow_one_step(conditions, widths_and_tilt, ground, temperature, edge));
}

constexpr double least_broken_load = 0.003;
constexpr double least_breaking = -1e-8;  // a replicon above this is zero within rounding

double replicon(const NoisePoint& at, double t) {
  return 1 - at.alpha / (at.stiffness * at.stiffness) * at.averages.sech4 / t / t;
}

/// Temperature above which the fold of the retrieval branch is replica symmetric.
double highest_broken_fold() {
  static const double highest =
      find_root([](double t) { return replicon(retrieval_point(hopfield_rs_spinodal(t)->a, t), t); }, 0.01,
                0.05)
          .x;
  return highest;
}

/// The replica-symmetric retrieval state with overlap m (near the fold).
NoisePoint symmetric_point(double m, double t) {
  const double a = hopfield_rs_spinodal(t)->a;
  return retrieval_point(find_root([&](double at) { return retrieval_point(at, t).m - m; }, a / 2, 1.3 * a).x,
                         t);
}

/// Largest load along the curve of retrieval states alpha(m) at this temperature, broken or not.
HopfieldCapacity broken_fold(double temperature) {
  const auto rs = *hopfield_rs_spinodal(0);
  const double m_low = rs.m - 0.004, m_high = rs.m + 0.003;
  const double edge =
      find_root([&](double t) { return replicon(symmetric_point(m_low, t), t); }, 0.01, 0.05, 1e-12).x;
  auto ground = retrieval_guess(rs.m, rs.a);
  ground.mean = m_low;
  auto nearest =
      follow_one_step(conditions_at_overlap, widths_and_tilt,
                      solve_one_step(conditions_at_overlap, widths_and_tilt, ground), temperature, edge);
  bool converged = nearest.converged;
  double residual = 0;
  const auto load_at = [&](double m) {
    if (temperature > 0) {
      const auto symmetric_at = symmetric_point(m, temperature);
      if (replicon(symmetric_at, temperature) > least_breaking) return symmetric_at.alpha;
    }
    auto start = nearest.field;
    start.mean = m;
    const auto point = solve_one_step(conditions_at_overlap, widths_and_tilt, start);
    converged = point.converged;
    residual = point.residual;
    if (point.converged) nearest = point;
    return load_of(point.field, point.averages).alpha;
  };
  const auto top = minimise([&](double m) { return -load_at(m); }, m_low, m_high, 5, 1e-5);
  const double alpha_c = load_at(top.x);
  return {alpha_c, top.x, std::nullopt, converged && top.converged, residual};
}

/// The fold; alpha_thermo is left to the caller.
HopfieldCapacity fold(double temperature) {
  if (temperature < highest_broken_fold()) return broken_fold(temperature);
  const auto rs = *hopfield_rs_spinodal(temperature);
  return {rs.alpha, rs.m, std::nullopt, rs.converged, 0};
}

Hopfield1RsbSolution retrieval(double alpha, double temperature) {
  const auto rs = solve_hopfield_rs(alpha, temperature, Phase::retrieval);
  if (alpha < least_broken_load || temperature >= highest_broken_fold()) return symmetric(rs);
  if (rs.state && rs.state->replicon && *rs.state->replicon > least_breaking) return symmetric(rs);
  if (alpha > 0.137) {  // near the fold: is there a state at all?
    const auto end = fold(temperature);
    if (alpha > *end.alpha_c) return {std::nullopt, end.converged, end.residual};
  }
  const auto ground_spinodal = *hopfield_rs_spinodal(0);
  const double near = std::min(alpha, ground_spinodal.alpha * (1 - 1e-4));
  const auto ground_rs = *solve_hopfield_rs(near, 0, Phase::retrieval).state;
  const auto conditions = conditions_at_load(alpha, true);
  const auto ground =
      solve_one_step(conditions, with_overlap, retrieval_guess(ground_rs.m, std::sqrt(near * ground_rs.r)));
  if (temperature == 0) return finish(ground);
  const auto edge = hopfield_rs_t_r(alpha);
  return finish(follow_one_step(conditions, with_overlap, ground, temperature,
                                edge.value.value_or(highest_broken_fold())));
}

/// f_retrieval - f_glass.
double advantage(double alpha, double t) {
  const auto memory = solve_hopfield_1rsb(alpha, t, Phase::retrieval);
  const auto frozen = solve_hopfield_1rsb(alpha, t, Phase::spin_glass);
  return memory.state && frozen.state ? memory.state->f - frozen.state->f : std::nan("");
}

}  // namespace

Hopfield1RsbSolution solve_hopfield_1rsb(double alpha, double temperature, Phase phase) {
  MATTIS_CHECK(alpha >= 0 && temperature >= 0);
  if (phase == Phase::paramagnet) return symmetric(solve_hopfield_rs(alpha, temperature, phase));
  return phase == Phase::spin_glass ? glass(alpha, temperature) : retrieval(alpha, temperature);
}

HopfieldCapacity hopfield_1rsb_capacity(double temperature) {
  if (temperature >= 1) return {};
  auto capacity = fold(temperature);
  const auto at = [&](double ln_alpha) { return advantage(std::exp(ln_alpha), temperature); };
  // breaking raises the glass: the crossing moves up from its symmetric value, by 8 % at T = 0
  const double lo = std::log(*hopfield_rs_capacity(temperature).alpha_thermo);
  const auto crossing =
      find_root(at, lo - 1e-5, std::min(lo + 0.2, std::log(*capacity.alpha_c) - 1e-9), 1e-10);
  if (crossing.converged) capacity.alpha_thermo = std::exp(crossing.x);
  capacity.converged = capacity.converged && crossing.converged;
  capacity.residual = std::max(capacity.residual, std::abs(crossing.value));
  return capacity;
}

}  // namespace mattis::theory
