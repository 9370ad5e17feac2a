#include "analysis/estimates/chi_squared.hpp"

#include <gsl/gsl_cdf.h>

#include <cmath>

namespace mattis::analysis {
namespace {

/// tr((C_g C^-1)^2) + tr(C_g C^-1)^2, in the corner that C_g fills.
double concentration(const CovariancePart& part, const SymmetricMatrix& inverse) {
  const std::size_t n = part.where.size();
  std::vector<double> product(n * n);  // C_g C^-1
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t j = 0; j < n; ++j)
        product[i * n + j] += part.covariance(i, k) * inverse(part.where[k], part.where[j]);
  double trace = 0, trace_of_square = 0;
  for (std::size_t i = 0; i < n; ++i) {
    trace += product[i * n + i];
    for (std::size_t j = 0; j < n; ++j) trace_of_square += product[i * n + j] * product[j * n + i];
  }
  return trace_of_square + trace * trace;
}

}  // namespace

double t_squared_p_value(double t_squared, int p, double nu) {
  const double remaining = nu - p + 1;
  if (p < 1 || !(t_squared >= 0) || !(remaining > 0)) return no_number;
  if (nu > 1e8) return gsl_cdf_chisq_Q(t_squared, p);
  return gsl_cdf_fdist_Q(t_squared * remaining / (nu * p), p, remaining);
}

ChiSquared chi_squared(std::span<const double> residual, std::span<const CovariancePart> parts) {
  ChiSquared result;
  const std::size_t n = residual.size();
  result.dof = static_cast<int>(n);
  if (n == 0) return result;
  SymmetricMatrix total{n};
  for (const auto& part : parts)
    for (std::size_t i = 0; i < part.where.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const auto a = part.where[i], b = part.where[j];
        total.set(a, b, total(a, b) + part.covariance(i, j));
      }
  const auto inverse = total.inverse();
  if (!inverse) return result;
  result.value = inverse->form(residual, residual);
  double sum = 0;
  for (const auto& part : parts)
    if (std::isfinite(part.freedom)) sum += concentration(part, *inverse) / part.freedom;
  const double p = result.dof;
  result.p_value = t_squared_p_value(result.value, result.dof, sum > 0 ? p * (p + 1) / sum : infinity);
  return result;
}

}  // namespace mattis::analysis
