// Simulation minus theory in units of the error, and chi-squared per curve.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "analysis/estimates/finite_size.hpp"

namespace mattis::analysis {

/// All estimates of one observable, component and start at one N, against theory at once.
struct CurveTest {
  std::string observable, component, start;
  double N = no_number;                ///< infinity for extrapolated rows; NaN if the table has no N
  std::vector<std::size_t> estimates;  ///< indices into Comparison::estimates
  double chi_squared = no_number;
  int dof = 0;  ///< directions tested; fewer than points where samples are too few (see note)
  double p_value = no_number;
  std::string note;  ///< what had to be done to the covariance, or empty
};

struct Comparison {
  std::vector<Estimate> estimates;  ///< of every series, in the order of table.series; then N = inf
  std::vector<CurveTest> curves;
  std::vector<RejectedFit> rejected;

  /// Largest |z| of the rows at N = inf; nothing if there is none with theory.
  std::optional<double> largest_extrapolated_z() const;
};

/// Everything that is said about a table: averages, extrapolations, theory beside them, z, and per curve
///
///     chi^2 = d^T C^-1 d,   d = mean - theory,   C_ab = sum_{k in a, l in b} w_k w_l cov(<x>_k, <x>_l)
///
/// Estimates are linear in means of series (Estimate::terms). Two series are correlated when their points
/// have equal `disorder`: sample s of one is sample s of the other,
///
///     cov(<x>_k, <x>_l) = rho_kl error_k error_l n_kl / sqrt(n_k n_l)
///
/// with rho_kl over the n_kl common samples; rows and columns are scaled to the error of each estimate. The
/// p-value accounts for the small number of samples behind C (chi_squared.hpp). A disorder group of n samples
/// carries n/2 directions at most (one at least): beyond that, neighbouring points of the curve are averaged,
/// in units of their errors. Where missing samples leave C indefinite, correlations are shrunk towards zero
/// in steps of a tenth. Both are said in `note`. Loads that round to one P are one point of the curve.
///
/// Errors   one sample per point: C is diagonal, from thermal errors. Estimates without a positive error are
///          left out of the curve.
/// Cost     O(points^3) per curve.
Comparison compare(const store::ResultTable& table, const TheoryValue& theory = {});

}  // namespace mattis::analysis
