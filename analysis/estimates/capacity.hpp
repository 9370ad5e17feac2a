// Where retrieval ends: two estimates of the capacity from the fraction of retrieved runs.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimates/capacity_estimate.hpp"
#include "analysis/estimates/crossings.hpp"
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
  double smallest_size = 0;      ///< sizes below are left out of both estimates
  double shift_exponent = 0.5;   ///< omega in alpha_half(N) = alpha_c + a_1 N^-omega + a_2 N^-2omega + ...
  int shift_terms = 1;           ///< how many a_k are fitted
  double crossing_exponent = 0;  ///< psi in alpha_x(N, N') = alpha_c + c (N N')^(-psi/2); 0: no drift
};

struct HalfPoint {
  double N = no_number;
  double load = no_number, error = no_number;
  FractionCurve curve;  ///< curve.converged: the half point is used
};

/// One per setting of the other axes (T ...).
struct Capacity {
  std::vector<store::Coordinate> at;  ///< NaN on the axes N and load
  std::string component;
  std::vector<HalfPoint> half_points;  ///< by size
  CapacityEstimate from_half_points;
  std::vector<Crossing> crossings;  ///< of successive sizes that have a curve
  CapacityEstimate from_crossings;
};

/// Two estimates of alpha_c side by side.
///
///     half points    alpha_half(N) = load_at(level) of each size's curve (fraction_curve.hpp)
///                    alpha_half(N) = alpha_c + sum_k a_k N^(-k omega), weighted least squares, more sizes than parameters
///     crossings      alpha_x of successive sizes N < N' (crossings.hpp), all of them
///                    alpha_x = alpha_c + c (N N')^(-psi/2), or no drift for psi = 0
///
/// If the curves are Phi((alpha_half(N) - alpha)/(w N^-1/2)) and sizes stand in constant ratio, crossings
/// drift with psi = omega, and not at all if omega = 1/2. Sizes without a fitted curve are passed over.
///
/// Errors   InputError if an axis named in the definition is missing, level or window lie outside (0, 1), or
///          two loads of one size share their disorder (loads that round to one P are one and count once).
///          What cannot be fitted has `converged` false and a reason.
std::vector<Capacity> measure_capacity(const store::ResultTable& table, const CapacityDefinition& definition);

/// The same from the curves' data directly: sizes ascending, data[k] at sizes[k].
Capacity measure_capacity(const std::vector<double>& sizes,
                          const std::vector<std::vector<FractionAtLoad>>& data,
                          const CapacityDefinition& definition);

}  // namespace mattis::analysis
