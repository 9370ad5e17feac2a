// States without retrieval: paramagnet and spin glass of a mixture.
#pragma once

#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// States with m = 0 of a mixture whose noise is load * xi_unit; they depend on load / T^2 alone.
///
/// Replica symmetric, q = <tanh^2 beta a z>, a^2 = load xi_unit'(q): solutions lie on the explicit curve
///
///     load(a) = a^2 / xi_unit'(q(a)).
///
/// paramagnet  The smallest q: q = 0, f = -(beta/2) xi(1) - T ln 2, unless xi has a linear term (a random field),
///             which gives q > 0 at every T. None at T = 0 unless q > 0.
/// spin_glass  The largest q > 0. With a random field and one solution only, both are that solution.
[[nodiscard]] MixtureSolution paramagnet_rs(const Mixture& unit, double load, double temperature);
[[nodiscard]] MixtureSolution spin_glass_rs(const Mixture& unit, double load, double temperature);

/// The spin glass with one step. Of several solutions the one with the largest f is meant, since the exact f is
/// the supremum over all steps and x <= 1. None above T_s, except with a random field, where the replica-symmetric
/// state goes on.
///
/// q0 = 0   At given A1 one condition is left for x, which falls: bracketed; load(A1) grows. x = 1 at T_s.
/// q0 > 0   (an SK-like or linear term) found at T = 0 and followed (`one_step_family`).
/// Cost     10 ms with q0 = 0, up to 1 s otherwise.
/// Source   Gardner, Nucl. Phys. B 257, 747 (1985).
struct GlassTransition;
[[nodiscard]] MixtureSolution spin_glass_1rsb(const Mixture& unit, double load, double temperature);
[[nodiscard]] MixtureSolution spin_glass_1rsb(const Mixture& unit, const GlassTransition& transition,
                                              double load, double temperature);

/// The m = 0 state that competes with retrieval: of those above, the one with the largest f.
[[nodiscard]] MixtureSolution unretrieved_rs(const Mixture& unit, double load, double temperature);
[[nodiscard]] MixtureSolution unretrieved_1rsb(const Mixture& unit, const GlassTransition& transition,
                                               double load, double temperature);

/// T_s at unit load, where the spin glass with one step begins: x = 1 (q1 jumps) or beta^2 xi'' <sech^4> = 1
/// (continuous), whichever is higher. In general T_s = sqrt(load) of this.
struct GlassTransition {
  double temperature = 0;
  bool is_continuous = false;
  bool converged = true;
};
[[nodiscard]] GlassTransition glass_transition(const Mixture& unit);

/// A state with q0 = 0 at temperature 1: width, breakpoint and load.
struct FrozenPoint {
  double inner = 0, x = 0, load = 0, q1 = 0, replicon = 0;
};
[[nodiscard]] FrozenPoint frozen_point(const Mixture& unit, double inner, double x);

/// The member of the family with q0 = 0 where df/dx = 0.
[[nodiscard]] FrozenPoint frozen_state(const Mixture& unit, double inner);

/// The width with x = 1 on that family.
[[nodiscard]] FrozenPoint frozen_onset(const Mixture& unit);

}  // namespace mattis::theory
