// Where retrieval ends: two estimates of the capacity from the fraction of retrieved runs.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "analysis/estimates/fraction_curve.hpp"

namespace mattis::analysis {

/// All choices, to be stated before the data are seen.
struct CapacityDefinition {
  std::string observable = "retrieved";
  std::string load = "alpha";  ///< the axis; abscissa is its actual number (alpha_actual) where there is one
  std::string start = "cued";
  double level = 0.5;   ///< the fraction that defines alpha_half(N)
  double lower = 0.05;  ///< window of each curve's fit: lower <= fitted fraction <= upper
  double upper = 0.95;
  double smallest_size = 0;     ///< sizes below are left out of both estimates
  double shift_exponent = 0.5;  ///< omega in alpha_half(N) = alpha_c + a N^-omega
  /// psi in alpha_x(N, N') = alpha_c + c (N N')^(-psi/2); 0 means: their weighted mean, no drift.
  double crossing_exponent = 0;
};

struct HalfPoint {
  double N = no_number;
  double load = no_number, error = no_number;
  FractionCurve curve;  ///< curve.converged: the half point may be used
};

/// Where the fitted curves of two successive sizes meet.
struct Crossing {
  double smaller = no_number, larger = no_number;  ///< sizes
  double load = no_number, error = no_number;
  double fraction = no_number;            ///< height of the crossing
  double slope_difference_z = no_number;  ///< difference of the slopes in units of its error
  bool resolved = false;  ///< slopes differ by 2 sigma or more; else the error is large and it is not used
};

struct CapacityEstimate {
  double load = no_number, error = no_number;                 ///< alpha_c
  double amplitude = no_number, amplitude_error = no_number;  ///< of the drift in N; NaN if none was fitted
  ChiSquared quality;
  bool converged = false;
  std::string reason;  ///< why not, if not
};

/// One per setting of the other axes (T ...).
struct Capacity {
  std::vector<store::Coordinate> at;  ///< NaN on the axes N and load
  std::string component;
  std::vector<HalfPoint> half_points;  ///< by size
  CapacityEstimate from_half_points;
  std::vector<Crossing> crossings;
  CapacityEstimate from_crossings;
};

/// (a) Half points: load_at(level) of each size's probit curve, then alpha_half(N) = alpha_c + a N^-omega by
/// weighted least squares (three sizes or more). (b) Crossings of successive sizes: with curves Phi(b0 + b1
/// alpha) and Phi(b0' + b1' alpha),
///
///     alpha_x = -(b0 - b0')/(b1 - b1'),    (b1 - b1')^2 var(alpha_x) = V(alpha_x) + V'(alpha_x)
///     V(alpha) = var(b0 + b1 alpha)
///
/// then alpha_x = alpha_c + c (N N')^(-psi/2), or their mean for psi = 0, by generalised least squares:
/// successive crossings share one size's data, so their covariance is tridiagonal.
/// With Phi((alpha_half(N) - alpha)/(w N^-1/2)) and sizes in constant ratio the crossings drift as psi =
/// omega, and do not drift at all if omega = 1/2.
///
/// Errors   InputError if an axis named in the definition is missing, level or window lie outside (0, 1), or
/// two
///          loads of one size share their disorder. What cannot be fitted is `converged = false` with a
///          reason.
std::vector<Capacity> measure_capacity(const store::ResultTable& table, const CapacityDefinition& definition);

/// The same from the curves' data directly: sizes ascending, data[k] at sizes[k].
Capacity measure_capacity(const std::vector<double>& sizes,
                          const std::vector<std::vector<FractionAtLoad>>& data,
                          const CapacityDefinition& definition);

}  // namespace mattis::analysis
