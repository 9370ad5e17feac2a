// Functions of a field of definite parity, known on half a line of points that crowd near zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <vector>

namespace mattis::theory {

/// Points y_k = b sinh(0.08 k) >= 0: 0.08 b apart near zero, 0.08 y far out. Interpolation in k uses 12
/// points, mirrored at zero: 1e-10 relative for functions smooth on the scale b + y.
class FieldGrid {
 public:
  static constexpr int width = 12;

  /// The points a place is interpolated from, first ... first + 11 (-k is the mirror image of k).
  struct Stencil {
    int first = 0;
    std::array<double, width> weights;
  };

  /// Covers 0 <= y <= largest, and a few points more; `finest` is b > 0.
  FieldGrid(double finest, double largest);

  [[nodiscard]] std::size_t size() const { return points_.size(); }
  [[nodiscard]] double operator[](std::size_t k) const { return points_[k]; }
  [[nodiscard]] double last() const { return points_.back(); }

  /// For a place y >= 0; beyond the last point that point answers.
  [[nodiscard]] Stencil stencil(double y) const;

  /// Value at the stencil's place of a function f on the points, parity +1 or -1.
  [[nodiscard]] static double at(const Stencil& stencil, const std::vector<double>& f, double parity) {
    double sum = 0;
    for (int j = 0; j < width; ++j) {
      const int k = stencil.first + j;
      const double value = f[static_cast<std::size_t>(std::abs(k))];
      sum += stencil.weights[static_cast<std::size_t>(j)] * (k < 0 ? parity * value : value);
    }
    return sum;
  }

  /// Adds `weight` at the stencil's place to a measure carried by the points: the transpose of `at` for even
  /// functions.
  static void add(const Stencil& stencil, double weight, std::vector<double>& measure) {
    for (int j = 0; j < width; ++j)
      measure[static_cast<std::size_t>(std::abs(stencil.first + j))] +=
          weight * stencil.weights[static_cast<std::size_t>(j)];
  }

 private:
  double b_;
  std::vector<double> points_;
};

}  // namespace mattis::theory
