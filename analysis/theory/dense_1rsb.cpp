#include "analysis/theory/dense_1rsb.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/one_step_family.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr double least_breaking = -1e-8;     // a replicon above this is zero within rounding
constexpr double coldest_share = 0.1;        // T/A1
constexpr double farthest_overlap = 26;      // y = b/(a sqrt 2)
constexpr double coolest_breaking = 1e-100;  // energies within which retrieval breaks at T = 0

OneStepFamily family_at(const Mixture& unit, double t) { return {unit, t, true, true}; }

/// Breaking at T = 0 happens within fields of the order of the marginal temperature, xi'' exp(-b^2/2a^2) / (a sqrt 2 pi).
double breaking_scale(const Mixture& unit, const OverlapPoint& at) {
  const double z2 = 2 * at.y * at.y;
  return at.load * unit.curvature(1) * std::exp(-z2 / 2) / (at.width * std::sqrt(2 * std::numbers::pi));
}

/// A broken state at T = 0, at the replica-symmetric y or, if that is too far broken, further inside.
std::optional<LoadedPoint> ground_start(const Mixture& unit, double y) {
  for (; y < 6; y += 0.1) {
    const auto at = overlap_point(unit, 0, y);
    const double scale = breaking_scale(unit, at), inner = 1.35 * scale;
    auto start = solve_at_inner(family_at(unit, 0), {at.mean, at.width, inner, 0.74 / scale, 0}, inner);
    if (start.point.converged) return start;
  }
  return std::nullopt;
}

/// A broken state at T > 0 close to the marginal one.
std::optional<LoadedPoint> warm_start(const Mixture& unit, double t, double y_spinodal) {
  const auto replicon = [&](double y) { return overlap_point(unit, t, y).replicon; };
  double y = y_spinodal;
  while (replicon(y) < 0 && y < farthest_overlap) y += 0.1;
  const auto root = find_root(replicon, y - 0.1, y, 1e-13);
  if (!root.converged) return std::nullopt;
  const auto at = overlap_point(unit, t, root.x);
  const double tilt = onset_tilt(scaled(unit, at.load), at.mean, at.width, at.q, t);
  for (const double inner : {0.04 * t, 0.1 * t, 0.2 * t, 0.4 * t, 0.8 * t}) {
    auto start = solve_at_inner(family_at(unit, t), {at.mean, at.width, inner, tilt, t}, inner);
    if (start.point.converged) return start;
  }
  return std::nullopt;
}

/// A state of T = 0 carried to a temperature far below the energies within which it breaks.
std::optional<OneStepPoint> heated(const Mixture& unit, const LoadedPoint& ground, double t) {
  if (t > coldest_share * ground.point.field.inner) return std::nullopt;
  auto point = solve_at_load(family_at(unit, t), ground.point.field, ground.load);
  return point.converged ? std::optional{std::move(point)} : std::nullopt;
}

/// A broken state at this temperature to walk from.
std::optional<LoadedPoint> start_at(const Mixture& unit, double t, double y_spinodal) {
  const auto cold = ground_start(unit, y_spinodal);
  if (t == 0) return cold;
  if (cold)
    if (auto point = heated(unit, *cold, t)) return LoadedPoint{std::move(*point), cold->load};
  return warm_start(unit, t, y_spinodal);
}

MixtureSolution solution_of(const Mixture& unit, LoadedPoint at) {
  const auto mixture = scaled(unit, at.load);
  const auto violated = one_step_conditions(mixture)(at.point.field, at.point.averages);
  for (const double v : violated) at.point.residual = std::max(at.point.residual, std::abs(v));
  return one_step_state(mixture, at.point);
}

/// T = 0, where every state is broken; `rs` is the replica-symmetric one, if any.
FamilySearch ground_state(const Mixture& unit, double load, double y_spinodal, bool is_inside) {
  double y = y_spinodal;
  if (is_inside) {
    const auto excess = [&](double at) { return overlap_point(unit, 0, at).load - load; };
    const auto root = find_root(excess, y, farthest_overlap);
    if (!root.converged || breaking_scale(unit, overlap_point(unit, 0, root.x)) < coolest_breaking)
      return {std::nullopt, false};
    y = root.x;
  }
  const auto start = ground_start(unit, y);
  return start ? find_load(family_at(unit, 0), *start, load) : FamilySearch{std::nullopt, false};
}

}  // namespace

MixtureSolution solve_retrieval_1rsb(const Mixture& unit, double load, double temperature) {
  const double t = temperature < lowest_temperature ? 0 : temperature;
  const auto rs = solve_retrieval_rs(unit, load, t);
  const auto spinodal = retrieval_spinodal(unit, t);
  if (!spinodal || load == 0 || spinodal->replicon >= least_breaking) return rs;
  if (rs.state && rs.state->replicon && *rs.state->replicon > least_breaking) return rs;
  const auto ground_spinodal = *retrieval_spinodal(unit, 0);
  const auto ground = ground_state(unit, load, ground_spinodal.y, load < ground_spinodal.load);
  if (t == 0) {
    if (ground.found) return solution_of(unit, *ground.found);
    if (rs.state && !ground.converged) return rs;  // broken within energies that underflow
    return {std::nullopt, ground.converged, 0};
  }
  if (ground.found)
    if (auto point = heated(unit, *ground.found, t)) return solution_of(unit, {std::move(*point), load});
  const auto start = start_at(unit, t, spinodal->y);
  if (!start) return {std::nullopt, false, 0};
  const auto search = find_load(family_at(unit, t), *start, load);
  if (search.found) return solution_of(unit, *search.found);
  if (!search.converged && load < start->load) return rs;  // at the onset, within rounding
  return {std::nullopt, search.converged, 0};
}

std::optional<RetrievalEdge> retrieval_edge_1rsb(const Mixture& unit, double temperature) {
  const double t = temperature < lowest_temperature ? 0 : temperature;
  const auto spinodal = retrieval_spinodal(unit, t);
  if (!spinodal) return std::nullopt;
  const RetrievalEdge symmetric{spinodal->load, spinodal->m, false, true};
  if (spinodal->replicon >= least_breaking) return symmetric;
  const auto start = start_at(unit, t, spinodal->y);
  if (!start) return RetrievalEdge{spinodal->load, spinodal->m, true, false};
  const auto fold = find_fold(family_at(unit, t), *start);
  if (!fold.found) return RetrievalEdge{spinodal->load, spinodal->m, true, false};
  return RetrievalEdge{fold.found->load, fold.found->point.averages.m, true, fold.converged};
}

}  // namespace mattis::theory
