// What a flip changes in the sums of forces over the patterns of every site: small numbers, looked up four patterns at a time.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/spins.hpp"
#include "models/narrow_forces.hpp"
#include "models/pattern_views.hpp"

namespace mattis {

/// A flip moves v_mu by one, and G(v_mu) by a number that three-body forces have small and regular:
///
///     G(v +- 1) - G(v) = offset + factor w,   |w| <= 63 where |v| is within three standard deviations of 0
struct ChangeLaw {
  std::int32_t offset = 0, shift = 0, odd = 1;  ///< factor = 2^shift odd
  std::uint16_t inverse = 1;                    ///< of `odd`, modulo 2^16
  bool is_useful = false;                       ///< and all sums fit 32 bits
  ChangeLaw(const NarrowLaw& law, SiteIndex num_spins, SiteIndex num_patterns);

  std::int32_t factor() const noexcept { return odd * (1 << shift); }
  /// w modulo 2^16, of the difference of two forces in 16 bits.
  std::int16_t number(std::int16_t before, std::int16_t after) const noexcept {
    const auto d = static_cast<std::int16_t>(after - before - offset);
    return static_cast<std::int16_t>(static_cast<unsigned>(d >> shift) * inverse);
  }
};

/// For each site j, sum over the patterns with xi_j = +1 of G_after - G_before, by "four Russians": a table of 16 bytes for
/// each 4 patterns, looked up for 64 sites at once.
///
///     t[n] = sum_{k in n} w_k - sum_k min(w_k, 0),    0 <= t[n] <= range = sum_k |w_k|
///
/// Method   in blocks of 512 patterns: four, two or one look-ups are added in a byte, as the largest range of the block allows.
///          Where it exceeds a byte, |w| is cut at 63 in the block, and the patterns cut are told apart. The four patterns of
///          a table lie side by side in NarrowForces (16 apart in a word, as PatternViews has them).
///          Where bytes of 64 can be permuted (force_sextets.inl.hpp) a table has 64 bytes, for 6 patterns.
/// Exact    always: `complete` adds what tables and 16 bits lack.
/// Cost     9 vector operations for 8 patterns of 64 sites, and 33 for the tables of 32 patterns; with 6 patterns a table, 38 for 64
///          patterns of 64 sites, and 45 for the tables of 32.
/// Memory   6 bytes a pattern, 12 a site; the slices and sextets of the views.
class ForceChanges {
 public:
  ForceChanges(std::shared_ptr<const NarrowLaw> law, std::shared_ptr<const PatternViews> views);
  ForceChanges(const ForceChanges& other) : ForceChanges(other.law_, other.views_) {}
  ForceChanges(ForceChanges&&) = default;

  /// Bytes of a chain beside the 6 a pattern.
  static double chain_bytes(double num_spins) { return 12 * (num_spins + PatternViews::block_sites) + 16384; }

  /// Costs of single sites, summed over all patterns, that take as long as one call of `flip`.
  static std::size_t worth(SiteIndex num_spins) noexcept {
    return 12 * ((static_cast<std::size_t>(num_spins) + PatternViews::slice_sites - 1) /
                 PatternViews::slice_sites);
  }

  /// forces.flip(i, before); returns the changes, of the N sites.
  std::span<const std::int64_t> flip(NarrowForces& forces, SiteIndex i, int before);

 private:
  static constexpr std::size_t block = NarrowForces::block;
  void complete(const NarrowForces& forces, SiteIndex flipped, int before);
  void add(SiteIndex mu, std::int64_t change);

  std::shared_ptr<const NarrowLaw> law_;
  std::shared_ptr<const PatternViews> views_;
  ChangeLaw change_;
  std::size_t num_blocks_;
  hwy::AlignedFreeUniquePtr<std::int16_t[]> before_;
  hwy::AlignedFreeUniquePtr<std::uint8_t[]> tables_;
  std::vector<std::uint8_t> adds_;  // look-ups that a byte holds, by block
  std::vector<std::uint8_t> cuts_;  // by block
  std::vector<std::int32_t> sums_;  // of t, by site
  std::vector<std::int64_t> changes_;
};

/// Costs (pattern_system.hpp) of all sites, from the changes of their sums and of the sums over all patterns:
///
///     cost_j += s_j (2 changes_j - change of sum G) - change of sum E
void change_costs(std::span<const Spin> spins, std::span<const std::int64_t> changes, std::int64_t all_forces,
                  std::int64_t all_curvatures, std::int64_t* costs, float* rounded);

}  // namespace mattis
