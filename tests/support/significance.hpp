// Statistical checks that compute their own error: |z| < 4 at a pinned seed (false alarm 6e-5 each).
#pragma once

#include <cmath>
#include <cstdint>

namespace mattis::tests {

inline constexpr double significant = 4;

/// z of `hits` in `trials` independent trials of probability p.
inline double binomial_z(std::int64_t hits, std::int64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  return (static_cast<double>(hits) - n * p) / std::sqrt(n * p * (1 - p));
}

}  // namespace mattis::tests
