#include "models/table_sweep.hpp"

#include <algorithm>
#include <cstdlib>

#include "models/pattern_counts.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/table_sweep.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "engine/simd/proposals.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t block_sites = PatternViews::block_sites;
constexpr std::int32_t largest_sum = 32767;
constexpr std::size_t word_bytes = 512;  // of tables
static_assert(block_sites == simd::ProposalBlock::size);

/// Where the low bytes of group g's table are; its high bytes follow 32 bytes later.
constexpr std::size_t table_of(std::size_t g) { return g % 8 * 64 + g / 8 * 16; }

/// The 64 counts of a word in 16 bits, large ones replaced by 0 and noted where their sum could overflow.
HWY_INLINE HWY_ATTR void narrow(const std::int32_t* HWY_RESTRICT counts, std::size_t w,
                                TableSweep::Tables& tables, std::int16_t* HWY_RESTRICT narrowed) {
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < 64; ++k) sum += std::abs(counts[k]);
  if (HWY_LIKELY(sum <= largest_sum)) {
    for (std::size_t k = 0; k < 64; ++k) narrowed[k] = static_cast<std::int16_t>(counts[k]);
  } else {
    sum = 0;
    for (std::size_t k = 0; k < 64; ++k) {
      const bool is_large = std::abs(counts[k]) > largest_sum / 64;
      narrowed[k] = is_large ? std::int16_t{0} : static_cast<std::int16_t>(counts[k]);
      sum += std::abs(narrowed[k]);
      const std::size_t g = k % 16;
      if (is_large)
        tables.exceptions[tables.num_exceptions++] = {static_cast<std::uint32_t>(8 * w + g / 2),
                                                      static_cast<std::uint32_t>(g % 2 * 4 + k / 16),
                                                      counts[k]};
    }
  }
  tables.word_sums[w] = sum;
}

HWY_ATTR void build_tables(const std::int32_t* counts, std::size_t words, TableSweep::Tables& tables) {
  tables.num_exceptions = 0;
  HWY_ALIGN std::int16_t m[64];
  for (std::size_t w = 0; w < words; ++w) {
    narrow(counts + 64 * w, w, tables, m);
    std::uint8_t* to = tables.entries + w * word_bytes;
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t g = 0; g < 16; ++g)
      for (unsigned n = 0; n < 16; ++n) {
        int sum = 0;
        for (unsigned k = 0; k < 4; ++k) sum += (n >> k) & 1 ? m[16 * k + g] : -m[16 * k + g];
        to[table_of(g) + n] = static_cast<std::uint8_t>(sum & 0xff);
        to[table_of(g) + 32 + n] = static_cast<std::uint8_t>((sum >> 8) & 0xff);
      }
#else
    // 8 groups in each 128-bit block; sums for all 16 patterns of signs, then a transposition of 16 x 16 bytes.
    const hn::CappedTag<std::int16_t, 16> shorts;
    const hn::Repartition<std::uint8_t, decltype(shorts)> octets;
    const std::size_t lanes = hn::Lanes(shorts);
    for (std::size_t g = 0; g < 16; g += lanes) {
      const auto m0 = hn::Load(shorts, m + g), m1 = hn::Load(shorts, m + 16 + g);
      const auto m2 = hn::Load(shorts, m + 32 + g), m3 = hn::Load(shorts, m + 48 + g);
      const auto sum01 = hn::Add(m0, m1), difference01 = hn::Sub(m0, m1);
      const auto sum23 = hn::Add(m2, m3), difference23 = hn::Sub(m2, m3);
      const decltype(sum01) front[4] = {hn::Neg(sum01), difference01, hn::Neg(difference01), sum01};
      const decltype(sum01) back[4] = {hn::Neg(sum23), difference23, hn::Neg(difference23), sum23};
      hn::Vec<decltype(octets)> rows[16], turned[16];
      for (std::size_t n = 0; n < 16; ++n) rows[n] = hn::BitCast(octets, hn::Add(front[n % 4], back[n / 4]));
      for (int stage = 0; stage < 4; ++stage) {
        for (std::size_t n = 0; n < 8; ++n) {
          turned[2 * n] = hn::InterleaveLower(octets, rows[n], rows[n + 8]);
          turned[2 * n + 1] = hn::InterleaveUpper(octets, rows[n], rows[n + 8]);
        }
        for (std::size_t n = 0; n < 16; ++n) rows[n] = turned[n];
      }
      for (std::size_t j = 0; j < 8; ++j) {
        hn::Store(rows[2 * j], octets, to + 64 * j + 2 * g);
        hn::Store(rows[2 * j + 1], octets, to + 64 * j + 32 + 2 * g);
      }
    }
#endif
  }
}

/// h_i of the sites of a block, exceptions left out.
HWY_INLINE HWY_ATTR void look_up(const TableSweep::Tables& tables, const std::uint8_t* HWY_RESTRICT slices,
                                 std::size_t words, std::int32_t* HWY_RESTRICT fields) {
  std::fill_n(fields, block_sites, 0);
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t g = 0; g < 16; ++g) {
      const std::uint8_t* low = tables.entries + w * word_bytes + table_of(g);
      const std::uint8_t* column = slices + (8 * w + g / 2) * block_sites;
      for (std::size_t i = 0; i < block_sites; ++i) {
        const unsigned n = (column[i] >> (g % 2 * 4)) & 0xf;
        fields[i] += static_cast<std::int16_t>(low[n] | low[n + 32] << 8);
      }
    }
#else
  const hn::ScalableTag<std::uint8_t> octets;
  const hn::RepartitionToWide<decltype(octets)> wide;
  const hn::RebindToSigned<decltype(wide)> shorts;
  using Shorts = hn::Vec<decltype(shorts)>;
  const std::size_t lanes = hn::Lanes(octets);
  const auto low_half = hn::Set(octets, 0x0f);
  for (std::size_t i = 0; i < block_sites; i += 2 * lanes) {
    Shorts lower0 = hn::Zero(shorts), upper0 = lower0, lower1 = lower0, upper1 = lower0;
    const auto widen = [&](Shorts& lower, Shorts& upper, std::int32_t* HWY_RESTRICT to) HWY_ATTR {
      HWY_ALIGN std::int16_t sums[2][hn::MaxLanes(shorts)];
      hn::Store(lower, shorts, sums[0]);
      hn::Store(upper, shorts, sums[1]);
      for (std::size_t k = 0; k < lanes; k += 16)
        for (std::size_t j = 0; j < 8; ++j) {
          to[k + j] += sums[0][k / 2 + j];
          to[k + 8 + j] += sums[1][k / 2 + j];
        }
      lower = upper = hn::Zero(shorts);
    };
    const auto add = [&](hn::Vec<decltype(octets)> n, const std::uint8_t* table, Shorts& lower,
                         Shorts& upper) HWY_ATTR {
      const auto low = hn::TableLookupBytes(hn::LoadDup128(octets, table), n);
      const auto high = hn::TableLookupBytes(hn::LoadDup128(octets, table + 32), n);
      lower = hn::Add(lower, hn::BitCast(shorts, hn::InterleaveLower(octets, low, high)));
      upper = hn::Add(upper, hn::BitCast(shorts, hn::InterleaveUpper(octets, low, high)));
    };
    std::int32_t within = 0;
    for (std::size_t w = 0; w < words; ++w) {
      if (within + tables.word_sums[w] > largest_sum) {
        widen(lower0, upper0, fields + i);
        widen(lower1, upper1, fields + i + lanes);
        within = 0;
      }
      within += tables.word_sums[w];
      const std::uint8_t* HWY_RESTRICT table = tables.entries + w * word_bytes;
      const std::uint8_t* HWY_RESTRICT column = slices + 8 * w * block_sites + i;
      for (std::size_t b = 0; b < 8; ++b) {
        const auto n0 = hn::Load(octets, column + b * block_sites);
        const auto n1 = hn::Load(octets, column + b * block_sites + lanes);
        const auto shifted0 = hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, n0)));
        const auto shifted1 = hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, n1)));
        add(hn::And(n0, low_half), table + table_of(2 * b), lower0, upper0);
        add(hn::And(n1, low_half), table + table_of(2 * b), lower1, upper1);
        add(hn::And(shifted0, low_half), table + table_of(2 * b + 1), lower0, upper0);
        add(hn::And(shifted1, low_half), table + table_of(2 * b + 1), lower1, upper1);
      }
    }
    widen(lower0, upper0, fields + i);
    widen(lower1, upper1, fields + i + lanes);
  }
#endif
}

/// f_i = h_i - P s_i of the sites of block b, and the sign masks of their spins.
HWY_INLINE HWY_ATTR void block_fields(const TableSweep::Tables& tables, const PatternViews& views,
                                      std::size_t b, const Spin* HWY_RESTRICT spins,
                                      std::int32_t* HWY_RESTRICT fields, std::int32_t* HWY_RESTRICT signs) {
  const PatternSet& patterns = views.patterns();
  const std::uint8_t* slices = views.slices(b);
  look_up(tables, slices, patterns.words_per_site(), fields);
  for (std::size_t e = 0; e < tables.num_exceptions; ++e) {
    const TableSweep::Exception& large = tables.exceptions[e];
    const std::uint8_t* HWY_RESTRICT column = slices + large.byte * block_sites;
    for (std::size_t i = 0; i < block_sites; ++i)
      fields[i] += (column[i] >> large.bit) & 1 ? large.count : -large.count;
  }
  const std::size_t first = b * block_sites;
  const std::size_t size = std::min(block_sites, static_cast<std::size_t>(patterns.num_spins()) - first);
  const std::int32_t num_patterns = patterns.num_patterns();
  for (std::size_t i = 0; i < size; ++i) {
    signs[i] = spins[first + i] >> 7;
    fields[i] -= num_patterns * spins[first + i];
  }
  for (std::size_t i = size; i < block_sites; ++i) signs[i] = 0;
}

HWY_ATTR void all_fields(const TableSweep::Tables& tables, const PatternViews& views, const Spin* spins,
                         std::int32_t* out) {
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
  // Most sites that would flip now will: their rows are on the way while the first are visited.
  for (std::size_t k = 0; k < block_sites; k += lanes) {
    const auto cost = with_sign(hn::Load(integers, fields + k), hn::Load(integers, signs + k));
    auto accept = accepted<is_monotone>(cost, proposals, k);
    for (std::intptr_t lane = hn::FindFirstTrue(integers, accept); lane >= 0;
         lane = hn::FindFirstTrue(integers, accept)) {
      const auto* row = reinterpret_cast<const char*>(
          views.place_of_block_jumps(first + k + static_cast<std::size_t>(lane)));
      for (std::size_t j = k * sizeof(std::int16_t) / 64 * 64; j < block_sites * sizeof(std::int16_t);
           j += 64)
        hwy::Prefetch(row + j);
      accept = hn::And(accept, lanes_after(lane));
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

HWY_ATTR std::size_t sweep_blocks(TableSweep::Tables& tables, const PatternViews& views, Spin* spins,
                                  std::int32_t* counts, bool same_counts,
                                  const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                  simd::Flip* flips) {
  const PatternSet& patterns = views.patterns();
  const auto size = static_cast<std::size_t>(patterns.num_spins());
  simd::ProposalBlock proposals;
  HWY_ALIGN std::int32_t fields[block_sites];
  HWY_ALIGN std::int32_t signs[block_sites];
  simd::Flip* next = flips;
  if (!same_counts) build_tables(counts, patterns.words_per_site(), tables);
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
    build_tables(counts, patterns.words_per_site(), tables);
  }
  return static_cast<std::size_t>(next - flips);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(build_tables);
HWY_EXPORT(all_fields);
HWY_EXPORT(sweep_blocks);

TableSweep::TableSweep(const PatternViews& views)
    : views_(&views),
      entries_(512 * views.patterns().words_per_site() + 64),
      word_sums_(views.patterns().words_per_site()),
      exceptions_(64 * views.patterns().words_per_site()) {
  const auto address = reinterpret_cast<std::uintptr_t>(entries_.data());
  tables_ = {entries_.data() + (64 - address % 64) % 64, word_sums_.data(), exceptions_.data(), 0};
}

std::size_t TableSweep::sweep(Spin* spins, std::int32_t* counts, bool same_counts,
                              const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                              simd::Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(sweep_blocks)(tables_, *views_, spins, counts, same_counts, thresholds, random,
                                            flips);
}

void TableSweep::fields(const Spin* spins, const std::int32_t* counts, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(build_tables)(counts, views_->patterns().words_per_site(), tables_);
  HWY_DYNAMIC_DISPATCH(all_fields)(tables_, *views_, spins, out);
}

}  // namespace mattis
#endif
