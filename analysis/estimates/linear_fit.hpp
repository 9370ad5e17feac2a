// Generalised least squares: few parameters, correlated data.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimates/chi_squared.hpp"
#include "analysis/estimates/symmetric_matrix.hpp"

namespace mattis::analysis {

struct LinearFit {
  std::vector<double> parameters;
  SymmetricMatrix covariance;                ///< of the parameters
  std::vector<std::vector<double>> weights;  ///< parameter_a = sum_k weights[a][k] y_k
  ChiSquared quality;
};

/// y = X theta + noise of covariance C.
///
///     cov(theta) = (X^T C^-1 X)^-1,   theta = cov(theta) X^T C^-1 y
///     chi^2 = (y - X theta)^T C^-1 (y - X theta)
///
/// The error is that of the data; it is not inflated by a bad chi^2, which is reported instead.
///
/// Shape    design[k][a]: row k of X; y[k].
/// Returns  nothing if C or X^T C^-1 X is singular. quality.dof = points - parameters; p_value NaN at dof 0.
/// Cost     O(points^3).
std::optional<LinearFit> fit_linear(const std::vector<std::vector<double>>& design, std::span<const double> y,
                                    const SymmetricMatrix& covariance);

/// The same for independent points whose errors were estimated with nu_k = freedom[k] degrees of freedom
/// each. Weights that follow the luck of the errors cost something, and chi^2 is T^2 in the space of
/// residuals:
///
///     cov(theta) = Phi + Phi [sum_k (4/nu_k) h_k x_k x_k^T / error_k^2] Phi,    Phi = (X^T C^-1 X)^-1
///     nu = p (p + 1) / sum_k 2 h_k^2 / nu_k,   p = points - parameters          (chi_squared.hpp)
///
/// Symbols  x_k row k of X, h_k = 1 - x_k^T Phi x_k / error_k^2 (1 - leverage).
/// Source   P. Meier, Biometrics 9, 59 (1953); M. G. Kenward, J. H. Roger, Biometrics 53, 983 (1997).
std::optional<LinearFit> fit_linear(const std::vector<std::vector<double>>& design, std::span<const double> y,
                                    std::span<const double> errors, std::span<const double> freedom);

}  // namespace mattis::analysis
