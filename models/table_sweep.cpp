#include "models/table_sweep.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "models/pattern_counts.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/table_sweep.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#include "models/block_visit.inl.hpp"
#include "models/pattern_tables.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t block_sites = PatternViews::block_sites;
static_assert(block_sites == simd::ProposalBlock::size);

/// The constants in f_i = h_i - P s_i. With M = 2 v + r_N, r_N = N mod 2, and P+ patterns up at site i:
/// h_i = 4 sum_mu [xi_i^mu = +1] v_mu + 2 r_N P+ - sum_mu M_mu.
struct FieldLaw {
  std::int32_t num_patterns, odd_counts, rest;
  std::int32_t parity;  ///< of f_i and of all costs

  FieldLaw(const PatternTables& tables, const PatternSet& patterns)
      : num_patterns(patterns.num_patterns()),
        odd_counts(patterns.num_spins() % 2),
        rest(static_cast<std::int32_t>(4 * tables.least - 2 * tables.sum) - odd_counts * num_patterns),
        parity(num_patterns % 2 * (1 - odd_counts)) {}
};

HWY_ATTR void all_fields(PatternTables& tables, const PatternViews& views, const Spin* HWY_RESTRICT spins,
                         const std::int32_t* counts, std::int32_t* HWY_RESTRICT out) {
  build_tables<1>(counts, tables);
  const FieldLaw law(tables, views.patterns());
  const auto size = static_cast<std::size_t>(views.patterns().num_spins());
  for (std::size_t b = 0; b < views.num_blocks(); ++b)
    look_up(tables, views.slices(b), out + b * block_sites);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = 4 * out[i] + law.rest + 2 * law.odd_counts * views.num_plus()[i] - law.num_patterns * spins[i];
}

/// One block in 32 bits and, where they suffice, in 16.
struct Blocks {
  VisitedBlock<std::int32_t> wide;
  VisitedBlock<std::int16_t> narrow;
};

/// Fields of block b and thresholds, in 32 bits. Returns the largest |g_i|.
HWY_INLINE HWY_ATTR std::int32_t prepare_wide(const PatternTables& tables, const PatternViews& views,
                                              std::size_t b, const Spin* HWY_RESTRICT spins,
                                              const simd::ProposalBlock& proposals,
                                              VisitedBlock<std::int32_t>& block) {
  look_up(tables, views.slices(b), block.field);
  const FieldLaw law(tables, views.patterns());
  const std::size_t first = b * block_sites;
  const std::size_t size =
      std::min(block_sites, static_cast<std::size_t>(views.patterns().num_spins()) - first);
  const std::int32_t* HWY_RESTRICT num_plus = views.num_plus() + first;
  const std::int32_t own = law.num_patterns + law.parity;
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::int32_t spin = spins[first + i];
    const std::int32_t twice = 4 * block.field[i] + law.rest + 2 * law.odd_counts * num_plus[i] - own * spin;
    block.sign[i] = spin >> 1;
    block.field[i] = twice >> 1;
    largest = std::max(largest, std::abs(block.field[i]));
  }
  for (std::size_t i = size; i < block_sites; ++i) block.sign[i] = block.field[i] = 0;
  for (std::size_t i = 0; i < block_sites; ++i)
    block.theta[i] = (proposals.theta[i] >> 1) + law.parity * ((proposals.theta[i] & 1) - 1);
  // Costs are even or odd together: odd ones are never free.
  for (std::size_t i = 0; i < block_sites; ++i)
    block.refuses_free[i] = law.parity == 0 ? proposals.refuses_free[i] : 0;
  return largest;
}

HWY_INLINE HWY_ATTR void copy_narrow(const VisitedBlock<std::int32_t>& wide,
                                     VisitedBlock<std::int16_t>& narrow) {
  for (std::size_t i = 0; i < block_sites; ++i) {
    narrow.field[i] = static_cast<std::int16_t>(wide.field[i]);
    narrow.sign[i] = static_cast<std::int16_t>(wide.sign[i]);
    narrow.theta[i] = static_cast<std::int16_t>(std::clamp(wide.theta[i], -32768, 32767));
    narrow.refuses_free[i] = static_cast<std::int16_t>(wide.refuses_free[i]);
  }
}

/// The proposals of one block in turn: in 16 bits while no field can leave +-32766, then in 32.
template <bool is_monotone>
HWY_ATTR simd::Flip* propose(const PatternTables& tables, const PatternViews& views, std::size_t b,
                             Spin* spins, const simd::ProposalBlock& proposals, Blocks& blocks,
                             simd::Flip* flips) {
  constexpr std::int32_t largest_narrow = 32766;
  const std::size_t first = b * block_sites;
  const std::int32_t largest = prepare_wide(tables, views, b, spins, proposals, blocks.wide);
  Visit visit;
  visit.next_flip = flips;
  if (largest <= largest_narrow) {
    copy_narrow(blocks.wide, blocks.narrow);
    visit.room = largest_narrow - largest;
    fetch_candidates<is_monotone>(views, first, blocks.narrow);
    visit_block<is_monotone>(views, first, blocks.narrow, spins, visit);
    if (HWY_LIKELY(visit.next_site == block_sites)) return visit.next_flip;
    for (std::size_t i = 0; i < block_sites; ++i) blocks.wide.field[i] = blocks.narrow.field[i];
  } else {
    fetch_candidates<is_monotone>(views, first, blocks.wide);
  }
  visit.room = std::numeric_limits<std::int64_t>::max();
  visit_block<is_monotone>(views, first, blocks.wide, spins, visit);
  return visit.next_flip;
}

HWY_ATTR std::size_t sweep_blocks(PatternTables& tables, const PatternViews& views, Spin* spins,
                                  std::int32_t* counts, bool same_counts,
                                  const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                  simd::Flip* flips) {
  const PatternSet& patterns = views.patterns();
  const auto size = static_cast<std::size_t>(patterns.num_spins());
  simd::ProposalBlock proposals;
  Blocks blocks;
  simd::Flip* next = flips;
  if (!same_counts) build_tables<1>(counts, tables);
  for (std::size_t b = 0; b < views.num_blocks(); ++b) {
    thresholds.draw(random, b * block_sites, size, proposals);
    simd::Flip* const start = next;
    next = thresholds.is_monotone() ? propose<true>(tables, views, b, spins, proposals, blocks, start)
                                    : propose<false>(tables, views, b, spins, proposals, blocks, start);
    if (next == start) continue;
    follow_flips(patterns, {start, next}, counts);
    build_tables<1>(counts, tables);
  }
  return static_cast<std::size_t>(next - flips);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(all_fields);
HWY_EXPORT(sweep_blocks);

TableSweep::TableSweep(const PatternViews& views)
    : views_(&views), tables_(views.patterns().words_per_site()) {}

std::size_t TableSweep::sweep(Spin* spins, std::int32_t* counts, bool same_counts,
                              const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                              simd::Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(sweep_blocks)(tables_, *views_, spins, counts, same_counts, thresholds, random,
                                            flips);
}

void TableSweep::fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(all_fields)(tables_, *views_, spins, counts, out);
}

}  // namespace mattis
#endif
