// A sweep by look-up: the local fields of 128 sites at once from tables of the partial sums of pattern groups.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <variant>

#include "engine/simd/cached_sweep.hpp"
#include "engine/spins.hpp"
#include "models/pattern_tables.hpp"
#include "models/pattern_views.hpp"

namespace mattis {

/// Numbers that outlive a sweep: v now; for each block, what v was when its F_i were summed; and the F_i.
template <class Count>
struct KeptSums {
  PatternTables& tables;
  Count* now;
  Count* kept;
  std::int32_t* sums;
};

/// Sequential sweeps of pairwise patterns. With M_mu = 2 v_mu + (N mod 2), each block of 128 sites keeps
///
///     F_i = sum_mu xi_i^mu v_mu,    h_i = sum_mu xi_i^mu M_mu,    f_i = h_i - P s_i,    cost of a flip = s_i f_i
///
/// together with the v_mu they were summed for. At the next visit only the change of v is looked up, one look-up per group of
/// 4 patterns (pattern_tables.hpp): a sweep changes v by little, so that tables of single bytes suffice, and where nothing
/// has flipped nothing is done. Then proposals in turn (a flip adds a row of C_ij within the block), then the flips of the
/// block into v. This is the sequential sweep, proposal by proposal.
///
/// Exact    all sums are integers: F_i is right for whatever history of v. Tables hold the lowest bytes of their entries,
///          listed ones the bytes above; 257 bytes are added in 16 bits, then in 32. v has 16 bits while no change of it can
///          leave them, N <= 32767, else 32.
/// Domain   patterns without entries 0, P <= PatternViews::largest_load, N P < ProposalBlock::largest.
/// Cost     P / 4 look-ups (4 bytes of table for 32 sites) a proposal; O(P) bit operations a flip; O(P) a block with flips.
/// Memory   chain_bytes; nothing is allocated in a sweep.
class TableSweep {
 public:
  explicit TableSweep(const PatternViews& views);

  /// Writes the flips in their order, returns how many. `counts`: M_mu, padded with zeros to whole words.
  /// `same_counts`: nothing else has changed them since the last sweep.
  std::size_t sweep(Spin* spins, std::int32_t* counts, bool same_counts,
                    const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                    simd::Flip* flips);

  /// All fields f_i, padded to whole blocks.
  void fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out);

  /// Bytes of the numbers kept for N spins and P patterns.
  static double chain_bytes(double num_spins, double num_patterns) {
    const double bytes_of_v = num_spins <= largest_narrow ? 2 : 4;
    return (num_spins / PatternViews::block_sites + 1) * num_patterns * bytes_of_v + 4 * num_spins +
           28 * num_patterns;
  }

 private:
  static constexpr SiteIndex largest_narrow = 32767;

  template <class T>
  using Buffer = hwy::AlignedFreeUniquePtr<T[]>;
  template <class Count>
  struct Halves {
    Buffer<Count> now, kept;
  };
  template <class Count>
  Halves<Count> zero_halves() const;
  template <class Count>
  KeptSums<Count> kept(Halves<Count>& halves) {
    return {tables_, halves.now.get(), halves.kept.get(), sums_.get()};
  }

  const PatternViews* views_;
  PatternTables tables_;
  std::variant<Halves<std::int16_t>, Halves<std::int32_t>> halves_;
  Buffer<std::int32_t> sums_;
};

}  // namespace mattis
