// Errors of functions of means, by leaving out one bin (or one sample) at a time.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/estimates/estimate.hpp"

namespace mattis::analysis {

using FunctionOfMeans = std::function<double(std::span<const double> means)>;

struct Jackknife {
  double value = no_number;  ///< bias-corrected
  double error = no_number;
  double bias = no_number;  ///< what was subtracted from f(means)
  int bins = 0;
};

/// f of the means of several quantities that were measured together.
///
///     f_b = f(means without bin b),   value = n f - (n-1) <f_b>,   error^2 = (n-1)/n sum_b (f_b - <f_b>)^2
///
/// The correction removes the bias of order 1/n. Bins must be independent: samples, or stretches of one chain
/// longer than its autocorrelation time.
///
/// Shape    bins[quantity][b]: equally many bins for every quantity.
/// Cost     O(quantities n).
/// Errors   InputError when lengths differ. Fewer than two bins: error NaN. f must be smooth (no median, no
///          maximum).
/// Source   B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (SIAM 1982).
Jackknife jackknife(std::span<const std::vector<double>> bins, const FunctionOfMeans& f);

/// The same over the disorder samples of one point that all the named (observable, component) have:
/// e.g. a Binder ratio from ("replica_overlap", "2") and ("replica_overlap", "4"). `error` holds thermal and
/// disorder parts together; error_thermal and error_disorder are NaN.
///
/// Errors   InputError when the point has no such observable.
Estimate derived_estimate(const store::ResultTable& table, std::size_t point,
                          std::span<const std::pair<std::string, std::string>> quantities,
                          const std::string& name, const FunctionOfMeans& f);

}  // namespace mattis::analysis
