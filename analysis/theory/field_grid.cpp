#include "analysis/theory/field_grid.hpp"

#include <algorithm>
#include <cmath>

namespace mattis::theory {

namespace {

constexpr double spacing = 0.08;  // of asinh(y / b)

/// (-1)^j binomial(11, j): barycentric weights of equidistant points.
constexpr std::array<double, FieldGrid::width> barycentric{1,   -11,  55,  -165, 330, -462,
                                                           462, -330, 165, -55,  11,  -1};

}  // namespace

FieldGrid::FieldGrid(double finest, double largest) : b_{finest} {
  const int n = static_cast<int>(std::ceil(std::asinh(largest / b_) / spacing)) + 1 + width / 2;
  for (int k = 0; k < n; ++k) points_.push_back(b_ * std::sinh(k * spacing));
}

FieldGrid::Stencil FieldGrid::stencil(double y) const {
  const double v = std::asinh(std::min(y, last()) / b_) / spacing;
  Stencil s;
  s.first = std::min(static_cast<int>(v) - (width / 2 - 1), static_cast<int>(points_.size()) - width);
  const double at = v - s.first;
  double sum = 0;
  for (std::size_t j = 0; j < width; ++j) {
    const double distance = at - static_cast<double>(j);
    if (distance == 0) {
      s.weights.fill(0);
      s.weights[j] = 1;
      return s;
    }
    s.weights[j] = barycentric[j] / distance;
    sum += s.weights[j];
  }
  for (auto& weight : s.weights) weight /= sum;
  return s;
}

}  // namespace mattis::theory
