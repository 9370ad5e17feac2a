// Standard normal numbers with the same bits on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/random_stream.hpp"
#include "engine/threshold.hpp"

namespace mattis {

/// Marsaglia's polar method: for a uniform point (x, y) of the unit disc, r^2 = x^2 + y^2,
///
///     x sqrt(-2 ln r^2 / r^2)  and  y sqrt(-2 ln r^2 / r^2)  are independent and standard normal.
///
/// The logarithm is the one of threshold.hpp and the square root that of IEEE 754: no C library's logarithm enters, as
/// it does in the distributions of Boost and of the standard library, so the numbers are the same on any x86-64 machine.
///
/// Domain   |value| < 12.1: x and y are odd multiples of 2^-53, so r^2 >= 2^-105.
/// Cost     1.27 numbers of the stream each.
/// Source   Marsaglia, Bray, SIAM Rev. 6, 260 (1964).
class NormalNumbers {
 public:
  explicit NormalNumbers(RngStream& random) noexcept : random_(random) {}

  double operator()() noexcept {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    double x, y, r2;
    do {
      x = coordinate();
      y = coordinate();
      r2 = x * x + y * y;
    } while (r2 >= 1);
    const double scale = std::sqrt(-2 * natural_log(r2) / r2);
    second_ = y * scale;
    has_second_ = true;
    return x * scale;
  }

 private:
  /// (k + 1/2) 2^-52 with 53 random bits k = -2^52 ... 2^52 - 1: in (-1, 1), never 0.
  double coordinate() noexcept {
    return (static_cast<double>(static_cast<std::int64_t>(random_()) >> 11) + 0.5) * 0x1p-52;
  }

  RngStream& random_;
  bool has_second_ = false;
  double second_ = 0;
};

}  // namespace mattis
