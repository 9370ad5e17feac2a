// Where the fraction curves of successive sizes meet.
#pragma once

#include <span>
#include <vector>

#include "analysis/estimates/capacity_estimate.hpp"
#include "analysis/estimates/fraction_curve.hpp"

namespace mattis::analysis {

struct SizedCurve {
  double N = no_number;
  FractionCurve curve;
};

/// One pair of curves. The error is the linear one, 1-sigma only where the slopes are well apart
/// (slope_difference_z of 5 or more); fit_crossings does not lean on it.
struct Crossing {
  double smaller = no_number, larger = no_number;  ///< sizes
  double load = no_number, error = no_number;
  double fraction = no_number;            ///< height of the crossing
  double slope_difference_z = no_number;  ///< difference of the slopes in units of its error
  bool converged = false;
  std::string reason;  ///< why not, if not: load, error and fraction are NaN then
};

/// Crossings of neighbours in `curves` (sizes ascending, all converged).
///
///     eta_k(alpha) = b0 + b1 alpha = Phi^-1(fraction at size k),     eta_k(alpha_x) = eta_k+1(alpha_x)
///     (b1_k - b1_k+1)^2 var(alpha_x) = var eta_k(alpha_x) + var eta_k+1(alpha_x)
///
/// Nearly parallel curves have a large error. Where the curves meet outside the loads that were measured at both
/// sizes, that is what two extrapolations say and no measurement: `reason` tells where.
std::vector<Crossing> find_crossings(std::span<const SizedCurve> curves);

/// The load alpha_c where successive pairs cross, by maximum likelihood given the fitted curves.
///
///     alpha_k = alpha_c + c (N_k N_k+1)^(-psi/2)                psi = 0: no drift, c absent
///     u_k = eta_k(alpha_k) - eta_k+1(alpha_k),   V = cov(u),    chi^2 = u^T V^-1 u, least in (alpha_c, c)
///     cov(alpha_c, c) = (J^T V^-1 J)^-1,   J_ka = d_k x_ka,     d = D - cov(D, u) V^-1 u
///
/// All pairs count, also those whose own curves meet outside the measured loads (find_crossings): they are compared at
/// the common load, and leaving out what came out low would bend the rest upwards.
/// A weighted mean of crossings would favour those whose slopes came out far apart, and they err to one side.
/// Here nothing is divided by a noisy slope, and d is uncorrelated with u. The estimate is skew all the same, with larger
/// bars where it is low: average several without weights. V is tridiagonal: successive pairs
/// share one size's data.
///
/// Symbols  D_k = b1_k - b1_k+1, d its value once the curves are made to meet,
///          x_k = (1, (N_k N_k+1)^(-psi/2)).
/// Returns  not converged, with a reason, if the slopes agree (D = 0 has p > 1e-3: curves that are parallel
///          within their errors meet anywhere), there are fewer pairs than parameters, or alpha_c lies outside the
///          loads measured at the two largest sizes. Where that happens often, the estimates that are left are a
///          selected set, and their bars too short.
/// Source   E. C. Fieller, J. R. Stat. Soc. B 16, 175 (1954), for one pair.
CapacityEstimate fit_crossings(std::span<const SizedCurve> curves, double exponent);

}  // namespace mattis::analysis
