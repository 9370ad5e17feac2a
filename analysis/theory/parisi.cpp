#include "analysis/theory/parisi.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/theory/parisi_ladder.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

constexpr double acceptable = 1e-6;
constexpr int coarse_steps = 24;

ParisiState state_of(const Mixture& mixture, double t, const LadderSolution& solution) {
  const auto& q = solution.staircase.overlaps;
  const auto& averages = solution.averages;
  ParisiState state;
  state.q_min = q.front();
  state.m = averages.m;
  state.f = parisi_free_energy(mixture, solution.staircase, t, averages.log_moment);
  state.staircase = solution.staircase;
  // both ends lie where xi'' <m'^2> = 1 if w = 0 outside and w = beta inside: O(1/k^4) instead of O(1/k^2)
  const auto overshoot = [&](std::size_t i) {
    return averages.levels[i].slope2 - 1 / mixture.curvature(q[i]);
  };
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

Ladder ladder_from(const ParisiState& start, double t, int steps) {
  const double q_max = t > 0 ? start.q_max : 1 - core_width(start.q_min, static_cast<std::size_t>(steps));
  return first_ladder(start.q_min, q_max, start.staircase, steps);
}

}  // namespace

ParisiSolution solve_parisi_staircase(const Mixture& mixture, double temperature, const ParisiState& start,
                                      int steps) {
  const auto solution = solve_ladder(mixture, temperature, ladder_from(start, temperature, steps));
  if (solution.staircase.overlaps.empty()) return {std::nullopt, false, solution.violation};
  return {state_of(mixture, temperature, solution), solution.shift < acceptable, solution.violation};
}

ParisiSolution solve_parisi(const Mixture& mixture, double temperature, const ParisiState& start) {
  MATTIS_CHECK(mixture.signal == 0 && temperature >= 0 && start.q_min < start.q_max);
  const auto coarse = solve_ladder(mixture, temperature, ladder_from(start, temperature, coarse_steps));
  if (coarse.staircase.overlaps.empty()) return {std::nullopt, false, 0};
  const auto fine = solve_ladder(mixture, temperature, refined(coarse.ladder, temperature == 0));
  if (fine.staircase.overlaps.empty()) return {std::nullopt, false, 0};
  const auto before = state_of(mixture, temperature, coarse), last = state_of(mixture, temperature, fine);
  ParisiSolution result{last, true, std::max(coarse.shift, fine.shift)};
  const double order = temperature > 0 ? 16 : 8;  // errors fall as 1/k^4, at T = 0 as 1/k^3
  (*result.state).q_min += (last.q_min - before.q_min) / (order - 1);
  for (const auto member :
       {&ParisiState::q_max, &ParisiState::m, &ParisiState::f, &ParisiState::u, &ParisiState::s}) {
    const double correction = (last.*member - before.*member) / (order - 1);
    (*result.state).*member += correction;
    result.residual = std::max(result.residual, std::abs(correction));
  }
  result.converged = result.residual < acceptable;
  return result;
}

}  // namespace mattis::theory
