// Replica-symmetric states of the Hopfield model (Amit, Gutfreund, Sompolinsky).
#pragma once

#include <optional>

#include "analysis/theory/field_average.hpp"

namespace mattis::theory {

enum class Phase { retrieval, spin_glass, paramagnet };

/// Order parameters and thermodynamics per spin of one replica-symmetric state; J = k_B = 1.
struct HopfieldState {
  double m = 0;                ///< overlap with the condensed pattern
  double q = 0;                ///< Edwards-Anderson order parameter (1 at T = 0)
  double r = 0;                ///< mean squared overlap noise of the other patterns
  double susceptibility = 0;   ///< C = beta (1 - q), not by subtraction
  double f = 0, u = 0, s = 0;  ///< free energy, energy, entropy
  /// Stable against replica-symmetry breaking if > 0; none at T = 0, where it goes to -infinity.
  std::optional<double> replicon;
};

/// A state if there is one. No solution is an answer: `state` empty, `converged` true.
struct HopfieldSolution {
  std::optional<HopfieldState> state;
  bool converged = true;
  double residual = 0;  ///< largest violation of the equations (of a^2 = alpha r: relative where a > 1), by
                        ///< independent adaptive quadrature
};

/// The state of phase `phase` at load alpha and temperature T.
///
///     h(z) = m + sqrt(alpha r) z
///     m    = <tanh beta h>
///     q    = <tanh^2 beta h>
///     C    = beta (1 - q)
///     r    = q / (1 - C)^2
///     f    = alpha/2 + m^2/2 + (alpha/2) {T ln(1-C) - q/(1-C) + r C} - T <ln 2cosh beta h>
///     u    = alpha/2 - m^2/2 - (alpha/2) {1/(1-C) + r C}
///     s    = <ln 2cosh beta h - beta h tanh beta h> - (alpha/2) {ln(1-C) + C/(1-C)}
///     replicon = 1 - alpha beta^2 (1-C)^-2 <sech^4 beta h>
///
/// retrieval   The locally stable branch connected to m = 1 (largest m); none beyond the spinodal,
///             alpha > alpha_c(T).
/// spin_glass  m = 0, q > 0: 0 < T < T_g = 1 + sqrt(alpha), alpha > 0; at T = 0 in closed form. At alpha = 0
///             there is none (r would be infinite).
/// paramagnet  m = q = r = 0, f = alpha/2 + (alpha T/2) ln(1 - beta) - T ln 2. The overlaps of the other
///             alpha N patterns have finite variance 1/(1 - beta) only for T > 1, so there is none at T <= 1,
///             unless alpha = 0, where f = -T ln 2 at every T > 0.
///
/// In the noise a = sqrt(alpha r) existence is decidable: at given (a, T) the map m -> <tanh> is concave, so
/// m(a) is unique and Newton's method from m = 1 descends to it; then
///
///     alpha(a) = a^2 (1-C)^2 / q
///
/// is a curve with one maximum, the spinodal, and a root to the left of it is bracketed. No fixed point is
/// iterated. At T = 0 the variable is y = m/(a sqrt 2).
///
/// Symbols  <.> = average over z, standard normal; beta = 1/T; J = k_B = 1; energies per spin.
/// Domain   alpha >= 0; T >= 0 (below 1e-100 the state of T = 0). T = inf: the paramagnet with u = 0, s = ln
///          2, f = -inf, and nothing else.
/// Cost     about 1 ms.
/// Errors   none thrown; `residual` and `converged` tell. A state with a number too large for a double is not
///          given, and not converged.
/// Source   Amit, Gutfreund, Sompolinsky, Ann. Phys. 173, 30 (1987); Phys. Rev. Lett. 55, 1530 (1985).
[[nodiscard]] HopfieldSolution solve_hopfield_rs(double alpha, double temperature, Phase phase);

/// A point of the curve of states with noise a = sqrt(alpha r) at temperature T > 0.
struct NoisePoint {
  double a = 0, m = 0;
  double q = 0, susceptibility = 0, stiffness = 0;  ///< stiffness D = 1 - C
  double alpha = 0;                                 ///< the load with this noise
  double slope = 0;                                 ///< d ln alpha / d ln a along the curve
  FieldAverages averages;
};
[[nodiscard]] NoisePoint retrieval_point(double a, double temperature);
[[nodiscard]] NoisePoint spin_glass_point(double a, double temperature);

/// Noise at which m = 0 becomes unstable (D = 0) at T < 1: retrieval states lie below it, glass states above.
[[nodiscard]] double hopfield_critical_noise(double temperature);

/// T = 0: y = m / sqrt(2 alpha r) parametrises the retrieval states,
///
///     sqrt(2 alpha(y)) = erf(y)/y - (2/sqrt pi) e^{-y^2}.
[[nodiscard]] double hopfield_root_of_twice_load(double y);

/// Below, T = 0: beta^2 must not overflow.
inline constexpr double lowest_hopfield_temperature = 1e-100;

/// The largest load with a retrieval state at T in [0, 1), and the overlap there; none at T >= 1.
struct Spinodal {
  double alpha = 0, m = 0;
  double a = 0;  ///< noise sqrt(alpha r) there
  bool converged = true;
};
[[nodiscard]] std::optional<Spinodal> hopfield_rs_spinodal(double temperature);

}  // namespace mattis::theory
