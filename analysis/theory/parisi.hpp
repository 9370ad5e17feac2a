// Full replica-symmetry breaking: Parisi's solution of a mixture.
#pragma once

#include <optional>

#include "analysis/theory/hierarchical_field.hpp"
#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// Thermodynamics per spin of a state whose overlaps fill q_min ... q_max.
struct ParisiState {
  double q_min = 0, q_max = 0;  ///< q_max is the Edwards-Anderson order parameter (1 at T = 0)
  double m = 0;
  double f = 0, u = 0, s = 0;
  OverlapStaircase staircase;  ///< the finest one solved; empty where the state is replica symmetric
};

struct ParisiSolution {
  std::optional<ParisiState> state;
  bool converged = true;
  double residual = 0;  ///< error estimate of f, u, s, m and q_max
};

/// One staircase of `steps` steps, solved; nothing is extrapolated. `residual` is the largest violation of
/// the equations below.
[[nodiscard]] ParisiSolution solve_parisi_staircase(const Mixture& mixture, double temperature,
                                                    const ParisiState& start, int steps);

/// The state with continuous breaking from q_min to q_max, no condensed pattern (signal c = 0). With phi, m,
/// P of `hierarchical_averages`, w = beta x(q), w = beta above q_max,
/// R(q) = xi(1) - xi(q) - (1-q) xi'(q),
///
///     f = (1/2) int w q xi'' dq - <phi>,   q = <m^2> for q_min <= q <= q_max
///     u = -int w xi' dq - h m
///     s = <ln 2cosh beta h - beta h tanh beta h> - (beta^2/2) R(q_max)
///
/// Method   A staircase of k steps, equidistant in r/r_max + (ln r)/5, r = sqrt(1-q) (at low T w ~ 0.65/r),
///          is stationary if q - <m^2> vanishes on average in each step (df/dw), and at both ends;
///          `solve_ladder` makes it so. The ends are then moved to where xi'' <m'^2> = 1, and the errors of
///          f, s, q_min and q_max fall as 1/k^4: k = 24 and 48 are extrapolated. u is f + T s.
/// T = 0    in its own form, w finite; the last step begins at 1 - q = (1 - q_min)/k^2; errors fall as 1/k^3.
/// Errors   `residual` is the largest correction of f, u, s, m, q_max by the extrapolation, a bound on its
///          error; q_min, which f feels least, is good to 1e-5. `converged` if it is below 1e-6.
/// Cost     0.1 to 1 s.
/// `start`  gives q_min and q_max to begin with, 10 % in 1 - q being good enough, and a staircase if there is
///          one at hand; q_min = 0 stays 0, as it is without a field.
/// Source   Parisi, Phys. Rev. Lett. 43, 1754 (1979); J. Phys. A 13, L115 (1980);
///          Crisanti, Rizzo, Phys. Rev. E 65, 046137 (2002).
[[nodiscard]] ParisiSolution solve_parisi(const Mixture& mixture, double temperature,
                                          const ParisiState& start);

}  // namespace mattis::theory
