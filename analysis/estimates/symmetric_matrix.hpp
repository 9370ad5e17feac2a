// Small dense symmetric matrices: covariances.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mattis::analysis {

class SymmetricMatrix {
 public:
  SymmetricMatrix() = default;
  explicit SymmetricMatrix(std::size_t dimension) : dimension_{dimension}, entries_(dimension * dimension) {}
  static SymmetricMatrix diagonal(std::span<const double> entries);

  std::size_t dimension() const { return dimension_; }
  double operator()(std::size_t i, std::size_t j) const { return entries_[i * dimension_ + j]; }
  void set(std::size_t i, std::size_t j, double value);  ///< both (i, j) and (j, i)

  /// A^-1 by Cholesky; nothing unless A is positive definite to working precision. Rows are scaled by their
  /// diagonal first, so variances of different size do not matter. O(n^3).
  std::optional<SymmetricMatrix> inverse() const;

  /// x^T A y.
  double form(std::span<const double> x, std::span<const double> y) const;

 private:
  std::size_t dimension_ = 0;
  std::vector<double> entries_;
};

}  // namespace mattis::analysis
