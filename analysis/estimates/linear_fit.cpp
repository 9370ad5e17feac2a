#include "analysis/estimates/linear_fit.hpp"

#include <algorithm>
#include <cmath>

namespace mattis::analysis {

std::optional<LinearFit> fit_linear(const std::vector<std::vector<double>>& design, std::span<const double> y,
                                    const SymmetricMatrix& covariance) {
  const std::size_t n = y.size();
  const std::size_t m = design.empty() ? 0 : design.front().size();
  const auto precision = covariance.inverse();
  if (!precision || m == 0 || n < m) return std::nullopt;

  std::vector<std::vector<double>> columns(m, std::vector<double>(n));
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t a = 0; a < m; ++a) columns[a][k] = design[k][a];
  SymmetricMatrix information{m};
  for (std::size_t a = 0; a < m; ++a)
    for (std::size_t b = 0; b <= a; ++b) information.set(a, b, precision->form(columns[a], columns[b]));
  auto parameter_covariance = information.inverse();
  if (!parameter_covariance) return std::nullopt;

  LinearFit fit;
  fit.covariance = std::move(*parameter_covariance);
  fit.weights.assign(m, std::vector<double>(n));
  fit.parameters.assign(m, 0);
  for (std::size_t a = 0; a < m; ++a)
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t b = 0; b < m; ++b)
        for (std::size_t l = 0; l < n; ++l)
          fit.weights[a][k] += fit.covariance(a, b) * columns[b][l] * (*precision)(l, k);
      fit.parameters[a] += fit.weights[a][k] * y[k];
    }
  std::vector<double> residual(y.begin(), y.end());
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t a = 0; a < m; ++a) residual[k] -= design[k][a] * fit.parameters[a];
  fit.quality.value = precision->form(residual, residual);
  fit.quality.dof = static_cast<int>(n - m);
  fit.quality.p_value = t_squared_p_value(fit.quality.value, fit.quality.dof, infinity);
  return fit;
}

std::optional<LinearFit> fit_linear(const std::vector<std::vector<double>>& design, std::span<const double> y,
                                    std::span<const double> errors, std::span<const double> freedom) {
  std::vector<double> variance(errors.begin(), errors.end());
  for (double& e : variance) e *= e;
  auto fit = fit_linear(design, y, SymmetricMatrix::diagonal(variance));
  if (!fit) return fit;
  const std::size_t m = fit->parameters.size();
  auto covariance = fit->covariance;
  double sum = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (!std::isfinite(freedom[k])) continue;
    double leverage = 0;
    for (std::size_t a = 0; a < m; ++a) leverage += design[k][a] * fit->weights[a][k];
    const double h = std::max(0.0, 1 - leverage);
    sum += 2 * h * h / freedom[k];
    for (std::size_t a = 0; a < m; ++a)  // Phi x_k / error_k = weights of point k times error_k
      for (std::size_t b = 0; b <= a; ++b)
        covariance.set(
            a, b,
            covariance(a, b) + 4 * h / freedom[k] * variance[k] * fit->weights[a][k] * fit->weights[b][k]);
  }
  fit->covariance = std::move(covariance);
  const double p = fit->quality.dof;
  fit->quality.p_value =
      t_squared_p_value(fit->quality.value, fit->quality.dof, sum > 0 ? p * (p + 1) / sum : infinity);
  return fit;
}

}  // namespace mattis::analysis
