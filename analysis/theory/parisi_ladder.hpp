// Staircases that make Parisi's functional stationary: the search behind `solve_parisi`.
#pragma once

#include <cmath>
#include <vector>

#include "analysis/theory/hierarchical_field.hpp"

namespace mattis::theory {

/// A staircase in the variables of the search: steps equidistant in r/r_max + (ln r)/5, r = sqrt(1-q), with a
/// field less (ln q)/5, and w = exp(ln_products)/r in the middle of each.
struct Ladder {
  double q_min = 0, q_max = 0;
  std::vector<double> ln_products;
  double ln_core = 0;  ///< T = 0: ln(w r) of the step from q_max to 1

  [[nodiscard]] OverlapStaircase staircase(bool is_frozen) const;
};

/// T = 0: 1 - q_max, where the last of k steps begins.
[[nodiscard]] double core_width(double q_min, std::size_t steps);

struct LadderSolution {
  Ladder ladder;
  OverlapStaircase staircase;  ///< empty if nothing was found
  HierarchicalAverages averages;
  double violation = 0;     ///< largest |q - <m^2>|, of the averages over the steps and at both ends
  double shift = HUGE_VAL;  ///< of f, u and q by one more iteration
};

/// A ladder of `steps` steps from q_min to q_max with the tilts of a given staircase, or, without one, those
/// of Sherrington-Kirkpatrick at T = 0 within 3 %.
[[nodiscard]] Ladder first_ladder(double q_min, double q_max, const OverlapStaircase& tilts, int steps);

/// The same ladder with twice the steps.
[[nodiscard]] Ladder refined(const Ladder& coarse, bool is_frozen);

/// Solves for the tilts and the ends.
///
/// Method   With s = xi'(q) and g = q - <m^2>: changing <m'^2> by c(s), piecewise linear, changes g by -int c
///          ds; c cancels the average of g in each step and g at both ends. d<m'^2>/ds = <m''^2> - 2 w <m'^3>
///          tells how to change w, and Anderson mixing does the rest: 10 to 20 iterations, each one
///          `hierarchical_averages`.
[[nodiscard]] LadderSolution solve_ladder(const Mixture& mixture, double temperature, const Ladder& start);

}  // namespace mattis::theory
