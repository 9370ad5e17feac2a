// The local fields of all sites, kept from sweep to sweep: in 16 bits while they fit, else in 32.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/simd/cached_sweep.hpp"

namespace mattis {

/// f_i = sum_mu xi_i^mu M_mu - (number of patterns present at i) s_i for the `cached` kernel; the cost of a flip is s_i f_i.
///
/// Where all f_i are odd or even alike they are kept as g_i, f_i = 2 g_i + r s_i, in 16 bits. A sweep that would take one of
/// them beyond goes on in 32 bits, and so do those after it.
/// Memory   8 bytes a site.
class KeptFields {
 public:
  /// `fields`: f_i of all sites, padded like simd::CachedFields. `parity`: r, or -1 if they are not alike. `largest_jump`: max |J_ij|
  /// in units of g.
  void set(std::span<const Spin> spins, std::span<const std::int32_t> fields, std::int32_t parity,
           std::int32_t largest_jump);

  /// One sweep; returns how many flips it wrote.
  std::size_t sweep(simd::JumpRows& rows, const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                    const SweepRandomness& random, simd::Flip* flips);

  std::int32_t cost(std::size_t i) const noexcept;
  bool is_narrow() const noexcept { return is_narrow_; }

 private:
  void widen();

  SiteIndex num_spins_ = 0;
  std::int32_t parity_ = 0, largest_jump_ = 0, room_ = 0;
  bool is_narrow_ = false;
  std::vector<std::int16_t> narrow_fields_, narrow_signs_;
  std::vector<std::int32_t> fields_, signs_;
};

}  // namespace mattis
