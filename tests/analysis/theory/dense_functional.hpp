// The free energy of the dense memory and the p-spin glass as it stands in the books, by the obvious quadrature.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/theory/mixture.hpp"

/// Order parameters; x = w T.
struct OrderParameters {
  double m = 0, q0 = 0, q1 = 0, w = 0;
};

/// f(m, q0, q1, x) at temperature T > 0, or at T = 0 with q1 = 1,
///
///     c(p-1)m^p - (beta/2)[xi(1) - xi'(q1) + (1-x)theta(q1) + x theta(q0)] - (T/x) int Dz ln int Dy (2cosh beta h)^x,
///     c(p-1)m^p + (w/2)[theta(1) - theta(q0)] - (1/w) int Dz ln int Dy e^{w|h|};
///
/// replica symmetric where w = 0.
inline double dense_functional(const mattis::theory::Mixture& mixture, const OrderParameters& at, double t,
                               int nodes = 1200) {
  const auto sum = [&](double q, int derivative) {
    double value = 0;
    for (const auto& [k, a] : mixture.covariance)
      value += derivative == 0 ? a * std::pow(q, k) : a * k * std::pow(q, k - 1);
    return value;
  };
  const auto theta = [&](double q) { return q * sum(q, 1) - sum(q, 0); };
  const double c = mixture.signal, p = mixture.body;
  const double b = c == 0 ? 0 : c * p * std::pow(at.m, p - 1);
  const double outer = std::sqrt(sum(at.q0, 1)),
               inner = std::sqrt(std::max(0.0, sum(at.q1, 1) - sum(at.q0, 1)));
  const auto energy = [&](double h) {
    return std::abs(h) + (t > 0 ? t * std::log1p(std::exp(-2 * std::abs(h) / t)) : 0);
  };
  const auto potential = [&](double u) {
    if (at.w == 0) return energy(u);
    const double top = at.w * (std::abs(u) + at.w * inner * inner / 2);  // of the exponent, to keep it small
    const auto weight = [&](double y) { return std::exp(at.w * energy(u + inner * y) - top); };
    // cut at the kink of |h|, and centre the range on the tilted measure
    const double edge = std::clamp(-u / inner, -12.0, 12.0), reach = 12 + at.w * inner;
    const auto half = [&](double from, double to) {
      const double h = (to - from) / nodes;
      double value = 0;
      for (int k = 0; k <= nodes; ++k) {
        const double y = from + k * h;
        value += (k == 0 || k == nodes ? 1 : k % 2 == 1 ? 4 : 2) * weight(y) * std::exp(-y * y / 2);
      }
      return value * h / 3 / std::sqrt(2 * std::numbers::pi);
    };
    return (std::log(half(-reach, edge) + half(edge, reach)) + top) / at.w;
  };
  const double kink = outer > 0 ? std::clamp(-b / outer, -10.0, 10.0) : 0;
  const auto piece = [&](double from, double to) {
    const double h = (to - from) / nodes;
    double value = 0;
    for (int k = 0; k <= nodes; ++k) {
      const double z = from + k * h;
      value += (k == 0 || k == nodes ? 1
                : k % 2 == 1         ? 4
                                     : 2) *
               potential(b + outer * z) * std::exp(-z * z / 2);
    }
    return value * h / 3 / std::sqrt(2 * std::numbers::pi);
  };
  const double spins = outer > 0 ? piece(-10, kink) + piece(kink, 10) : potential(b);
  const double noise = t > 0 ? -(sum(1, 0) - sum(at.q1, 1) + theta(at.q1)) / (2 * t) : 0;
  return c * (p - 1) * std::pow(at.m, p) + noise + at.w / 2 * (theta(at.q1) - theta(at.q0)) - spins;
}
