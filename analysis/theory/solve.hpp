// Roots and extrema that say how they ended.
#pragma once

#include <functional>
#include <vector>

#include "analysis/theory/quadrature.hpp"

namespace mattis::theory {

/// Where a search on a line ended: the place, f there, and whether the bracket closed.
struct Found {
  double x = 0;
  double value = 0;
  bool converged = false;
  int iterations = 0;
};

/// Root of f between lo and hi (Brent), f(lo) and f(hi) of opposite sign or one of them zero; without a
/// change of sign `converged` is false. `tolerance` is relative to x.
[[nodiscard]] Found find_root(const Function& f, double lo, double hi, double tolerance = 1e-15);

/// Minimum of f between lo and hi (Brent), from the lowest of `scan` equidistant inner points. If the lowest
/// value sits at an end, that end is returned, converged. `tolerance` is relative to hi - lo; as f is flat
/// there, the place is good to 6e-8 of the larger end at best and the value to its square.
[[nodiscard]] Found minimise(const Function& f, double lo, double hi, int scan = 8, double tolerance = 1e-6);

/// The same from a point between lo and hi where f is lower than at both (else not converged).
[[nodiscard]] Found minimise_around(const Function& f, double lo, double middle, double hi,
                                    double tolerance = 1e-6);

using VectorFunction = std::function<std::vector<double>(const std::vector<double>&)>;

/// Where a search in several dimensions ended; `residual` is max |F_i|.
struct SystemRoot {
  std::vector<double> x;
  double residual = 0;
  bool converged = false;
  int iterations = 0;
};

/// Solves F(x) = 0 by Powell's hybrid method from `start`. F may return nan outside its domain: the step is
/// then shortened. `converged` means max |F_i| < tolerance.
[[nodiscard]] SystemRoot solve_system(const VectorFunction& f, const std::vector<double>& start,
                                      double tolerance = 1e-11);

}  // namespace mattis::theory
