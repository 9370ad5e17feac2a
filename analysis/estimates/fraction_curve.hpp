// The fraction of retrieved runs against load, as a probit curve.
#pragma once

#include <array>
#include <span>
#include <string>

#include "analysis/estimates/chi_squared.hpp"

namespace mattis::analysis {

/// The fraction at one load: independent samples, each a mean over its replicas.
struct FractionAtLoad {
  double load = no_number;
  double fraction = no_number;
  double variance = no_number;  ///< unbiased, of the samples' values
  int samples = 0;
};

/// fraction(alpha) = Phi(b0 + b1 (alpha - origin)), Phi the standard normal distribution function.
struct FractionCurve {
  double origin = 0;
  double b0 = no_number, b1 = no_number;
  std::array<double, 3> covariance{no_number, no_number, no_number};  ///< (b0,b0), (b0,b1), (b1,b1)
  double overdispersion = 1;
  int loads = 0;                                                     ///< inside the window
  double lowest_load = no_number, highest_load = no_number;          ///< of those
  double lowest_measured = no_number, highest_measured = no_number;  ///< of all loads, window or not
  ChiSquared quality;
  bool converged = false;
  std::string reason;  ///< why not, if not

  double probit(double load) const { return b0 + b1 * (load - origin); }  ///< Phi^-1(fraction)
  double covariance_at(double load, double other) const;                  ///< of the probits at two loads
  double fraction(double load) const;
  double load_at(double level) const;
  double error_at(double level) const;
  double width() const { return -1 / b1; }
  double width_error() const;
};

/// Maximum likelihood over the loads where the fitted curve itself lies between `lower` and `upper`.
///
///     log L = (1/phi) sum_i n_i [f_i ln p_i + (1-f_i) ln(1-p_i)],    p_i = Phi(b0 + b1 (alpha_i - origin))
///     phi   = sum_i n_i s_i^2 / sum_i n_i [f_i (1-f_i) + s_i^2/n_i]
///
/// phi is the variance of one sample's mean over replicas in units of a coin toss: 1 for one replica
/// (exactly) or replicas that always agree, 1/R for R independent ones. Errors are those of the Fisher
/// information with phi.
///
/// The window: fit all loads, keep those with lower <= p_i <= upper, fit again, until the set repeats (if it
/// cycles, the union of the last two). It depends on the data through the fitted curve alone: no single load
/// is kept or dropped for its own luck.
///
/// Symbols  f_i fraction, n_i samples, s_i^2 variance at load i.
/// Returns  quality: Pearson's chi-squared with phi, dof = loads - 2. Not converged unless two loads have
///          0 < f < 1 and b1 < 0.
/// Cost     O(loads) per Newton step; the likelihood is concave.
FractionCurve fit_fraction_curve(std::span<const FractionAtLoad> data, double lower, double upper);

}  // namespace mattis::analysis
