// Transitions of the pure Ising p-spin glass.
#pragma once

#include "analysis/theory/glass.hpp"
#include "analysis/theory/hopfield_rs_lines.hpp"

namespace mattis::theory {

/// T_d: below, states with q1 > 0 exist at x = 1 (q0 = 0):
///
///     T^2 = max over A1 of xi'(q1) / (A1/T)^2,   q1 = <tanh^2> weighted by cosh
///
/// Source Kirkpatrick, Thirumalai, Phys. Rev. B 36, 5388 (1987).
[[nodiscard]] LineResult p_spin_dynamic_temperature(int p);

/// T_s: those states dominate, df/dx = 0 at x = 1. Source Gardner, Nucl. Phys. B 257, 747 (1985).
[[nodiscard]] LineResult p_spin_static_temperature(int p);

/// T_G: below, one step is not enough, beta^2 xi''(q1) <sech^4>_x = 1. Source Gardner, Nucl. Phys. B 257, 747 (1985).
[[nodiscard]] LineResult p_spin_gardner_temperature(int p);

}  // namespace mattis::theory
