// alpha_c and its drift with size, as one fit found them.
#pragma once

#include <string>

#include "analysis/estimates/chi_squared.hpp"

namespace mattis::analysis {

struct CapacityEstimate {
  double load = no_number, error = no_number;                 ///< alpha_c
  double amplitude = no_number, amplitude_error = no_number;  ///< of the drift in N; NaN if none was fitted
  ChiSquared quality;
  bool converged = false;
  std::string reason;  ///< why not, if not
};

}  // namespace mattis::analysis
