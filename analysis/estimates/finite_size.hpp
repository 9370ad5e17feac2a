// Extrapolation to infinite size.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimates/estimate.hpp"

namespace mattis::analysis {

/// Below this p-value of the fit there is no extrapolated row, but a RejectedFit.
inline constexpr double smallest_p_value = 1e-3;
/// Sizes with fewer samples do not enter: their errors are too uncertain to weigh them by.
inline constexpr int fewest_samples = 8;

/// An extrapolation that was not believed: never a silently wrong number.
struct RejectedFit {
  std::vector<store::Coordinate> at;  ///< N = inf
  std::string observable, component;
  std::string reason;
  std::vector<double> sizes;
  double chi_squared = no_number;
  int dof = 0;
  double p_value = no_number;
};

struct SizeExtrapolation {
  std::vector<Estimate> rows;  ///< N = inf, point = no_point
  std::vector<RejectedFit> rejected;
};

/// For each grid point without N, each start, observable and component measured at three sizes or more:
///
///     <x>_N = a + b/N,          a = the row at N = inf
///
/// by least squares weighted with 1/error_N^2 (sizes have independent disorder). Sizes ask for the same load,
/// but have alpha_actual = P/N. Where theory is known at every size and at the load asked, the fit is to
/// <x>_N - theory(actual) and theory(asked) is added again: rounding of the load then does not enter. Elsewhere
/// sizes whose load was rounded enter only where the slope between neighbouring loads of that size says that it moves the mean by
/// less than a fifth of its error; else there is no row.
///
/// Symbols  error_N^2 = variance of the mean at size N, with samples - 1 degrees of freedom.
/// Returns  rows with chi2_per_dof and p_value of the fit, samples and left_out summed over the sizes,
///          tau_int NaN, equilibrated = yes if it is at every size, no or metastable if at any.
/// Errors   p < smallest_p_value, or fewer than three sizes with a positive error and 8 samples, or
///          chains that strayed to another branch (store::strayed_chains), or chains of several branches at
///          any size (Estimate::is_mixture): a RejectedFit. Sizes whose mean a selection of chains may have moved
///          (Estimate::is_selected) do not enter. Observables
///          without a 1/N expansion (observable_kind.hpp) are passed over.
SizeExtrapolation extrapolate_sizes(const store::ResultTable& table, const std::vector<Estimate>& estimates,
                                    const TheoryValue& theory = {});

}  // namespace mattis::analysis
