#include "analysis/theory/dense_mixture.hpp"

#include <cmath>

#include "engine/error.hpp"

namespace mattis::theory {

namespace {

double factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }

}  // namespace

Mixture dense_memory(int p, DenseForm form) {
  MATTIS_CHECK(p >= 2);
  Mixture mixture{{}, 0.5, p, 0};
  for (int k = form == DenseForm::distinct ? p : 2 - p % 2; k <= p; k += 2) {
    const int j = (p - k) / 2;
    const double h = factorial(p) / (std::ldexp(1, j) * factorial(j) * factorial(k));
    mixture.covariance.push_back({k, h * h * factorial(k) / 4});
  }
  return mixture;
}

Mixture pure_p_spin(int p) { return {{{p, 0.5}}, 0, p, 0}; }

Mixture scaled(Mixture unit, double load) {
  for (auto& term : unit.covariance) term.coefficient *= load;
  return unit;
}

double gamma_per_alpha(int p) { return factorial(p) / 2; }

double relative_field_variance(int p, DenseForm form) { return dense_memory(p, form).slope(1) * 4 / (p * p); }

double one_step_error(int p, DenseForm form, double n, double k) {
  if (k == 0) return 0;
  return std::erfc(std::sqrt(std::pow(n, p - 1) / (2 * k * relative_field_variance(p, form)))) / 2;
}

}  // namespace mattis::theory
