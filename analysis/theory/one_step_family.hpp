// Saddle points with one step of replica-symmetry breaking at one temperature, along the width of the inner field.
#pragma once

#include <optional>

#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// A one-parameter family of states of a mixture whose noise has a load,
///
///     xi = load * xi_unit.
///
/// Given the width A1 of the level-1 field everything else is smooth, and the load is explicit:
///
///     load = A1^2 / (xi_unit'(q1) - xi_unit'(q0)).
///
/// Breaking starts at A1 = 0, at the de Almeida-Thouless instability, or at A1 > 0 and x = 1; the load may have a
/// maximum along the family, the spinodal.
struct OneStepFamily {
  Mixture unit;
  double temperature = 0;
  bool has_outer = true;     ///< q0 > 0
  bool has_overlap = false;  ///< m > 0

  /// Tilt, and outer width and mean field if there are any, in this order.
  [[nodiscard]] Unknowns unknowns() const;
};

struct LoadedPoint {
  OneStepPoint point;
  double load = 0;
};

/// The member of this inner width; tilt, outer and mean are searched from those of `start`.
[[nodiscard]] LoadedPoint solve_at_inner(const OneStepFamily& family, const TwoLevelField& start,
                                         double inner);

/// The member of this load near `start`, inner width and all.
[[nodiscard]] OneStepPoint solve_at_load(const OneStepFamily& family, const TwoLevelField& start,
                                         double load);

/// Where a walk along a family ended: at the load asked for, or nowhere, beyond the spinodal (converged) or lost.
struct FamilySearch {
  std::optional<LoadedPoint> found;
  bool converged = true;
};

/// Walks from a solved point to this load, in the direction in which the load moves towards it.
[[nodiscard]] FamilySearch find_load(const OneStepFamily& family, const LoadedPoint& start, double load);

/// Walks towards smaller widths to where the tilt has grown to this (x = w T = 1 where breaking starts with a jump).
[[nodiscard]] FamilySearch find_tilt(const OneStepFamily& family, const LoadedPoint& start, double tilt);

/// Walks towards larger widths to the first maximum of the load.
[[nodiscard]] FamilySearch find_fold(const OneStepFamily& family, const LoadedPoint& start);

/// Breakpoint over temperature, w = beta x, with which breaking starts continuously at a replica-symmetric state
/// of field b + a z and overlap q that is marginal, beta^2 xi'' <sech^4> = 1:
///
///     w = [<m''^2> + xi'''/xi''^3] / (2 <m'^3>),   m = tanh beta h   (derivatives by h)
///
/// x = w T > 1 means that breaking has started before, discontinuously.
[[nodiscard]] double onset_tilt(const Mixture& mixture, double mean, double width, double q,
                                double temperature);

}  // namespace mattis::theory
