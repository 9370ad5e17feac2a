// One spin in a random field of many levels: the averages every theory with full replica-symmetry breaking is
// made of.
#pragma once

#include <vector>

#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// Order of the pure states as a staircase, w(q) = beta x(q):
///
///     w = 0          q < overlaps[0]
///     w = tilts[i]   overlaps[i] < q < overlaps[i+1]
///     w = beta       overlaps.back() < q
///
/// At T = 0, where beta x stays finite, one tilt more stands for the interval from the last overlap to 1.
/// With k + 1 overlaps (at T = 0: k) it is k-step breaking.
struct OverlapStaircase {
  std::vector<double> overlaps;  ///< increasing, in [0, 1)
  std::vector<double> tilts;     ///< > 0; as many as overlaps less one, at T = 0 as many as overlaps
};

/// Averages at one overlap q over the fields y there, of the magnetisation m(q, y) = d phi / d y and its
/// derivatives by y.
struct LevelAverages {
  double overlap = 0;     ///< <m^2>
  double softness = 0;    ///< <1 - m^2>, equal to 1 - q where f is stationary; not by subtraction
  double slope2 = 0;      ///< <m'^2>: 1/xi'' where the state is marginally stable
  double slope3 = 0;      ///< <m'^3>
  double curvature2 = 0;  ///< <m''^2>
};

struct HierarchicalAverages {
  std::vector<LevelAverages> levels;  ///< one for each overlap
  double m = 0;                       ///< <tanh beta h>
  double log_moment = 0;              ///< <phi> at the first overlap, an energy
  double entropy = 0;                 ///< <ln 2cosh beta h - beta h tanh beta h>, of the spin; 0 at T = 0
  /// d ln slope2 / d ln tilt of the last level, by the innermost tilt (T = 0 only)
  double stiffening = 0;
};

/// The spin's part of Parisi's functional for a staircase,
///
///     d phi/dq = -(xi''/2)(phi'' + w phi'^2),   d P/dq = (xi''/2)(P'' - 2 w (m P)'),
///
/// phi = T ln 2cosh(y/T) at the last overlap (|y| at q = 1 for T = 0), P Gaussian about `mean` of variance
/// xi'(q) at the first.
///
/// Method   From step to step phi = (1/w) ln int Dz exp w phi(y + sigma z); m, m', m'' are cumulants of the
///          same weight, so nothing is differentiated. phi is even: half a line of points, b of `FieldGrid`
///          the finest scale present; trapezoidal sums in z. P is carried as a weight of each point, by the
/// transposed steps. Errors   1e-10 relative, less for <m'^3>, <m''^2> if a step is wide (xi' grows by more
/// than 10 T^2). Cost     0.1 to 0.4 ms a step.
/// Source   Parisi, J. Phys. A 13, L115 (1980); Sommers, Dupont, J. Phys. C 17, 5785 (1984).
[[nodiscard]] HierarchicalAverages hierarchical_averages(const Mixture& mixture, double mean,
                                                         const OverlapStaircase& staircase,
                                                         double temperature);

/// Parisi's functional at the staircase, whose stationary value is the free energy per spin: spins alone, no
/// condensed pattern,
///
///     f = (1/2) int_0^1 w(q) q xi''(q) dq - <phi(0)>.
[[nodiscard]] double parisi_free_energy(const Mixture& mixture, const OverlapStaircase& staircase,
                                        double temperature, double log_moment);

}  // namespace mattis::theory
