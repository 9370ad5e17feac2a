// A sweep by look-up: the local fields of 128 sites at once from tables of the partial sums of pattern groups.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simd/cached_sweep.hpp"
#include "engine/spins.hpp"
#include "models/pattern_tables.hpp"
#include "models/pattern_views.hpp"

namespace mattis {

/// Sequential sweeps of pairwise patterns. The field of a site is one look-up per group of 4 patterns (pattern_tables.hpp):
///
///     h_i = sum_mu xi_i^mu M_mu,    f_i = h_i - P s_i,    cost of a flip = s_i f_i
///
/// Block by block of 128 sites: fields by look-up, proposals in turn (a flip adds a row of 2 C_ij within the block), then
/// the flips of the block into the counts and the tables. This is the sequential sweep, proposal by proposal.
///
/// Exact    Tables hold the lowest bytes of their sums, listed ones the bytes above; 257 bytes are added in 16 bits, then
///          in 32.
/// Domain   patterns without entries 0, P <= PatternViews::largest_load, N P < ProposalBlock::largest.
/// Cost     P / 4 look-ups (8 bytes of table for 32 sites) a proposal; O(P) bit operations a flip; O(P) a block with flips.
/// Memory   8 P bytes a chain; nothing is allocated in a sweep.
class TableSweep {
 public:
  explicit TableSweep(const PatternViews& views);

  /// Writes the flips in their order, returns how many. `counts`: M_mu, padded with zeros to whole words.
  /// `same_counts`: nothing else has changed them since the last sweep.
  std::size_t sweep(Spin* spins, std::int32_t* counts, bool same_counts,
                    const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                    simd::Flip* flips);

  /// All fields f_i from scratch, padded to whole blocks.
  void fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out);

 private:
  const PatternViews* views_;
  PatternTables tables_;
};

}  // namespace mattis
