// The slow, obvious quadrature the theory is held against.
#pragma once

#include <cmath>
#include <numbers>

/// int Dz f(z) by Simpson's rule on |z| < 10 with steps of 20/n.
template <class F>
double simpson_average(F f, int n = 20000) {
  const double h = 20.0 / n;
  double sum = 0;
  for (int k = 0; k <= n; ++k) {
    const double z = -10 + k * h;
    const double weight = k == 0 || k == n ? 1 : k % 2 == 1 ? 4 : 2;
    sum += weight * f(z) * std::exp(-z * z / 2);
  }
  return sum * h / 3 / std::sqrt(2 * std::numbers::pi);
}
