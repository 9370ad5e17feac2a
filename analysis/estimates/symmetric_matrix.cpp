#include "analysis/estimates/symmetric_matrix.hpp"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include <cmath>

namespace mattis::analysis {

SymmetricMatrix SymmetricMatrix::diagonal(std::span<const double> entries) {
  SymmetricMatrix matrix{entries.size()};
  for (std::size_t i = 0; i < entries.size(); ++i) matrix.set(i, i, entries[i]);
  return matrix;
}

void SymmetricMatrix::set(std::size_t i, std::size_t j, double value) {
  entries_[i * dimension_ + j] = entries_[j * dimension_ + i] = value;
}

std::optional<SymmetricMatrix> SymmetricMatrix::inverse() const {
  [[maybe_unused]] static auto* const no_abort = gsl_set_error_handler_off();  // failure is a value here
  const std::size_t n = dimension_;
  if (n == 0) return *this;
  std::vector<double> scale(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double variance = (*this)(i, i);
    if (!(variance > 0) || !std::isfinite(variance)) return std::nullopt;
    scale[i] = 1 / std::sqrt(variance);
  }
  SymmetricMatrix result{n};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) result.set(i, j, (*this)(i, j) * scale[i] * scale[j]);

  auto view = gsl_matrix_view_array(result.entries_.data(), n, n);
  if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS) return std::nullopt;
  for (std::size_t i = 0; i < n; ++i) {
    const double pivot = result(i, i);
    if (!(pivot * pivot > 1e-13 * static_cast<double>(n))) return std::nullopt;
  }
  if (gsl_linalg_cholesky_invert(&view.matrix) != GSL_SUCCESS) return std::nullopt;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) result.set(i, j, result(i, j) * scale[i] * scale[j]);
  return result;
}

double SymmetricMatrix::form(std::span<const double> x, std::span<const double> y) const {
  double sum = 0;
  for (std::size_t i = 0; i < dimension_; ++i)
    for (std::size_t j = 0; j < dimension_; ++j) sum += x[i] * (*this)(i, j) * y[j];
  return sum;
}

}  // namespace mattis::analysis
