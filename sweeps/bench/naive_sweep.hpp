// What the naive codes share: a Metropolis sweep, and a dot product in lanes.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "engine/dynamics.hpp"
#include "sweeps/bench/naive_chain.hpp"

namespace mattis::bench {

/// N proposals, one after the other: flip if c_i < 0, else with probability exp(-beta c_i); a flip that costs nothing
/// with probability 1/2, and at beta = infinity never, as in dynamics.hpp. Returns how many were accepted.
template <class Cost, class Flip>
std::int64_t naive_sweep(SiteIndex num_spins, Order order, float beta, Xoshiro& random, Cost cost,
                         Flip flip) {
  const float tie = std::isinf(beta) ? 0.0f : 0.5f;
  std::int64_t accepted = 0;
  for (SiteIndex k = 0; k < num_spins; ++k) {
    const SiteIndex i = order == Order::random ? random.below(num_spins) : k;
    const float change = cost(i), u = random.uniform();
    if (change >= 0 && u >= (change == 0 ? tie : std::exp(-beta * change))) continue;
    flip(i);
    ++accepted;
  }
  return accepted;
}

constexpr std::size_t lanes = 16;

/// sum_k x_k y_k, `size` a multiple of the lanes; inlined, so that it is compiled for the caller's instruction set.
[[gnu::always_inline]] inline float dot_in_lanes(const float* x, const float* y, std::size_t size) {
  std::array<float, lanes> sums{};
  for (std::size_t k = 0; k < size; k += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += x[k + lane] * y[k + lane];
  float sum = 0;
  for (const float lane : sums) sum += lane;
  return sum;
}

}  // namespace mattis::bench
