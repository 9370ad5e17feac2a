// A sweep by look-up: the local fields of 128 sites at once from tables of the partial sums of pattern groups.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simd/cached_sweep.hpp"
#include "engine/spins.hpp"
#include "models/pattern_views.hpp"

namespace mattis {

/// Sequential sweeps of pairwise patterns ("four Russians"). For each group of 4 patterns a table of the 16 sums
/// +-M_mu1 +-M_mu2 +-M_mu3 +-M_mu4; the field of a site is one look-up per group:
///
///     h_i = sum_groups table_g[bits of xi_i in group g],    f_i = h_i - P s_i,    cost of a flip = s_i f_i
///
/// Block by block of 128 sites: fields by look-up, proposals in turn (a flip adds a row of 2 C_ij within the block), then
/// the flips of the block into the counts and the tables. This is the sequential sweep, proposal by proposal.
///
/// Exact    Table entries have 16 bits, sums 16 bits until they might overflow, then 32. A word of 64 patterns with
///          sum |M| > 32767 keeps its large counts (condensed patterns) outside the tables, as exceptions.
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

  struct Exception {
    std::uint32_t byte;  ///< of a site's slices
    std::uint32_t bit;
    std::int32_t count;
  };

  /// What a kernel works on.
  struct Tables {
    std::uint8_t* entries;    ///< 512 bytes a word, 64-byte aligned
    std::int32_t* word_sums;  ///< sum |M| of what the tables of a word hold
    Exception* exceptions;
    std::size_t num_exceptions;
  };

  /// All fields f_i from scratch, padded to whole blocks.
  void fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out);

 private:
  const PatternViews* views_;
  std::vector<std::uint8_t> entries_;
  std::vector<std::int32_t> word_sums_;
  std::vector<Exception> exceptions_;
  Tables tables_;
};

}  // namespace mattis
