// A series whose averages and autocorrelation time are known.
#pragma once

#include <cmath>
#include <utility>

#include "analysis/estimates/coverage.hpp"

namespace mattis::tests {

/// Stationary x_t = rho x_{t-1} + sqrt(1 - rho^2) g_t, rho = tau / (1 + tau): mean 0, variance 1, tau_int = tau.
class AutoRegression {
 public:
  AutoRegression(Random& random, double tau) : random_(random), rho_(tau / (1 + tau)), x_(gaussian(random)) {}
  double next() { return std::exchange(x_, rho_ * x_ + std::sqrt(1 - rho_ * rho_) * gaussian(random_)); }

 private:
  Random& random_;
  double rho_, x_;
};

}  // namespace mattis::tests
