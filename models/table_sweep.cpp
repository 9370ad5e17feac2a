#include "models/table_sweep.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "models/aligned_zeros.hpp"
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

constexpr std::size_t block_sites = PatternViews::block_sites;
static_assert(block_sites == simd::ProposalBlock::size);

/// The constants in f_i = h_i - P s_i. With M = 2 v + r, r = N mod 2, and P+ patterns up at site i:
/// h_i = 2 F_i + r (2 P+ - P).
struct FieldLaw {
  std::int32_t num_patterns, odd_counts;
  std::int32_t parity;  ///< of f_i and of all costs

  explicit FieldLaw(const PatternSet& patterns)
      : num_patterns(patterns.num_patterns()),
        odd_counts(patterns.num_spins() % 2),
        parity(num_patterns % 2 * (1 - odd_counts)) {}
};

/// F_i of block b for v as it is now.
template <class Count>
HWY_INLINE HWY_ATTR void refresh_sums(const KeptSums<Count>& state, const PatternViews& views,
                                      std::size_t b) {
  build_tables(state.now, state.kept + b * 64 * state.tables.num_words, state.tables);
  if (state.tables.range == 0) return;
  alignas(64) std::int32_t change[block_sites];
  for (std::size_t i = 0; i < block_sites; i += PatternViews::slice_sites)
    look_up(state.tables, views.slices((b * block_sites + i) / PatternViews::slice_sites), change + i);
  std::int32_t* HWY_RESTRICT sums = state.sums + b * block_sites;
  const auto range = static_cast<std::int32_t>(state.tables.range);
  for (std::size_t i = 0; i < block_sites; ++i) sums[i] += 2 * change[i] - range;
}

template <class Count>
HWY_ATTR void halve(const std::int32_t* HWY_RESTRICT counts, std::size_t size, Count* HWY_RESTRICT halves) {
  for (std::size_t mu = 0; mu < size; ++mu) halves[mu] = static_cast<Count>(counts[mu] >> 1);
}

template <class Count>
HWY_ATTR void all_fields(const KeptSums<Count>& state, const PatternViews& views,
                         const Spin* HWY_RESTRICT spins, const std::int32_t* counts,
                         std::int32_t* HWY_RESTRICT out) {
  halve(counts, 64 * state.tables.num_words, state.now);
  for (std::size_t b = 0; b < views.num_blocks(); ++b) refresh_sums(state, views, b);
  const FieldLaw law(views.patterns());
  const auto size = static_cast<std::size_t>(views.patterns().num_spins());
  for (std::size_t i = 0; i < size; ++i)
    out[i] = 2 * state.sums[i] + law.odd_counts * (2 * views.num_plus()[i] - law.num_patterns) -
             law.num_patterns * spins[i];
  std::fill(out + size, out + views.stride(), 0);
}

/// One block in 16 bits and, where they do not suffice, in 32.
struct Blocks {
  VisitedBlock<std::int16_t> narrow;
  VisitedBlock<std::int32_t> wide;
};

template <class Number>
HWY_INLINE HWY_ATTR Number clamped(std::int32_t x) {
  constexpr std::int32_t largest = std::numeric_limits<Number>::max();
  return static_cast<Number>(std::clamp(x, -largest, largest));
}

/// Fields of block b and thresholds. Returns the largest |g_i|; fields and thresholds beyond a Number are clamped.
template <class Number>
HWY_INLINE HWY_ATTR std::int32_t prepare(const std::int32_t* HWY_RESTRICT sums, const PatternViews& views,
                                         std::size_t b, const Spin* HWY_RESTRICT spins,
                                         const simd::ProposalBlock& proposals, VisitedBlock<Number>& block) {
  const FieldLaw law(views.patterns());
  const std::size_t first = b * block_sites;
  const std::size_t size =
      std::min(block_sites, static_cast<std::size_t>(views.patterns().num_spins()) - first);
  const std::int32_t* HWY_RESTRICT num_plus = views.num_plus() + first;
  const std::int32_t rest = -law.odd_counts * law.num_patterns, own = law.num_patterns + law.parity;
  // Costs are even or odd together: odd ones are never free.
  const std::int32_t never_free = -law.parity;
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::int32_t spin = spins[first + i], sign = spin >> 1;
    const std::int32_t field = sums[i] + law.odd_counts * num_plus[i] + ((rest - own * spin) >> 1);
    largest = std::max(largest, std::abs(field));
    block.field[i] = clamped<Number>(field);
    block.sign[i] = static_cast<Number>(sign);
    const std::int32_t theta = proposals.theta[i];
    block.limit[i] =
        static_cast<Number>(clamped<Number>((theta >> 1) + law.parity * ((theta & 1) - 1)) + sign);
    block.takes_free[i] = static_cast<Number>(~proposals.refuses_free[i] | never_free);
  }
  for (std::size_t i = size; i < block_sites; ++i) {
    block.field[i] = block.sign[i] = block.takes_free[i] = 0;
    block.limit[i] = std::numeric_limits<Number>::min();
  }
  return largest;
}

/// The proposals of one block in turn: in 16 bits while no field can leave +-32766, then in 32.
template <bool is_monotone>
HWY_INLINE HWY_ATTR simd::Flip* propose(const std::int32_t* sums, const PatternViews& views, std::size_t b,
                                        Spin* spins, const simd::ProposalBlock& proposals, Blocks& blocks,
                                        simd::Flip* flips) {
  constexpr std::int32_t largest_narrow = 32766;
  const std::size_t first = b * block_sites;
  const std::int32_t largest = prepare(sums, views, b, spins, proposals, blocks.narrow);
  Visit visit;
  visit.next_flip = flips;
  if (HWY_LIKELY(largest <= largest_narrow)) {
    visit.room = largest_narrow - largest;
    visit_block<is_monotone>(views, first, blocks.narrow, spins, visit);
    if (HWY_LIKELY(visit.next_site == block_sites)) return visit.next_flip;
    prepare(sums, views, b, spins, proposals, blocks.wide);
    for (std::size_t i = 0; i < block_sites; ++i) blocks.wide.field[i] = blocks.narrow.field[i];
  } else {
    prepare(sums, views, b, spins, proposals, blocks.wide);
  }
  visit.room = std::numeric_limits<std::int64_t>::max();
  visit_block<is_monotone>(views, first, blocks.wide, spins, visit);
  return visit.next_flip;
}

template <class Count>
HWY_ATTR std::size_t sweep_blocks(const KeptSums<Count>& state, const PatternViews& views, Spin* spins,
                                  std::int32_t* counts, bool same_counts,
                                  const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                  simd::Flip* flips) {
  const PatternSet& patterns = views.patterns();
  const auto size = static_cast<std::size_t>(patterns.num_spins());
  simd::ProposalBlock proposals;
  Blocks blocks;
  simd::Flip* next = flips;
  if (!same_counts) halve(counts, 64 * state.tables.num_words, state.now);
  for (std::size_t b = 0; b < views.num_blocks(); ++b) {
    refresh_sums(state, views, b);
    thresholds.draw(random, b * block_sites, size, proposals);
    simd::Flip* const start = next;
    const std::int32_t* sums = state.sums + b * block_sites;
    next = thresholds.is_monotone() ? propose<true>(sums, views, b, spins, proposals, blocks, start)
                                    : propose<false>(sums, views, b, spins, proposals, blocks, start);
    if (next != start) follow_halves(patterns, {start, next}, state.now);
  }
  if (next != flips)
    for (SiteIndex mu = 0; mu < patterns.num_patterns(); ++mu)
      counts[mu] = 2 * state.now[mu] + patterns.num_spins() % 2;
  return static_cast<std::size_t>(next - flips);
}

HWY_ATTR std::size_t sweep_16(const KeptSums<std::int16_t>& state, const PatternViews& views, Spin* spins,
                              std::int32_t* counts, bool same_counts, const simd::BlockThresholds& thresholds,
                              const SweepRandomness& random, simd::Flip* flips) {
  return sweep_blocks(state, views, spins, counts, same_counts, thresholds, random, flips);
}
HWY_ATTR std::size_t sweep_32(const KeptSums<std::int32_t>& state, const PatternViews& views, Spin* spins,
                              std::int32_t* counts, bool same_counts, const simd::BlockThresholds& thresholds,
                              const SweepRandomness& random, simd::Flip* flips) {
  return sweep_blocks(state, views, spins, counts, same_counts, thresholds, random, flips);
}
HWY_ATTR void fields_16(const KeptSums<std::int16_t>& state, const PatternViews& views, const Spin* spins,
                        const std::int32_t* counts, std::int32_t* out) {
  all_fields(state, views, spins, counts, out);
}
HWY_ATTR void fields_32(const KeptSums<std::int32_t>& state, const PatternViews& views, const Spin* spins,
                        const std::int32_t* counts, std::int32_t* out) {
  all_fields(state, views, spins, counts, out);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(sweep_16);
HWY_EXPORT(sweep_32);
HWY_EXPORT(fields_16);
HWY_EXPORT(fields_32);

template <class Count>
TableSweep::Halves<Count> TableSweep::zero_halves() const {
  const std::size_t padded = 64 * tables_.num_words;
  return {aligned_zeros<Count>(padded), aligned_zeros<Count>(padded * views_->num_blocks())};
}

TableSweep::TableSweep(const PatternViews& views)
    : views_(&views),
      tables_(views.patterns().words_per_site()),
      sums_(aligned_zeros<std::int32_t>(views.stride())) {
  views.slices(0);  // and with them all else that a sweep reads
  if (views.patterns().num_spins() <= largest_narrow)
    halves_ = zero_halves<std::int16_t>();
  else
    halves_ = zero_halves<std::int32_t>();
}

std::size_t TableSweep::sweep(Spin* spins, std::int32_t* counts, bool same_counts,
                              const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                              simd::Flip* flips) {
  if (auto* narrow = std::get_if<0>(&halves_))
    return HWY_DYNAMIC_DISPATCH(sweep_16)(kept(*narrow), *views_, spins, counts, same_counts, thresholds,
                                          random, flips);
  return HWY_DYNAMIC_DISPATCH(sweep_32)(kept(std::get<1>(halves_)), *views_, spins, counts, same_counts,
                                        thresholds, random, flips);
}

void TableSweep::fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out) {
  if (auto* narrow = std::get_if<0>(&halves_))
    HWY_DYNAMIC_DISPATCH(fields_16)(kept(*narrow), *views_, spins, counts, out);
  else
    HWY_DYNAMIC_DISPATCH(fields_32)(kept(std::get<1>(halves_)), *views_, spins, counts, out);
}

}  // namespace mattis
#endif
