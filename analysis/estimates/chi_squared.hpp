// Chi-squared with a covariance that was itself estimated from few samples.
#pragma once

#include <span>
#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "analysis/estimates/symmetric_matrix.hpp"

namespace mattis::analysis {

/// One independent source of noise: its share of the covariance, estimated with `freedom` = samples - 1
/// degrees of freedom (infinity for a covariance that is known).
struct CovariancePart {
  std::vector<std::size_t> where;  ///< the residuals it touches, ascending
  SymmetricMatrix covariance;      ///< among those
  double freedom = infinity;
};

struct ChiSquared {
  double value = no_number;
  int dof = 0;
  double p_value = no_number;  ///< NaN: no verdict
};

/// Is the residual d zero, given its covariance C = sum_g C_g from independent sources g?
///
///     T^2 = d^T C^-1 d,     T^2 (nu - p + 1) / (nu p) ~ F(p, nu - p + 1)
///     nu  = p (p + 1) / sum_g [tr((C_g C^-1)^2) + tr(C_g C^-1)^2] / nu_g
///
/// One source: exactly Hotelling's T^2. p independent residuals of nu_1 samples each: the mean of T^2 is the
/// exact p nu_1 / (nu_1 - 2). All covariances known: the ordinary chi-squared.
///
/// Symbols  p = dimension of d, nu_g = freedom of source g.
/// Returns  value = T^2, dof = p. p_value NaN if C is singular or nu <= p - 1.
/// Cost     O(p^3 + sum_g p_g^3), p_g residuals touched by source g.
/// Source   H. Hotelling, Ann. Math. Stat. 2, 360 (1931);
///          K. Krishnamoorthy, J. Yu, Stat. Prob. Lett. 66, 161 (2004).
ChiSquared chi_squared(std::span<const double> residual, std::span<const CovariancePart> parts);

/// Upper tail of T^2 in p dimensions at nu degrees of freedom, as above.
double t_squared_p_value(double t_squared, int p, double nu);

}  // namespace mattis::analysis
