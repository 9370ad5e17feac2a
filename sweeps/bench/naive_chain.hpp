// The baseline: what a careful programmer writes in an afternoon, for every pairwise model.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/dynamics.hpp"
#include "models/model.hpp"

namespace mattis::bench {

/// Explicit couplings in single precision: H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i with J_ij = unit n_ij.
///
/// Patterns give n_ij = sum_mu xi_i^mu xi_j^mu and unit = 1/N: whole numbers, so fields are exact below 2^24. Explicit
/// couplings are J_ij itself and unit = 1.
/// Cost     N^2 P / 64 words once for patterns; memory 4 N^2 bytes.
struct NaiveCouplings {
  SiteIndex num_spins = 0;
  float unit = 1;
  std::vector<float> couplings;  ///< n_ij, row-major, zero diagonal
  std::vector<float> fields;     ///< h_i / unit

  explicit NaiveCouplings(const DisorderSample& sample);
  const float* row(SiteIndex i) const noexcept {
    return couplings.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(num_spins);
  }
  static double bytes(double num_spins) { return 4 * num_spins * num_spins; }
};

/// xoshiro256++ (Blackman, Vigna, ACM TOMS 47, 36 (2021)), seeded by splitmix64; one number at a time.
class Xoshiro {
 public:
  explicit Xoshiro(std::uint64_t seed) noexcept;
  std::uint64_t operator()() noexcept {
    const std::uint64_t result = rotated(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotated(state_[3], 45);
    return result;
  }
  /// Uniform in [0, 1), a multiple of 2^-24.
  float uniform() noexcept { return static_cast<float>((*this)() >> 40) * 0x1p-24f; }
  /// Uniform in 0 ... n-1, bias below n / 2^32.
  SiteIndex below(SiteIndex n) noexcept {
    return static_cast<SiteIndex>(((*this)() >> 32) * static_cast<std::uint64_t>(n) >> 32);
  }

 private:
  static std::uint64_t rotated(std::uint64_t x, int k) noexcept { return (x << k) | (x >> (64 - k)); }
  std::array<std::uint64_t, 4> state_;
};

/// Metropolis on cached local fields, one proposal after the other: random number, expf, and on acceptance one row of
/// the couplings, auto-vectorised for the instruction sets of this machine.
///
///     dE_i = 2 s_i f_i,   f_i = sum_j J_ij s_j + h_i;   flip if dE_i < 0, else with probability exp(-dE_i / T)
///
/// A flip that costs nothing is made with probability 1/2, and at T = 0 never, as in dynamics.hpp: both codes then do
/// the same work at the same acceptance.
/// Domain   sequential and random order; T >= 0. Explicit couplings: fields round with every flip, by about 1e-7 each.
class NaiveChain {
 public:
  NaiveChain(std::shared_ptr<const NaiveCouplings> couplings, std::span<const Spin> spins, double temperature,
             Order order, std::uint64_t seed);

  /// N proposals; returns how many were accepted.
  std::int64_t sweep();
  std::span<const Spin> spins() const noexcept { return spins_; }
  /// H from the cached fields.
  double energy() const;

 private:
  std::shared_ptr<const NaiveCouplings> couplings_;
  Configuration spins_;
  std::vector<float> local_;  // f_i / unit
  float twice_beta_;          // 2 unit / T
  Order order_;
  Xoshiro random_;
};

}  // namespace mattis::bench
