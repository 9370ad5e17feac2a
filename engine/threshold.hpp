// Acceptance as a threshold: accept the flip iff its energy cost, in units of the model's quantum, is at most theta.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mattis {

enum class Rule {
  glauber,
  metropolis
};  ///< heat bath 1/(1+exp(beta dE)), or min(1, exp(-beta dE)), at dE = 0 both 1/2

/// ln x for a positive normal double, from additions, multiplications and two divisions in a fixed order: no libm,
/// whose last bit depends on the processor.
///
///     x = 2^e f,  sqrt(1/2) <= f < sqrt 2,  w = (f-1)/(f+1):   ln x = e ln 2 + 2 (w + w^3/3 + w^5/5 + ...)
///
/// Errors  relative error below 1e-15 (the series ends at w^23, |w| < 0.172).
inline double natural_log(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double f = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (f >= 1.4142135623730951) {
    f *= 0.5;
    ++exponent;
  }
  const double w = (f - 1) / (f + 1), w2 = w * w;
  constexpr int terms = 12;
  double sum = 1.0 / (2 * terms - 1);
  for (int k = terms - 2; k >= 0; --k) sum = sum * w2 + 1.0 / (2 * k + 1);
  return exponent * 0.6931471805599453 + 2 * w * sum;
}

/// Draws theta from a 32-bit random number r, with u = (r + 1/2) / 2^32:
///
///     heat bath   theta = (T / unit) ln((1-u)/u)      Metropolis   theta = -(T / unit) ln u
///
/// Accepting iff dE <= unit theta (dE = 0: iff u < 1/2, see dynamics.hpp) is the rule exactly, up to the resolution 2^-32 of u: acceptance
/// probabilities are multiples of 2^-32 and nothing rarer than 2^-33 ever happens.
///
/// Symbols  unit: the energy quantum in which costs are counted; T > 0, T = infinity allowed (T = 0 draws nothing).
class Thresholds {
 public:
  Thresholds(Rule rule, double temperature, double unit) noexcept : rule_(rule), scale_(temperature / unit) {}

  double operator()(std::uint32_t r) const noexcept {
    const double u = (static_cast<double>(r) + 0.5) * 0x1p-32;
    const double logarithm = rule_ == Rule::glauber ? natural_log((1.0 - u) / u) : -natural_log(u);
    // At T = infinity the product is +-infinity (the logarithm is never 0): always or never, as it must be.
    return scale_ * logarithm;
  }

 private:
  Rule rule_;
  double scale_;
};

}  // namespace mattis
