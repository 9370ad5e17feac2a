// The Hopfield model with one step of replica-symmetry breaking.
#pragma once

#include <optional>

#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/hopfield_rs_lines.hpp"

namespace mattis::theory {

/// Order parameters and thermodynamics at one step. Where the replica-symmetric state is stable it is the
/// solution: q0 = q1, and x, w are empty.
struct Hopfield1RsbState {
  double m = 0, q0 = 0, q1 = 0;
  std::optional<double> x;         ///< breakpoint; 0 at T = 0
  std::optional<double> w;         ///< beta x, finite at T = 0
  double susceptibility = 0;       ///< C = beta (1 - q1)
  double r = 0;                    ///< r1, noise within a cluster of states
  double f = 0, u = 0, s = 0;      ///< per spin
  std::optional<double> replicon;  ///< 1 - alpha beta^2 D0^-2 <<sech^4>>; none at T = 0
};

struct Hopfield1RsbSolution {
  std::optional<Hopfield1RsbState> state;
  bool converged = true;
  double residual = 0;
};

/// The state of a phase at load alpha and temperature T.
///
///     h = m + A0 z + A1 y,   A0^2 = alpha r0 = alpha q0 / D1^2,   A1^2 = alpha (r1 - r0) = alpha (q1 - q0) /
///     (D0 D1), D0 = 1 - C,   D1 = D0 - w (q1 - q0),   C = beta (1 - q1),   w = beta x, m = <<tanh beta h>>,
///     q0 = <<tanh beta h>_y^2>,   q1 = <<tanh^2 beta h>>   (y weighted by (2cosh beta h)^x), f = alpha/2 +
///     m^2/2 + (alpha/2){T ln D0 + (1/w) ln(D1/D0) - q0/D1 + r1 C + w (r1 q1 - r0 q0)} - <g>,   df/dw = 0, g
///     = (1/w) ln int Dy (2cosh beta h)^x, u = alpha/2 - m^2/2 - (alpha/2){r1 + T C / D0},   s = <<ln 2cosh -
///     beta h tanh>> - (alpha/2){ln D0 + C/D0}.
///
/// Method   Unknown are A0, A1, w (and m): then everything else, alpha included, is explicit, and the trivial
/// root q0 = q1 is
///          divided out. T = 0 is solved directly and followed upwards in T.
/// Phases   retrieval is broken below T_R(alpha), the glass below T_g; a retrieval state exists up to
/// hopfield_1rsb_capacity.
///          Below alpha = 0.003 the breaking of the retrieval state (q1 - q0 < 1e-120) is not resolved: the
///          replica-symmetric state is given.
///          Between the capacity of T = 0 and its top at T = 0.01 (0.138186 < alpha < 0.138197) there is no
///          state at T = 0 to start from: `converged` is false there.
/// Domain   alpha >= 0, T >= 0.   Cost 1 ms at T = 0, of order 0.1 s otherwise.
/// Source   Crisanti, Amit, Gutfreund, Europhys. Lett. 2, 337 (1986); Steffan, Kuehn, Z. Phys. B 95, 249
/// (1994).
[[nodiscard]] Hopfield1RsbSolution solve_hopfield_1rsb(double alpha, double temperature, Phase phase);

/// The largest load with a retrieval state, 0.138186 at T = 0, and the load of equal free energies. Where the
/// replica-symmetric spinodal is stable (T > 0.0248) alpha_c is replica symmetric.
[[nodiscard]] HopfieldCapacity hopfield_1rsb_capacity(double temperature);

}  // namespace mattis::theory
