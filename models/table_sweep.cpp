#include "models/table_sweep.hpp"

#include <algorithm>
#include <bit>

#include "models/pattern_counts.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/table_sweep.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "engine/simd/proposals.inl.hpp"
#include "models/pattern_tables.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t block_sites = PatternViews::block_sites;
static_assert(block_sites == simd::ProposalBlock::size);

/// f_i = h_i - P s_i of the sites of block b, and the sign masks of their spins. With M = 2 v + r, r = N mod 2,
/// and P+ patterns up at site i: h_i = 4 sum_mu [xi_i^mu = +1] v_mu + 2 r P+ - sum_mu M_mu.
HWY_INLINE HWY_ATTR void block_fields(const PatternTables& tables, const PatternViews& views, std::size_t b,
                                      const Spin* HWY_RESTRICT spins, std::int32_t* HWY_RESTRICT fields,
                                      std::int32_t* HWY_RESTRICT signs) {
  const PatternSet& patterns = views.patterns();
  look_up(tables, views.slices(b), fields);
  const std::size_t first = b * block_sites;
  const std::size_t size = std::min(block_sites, static_cast<std::size_t>(patterns.num_spins()) - first);
  const std::int32_t num_patterns = patterns.num_patterns(), r = patterns.num_spins() % 2;
  const std::int32_t* HWY_RESTRICT num_plus = views.num_plus() + first;
  const auto rest = static_cast<std::int32_t>(4 * tables.least - 2 * tables.sum) - r * num_patterns;
  for (std::size_t i = 0; i < size; ++i) {
    signs[i] = spins[first + i] >> 7;
    fields[i] = 4 * fields[i] + rest + 2 * r * num_plus[i] - num_patterns * spins[first + i];
  }
  for (std::size_t i = size; i < block_sites; ++i) signs[i] = 0;
}

HWY_ATTR void all_fields(PatternTables& tables, const PatternViews& views, const Spin* spins,
                         const std::int32_t* counts, std::int32_t* out) {
  build_tables<1>(counts, tables);
  std::int32_t signs[block_sites];
  for (std::size_t b = 0; b < views.num_blocks(); ++b)
    block_fields(tables, views, b, spins, out + b * block_sites, signs);
}

/// The proposals of one block in turn.
template <bool is_monotone>
HWY_INLINE HWY_ATTR simd::Flip* visit_block(const PatternViews& views, std::size_t first,
                                            const simd::ProposalBlock& proposals,
                                            std::int32_t* HWY_RESTRICT fields,
                                            std::int32_t* HWY_RESTRICT signs, Spin* spins, simd::Flip* next) {
  const Integers integers;
  const std::size_t lanes = hn::Lanes(integers);
  const auto jumps_at = [&](const std::int16_t* row, std::size_t k) HWY_ATTR {
    return hn::PromoteTo(integers, hn::Load(hn::Rebind<std::int16_t, Integers>(), row + k));
  };
  // Most sites that would flip now will: what their flips read is on the way while the first are visited.
  const std::size_t row_bytes = views.patterns().words_per_site() * sizeof(std::uint64_t);
  for (std::size_t half = 0; half < block_sites; half += 64) {
    std::uint64_t candidates = 0;
    for (std::size_t k = 0; k < 64; k += lanes) {
      const std::size_t at = half + k;
      const auto cost = with_sign(hn::Load(integers, fields + at), hn::Load(integers, signs + at));
      candidates |= bits_of(accepted<is_monotone>(cost, proposals, at)) << k;
    }
    for (; candidates != 0; candidates &= candidates - 1) {
      const std::size_t i = half + static_cast<std::size_t>(std::countr_zero(candidates));
      const auto* jumps = reinterpret_cast<const char*>(views.place_of_block_jumps(first + i));
      for (std::size_t j = half * sizeof(std::int16_t); j < block_sites * sizeof(std::int16_t); j += 64)
        hwy::Prefetch(jumps + j);
      const auto* row =
          reinterpret_cast<const char*>(views.patterns().plus(static_cast<SiteIndex>(first + i)));
      for (std::size_t j = 0; j < row_bytes; j += 64) hwy::Prefetch(row + j);
    }
  }
  for (std::size_t k = 0; k < block_sites; k += lanes) {
    auto field = hn::Load(integers, fields + k);
    const auto sign = hn::Load(integers, signs + k);
    auto accept = accepted<is_monotone>(with_sign(field, sign), proposals, k);
    for (std::intptr_t lane = hn::FindFirstTrue(integers, accept); HWY_UNLIKELY(lane >= 0);
         lane = hn::FindFirstTrue(integers, accept)) {
      const std::size_t i = k + static_cast<std::size_t>(lane);
      const std::int16_t* row = views.block_jumps(first + i);
      const Spin before = spins[first + i];
      spins[first + i] = static_cast<Spin>(-before);
      *next++ = {static_cast<SiteIndex>(first + i), before};
      // s_i turns from `before`: every other field of the block loses before * 2 C_ij.
      field = before > 0 ? hn::Sub(field, jumps_at(row, k)) : hn::Add(field, jumps_at(row, k));
      accept = hn::And(accepted<is_monotone>(with_sign(field, sign), proposals, k), lanes_after(lane));
      if (before > 0)
        for (std::size_t j = k + lanes; j < block_sites; j += lanes)
          hn::Store(hn::Sub(hn::Load(integers, fields + j), jumps_at(row, j)), integers, fields + j);
      else
        for (std::size_t j = k + lanes; j < block_sites; j += lanes)
          hn::Store(hn::Add(hn::Load(integers, fields + j), jumps_at(row, j)), integers, fields + j);
    }
  }
  return next;
}

HWY_ATTR std::size_t sweep_blocks(PatternTables& tables, const PatternViews& views, Spin* spins,
                                  std::int32_t* counts, bool same_counts,
                                  const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                  simd::Flip* flips) {
  const PatternSet& patterns = views.patterns();
  const auto size = static_cast<std::size_t>(patterns.num_spins());
  simd::ProposalBlock proposals;
  HWY_ALIGN std::int32_t fields[block_sites];
  HWY_ALIGN std::int32_t signs[block_sites];
  simd::Flip* next = flips;
  if (!same_counts) build_tables<1>(counts, tables);
  for (std::size_t b = 0; b < views.num_blocks(); ++b) {
    const std::size_t first = b * block_sites;
    thresholds.draw(random, first, size, proposals);
    block_fields(tables, views, b, spins, fields, signs);
    simd::Flip* const start = next;
    next = thresholds.is_monotone()
               ? visit_block<true>(views, first, proposals, fields, signs, spins, start)
               : visit_block<false>(views, first, proposals, fields, signs, spins, start);
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
