// alpha_c and its drift with size, as one fit found them.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimates/chi_squared.hpp"

namespace mattis::analysis {

struct CapacityEstimate {
  double load = no_number, error = no_number;  ///< alpha_c
  std::vector<double> amplitudes,
      amplitude_errors;  ///< of the terms of the drift in N; empty if none was fitted
  ChiSquared quality;
  bool converged = false;
  std::string reason;  ///< why not, if not
};

}  // namespace mattis::analysis
