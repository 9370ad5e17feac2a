#include "analysis/theory/field_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mattis::theory {

namespace {

constexpr double step = 0.2;  // error exp(-pi^2/step) = 4e-22
const double inverse_sqrt_2pi = 1 / std::sqrt(2 * std::numbers::pi);

double sech(double x) {
  const double e = std::exp(-std::abs(x));
  return 2 * e / (1 + e * e);
}

/// ln 2cosh x - x tanh x for x >= 0: the entropy of a spin in reduced field x.
double spin_entropy(double x) {
  const double e = std::exp(-2 * x);
  return std::log1p(e) + 2 * x * e / (1 + e);
}

/// How far in x the product sech^2(x) exp(-(x-b)^2/2c^2) matters (its slope at b < c^2 is at least 1).
double range(double b, double c) {
  if (b < c * c) return 40;
  return std::min(400.0, std::max(40.0, b - 2 * c * c + 9.5 * c));
}

/// Sums over z for fields no wider than the step of tanh.
FieldAverages narrow(double b, double c) {
  FieldAverages sum;
  const int reach = static_cast<int>((10 + 2 * c) / step);
  for (int k = -reach; k <= reach; ++k) {
    const double z = k * step, x = b + c * z;
    const double weight = step * inverse_sqrt_2pi * std::exp(-z * z / 2);
    const double t = std::tanh(x), s = sech(x), s2 = s * s;
    sum.tanh += weight * t;
    sum.one_minus_tanh += weight * 2 / (1 + std::exp(2 * x));
    sum.tanh2 += weight * t * t;
    sum.sech2 += weight * s2;
    sum.sech4 += weight * s2 * s2;
    sum.tanh_sech2 += weight * t * s2;
    sum.sech2_by_width -= weight * 2 * z * t * s2;
  }
  return sum;
}

/// Sums over x = +-k step for fields wider than the step of tanh.
FieldAverages wide(double b, double c) {
  FieldAverages sum;
  const double last = range(b, c), root = c * std::numbers::sqrt2;
  for (int k = 0; k * step <= last; ++k) {
    const double x = k * step, t = std::tanh(x), s = sech(x), s2 = s * s;
    const double z = (x - b) / c;
    const double right = (k == 0 ? 0.5 : 1.0) * step * inverse_sqrt_2pi * std::exp(-z * z / 2) / c;
    const double odd = -right * std::expm1(-2 * (x / c) * (b / c));  // weight at x minus weight at -x
    const double even = 2 * right - odd;
    const double half = (k == 0 ? 0.5 : 1.0) * step * s2 / 2;
    sum.one_minus_tanh += half * (std::erfc((b - x) / root) + std::erfc((b + x) / root));
    sum.sech2 += even * s2;
    sum.sech4 += even * s2 * s2;
    sum.tanh_sech2 += odd * t * s2;
    sum.sech2_by_width -= 2 * (even * x / c - odd * b / c) * t * s2;
  }
  sum.tanh = 1 - sum.one_minus_tanh;
  sum.tanh2 = 1 - sum.sech2;
  return sum;
}

}  // namespace

FieldAverages field_averages(double b, double c) { return c < 1 ? narrow(b, c) : wide(b, c); }

double ln_2cosh(double x) { return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))); }

double mean_absolute(double b, double c) {
  if (c == 0) return std::abs(b);
  const double z = b / c;
  return b * std::erf(z / std::numbers::sqrt2) + 2 * c * inverse_sqrt_2pi * std::exp(-z * z / 2);
}

FieldEntropy field_entropy(double b, double c) {
  FieldEntropy sum;
  if (c < 1) {
    const int reach = static_cast<int>((10 + 2 * c) / step);
    for (int k = -reach; k <= reach; ++k) {
      const double z = k * step, x = b + c * z;
      const double weight = step * inverse_sqrt_2pi * std::exp(-z * z / 2);
      sum.ln_2cosh += weight * ln_2cosh(x);
      sum.entropy += weight * spin_entropy(std::abs(x));
    }
    return sum;
  }
  const double last = range(b, c);
  for (int k = 0; k * step <= last; ++k) {
    const double x = k * step, s = sech(x), half = k == 0 ? 0.5 : 1.0;
    const double right = (x - b) / c, left = (x + b) / c;
    const double weight =
        half * step * inverse_sqrt_2pi * (std::exp(-right * right / 2) + std::exp(-left * left / 2)) / c;
    sum.ln_2cosh += half * step * s * s / 2 * (mean_absolute(b - x, c) + mean_absolute(b + x, c));
    sum.entropy += weight * spin_entropy(x);
  }
  return sum;
}

}  // namespace mattis::theory
