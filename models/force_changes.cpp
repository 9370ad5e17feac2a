#include "models/force_changes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "models/aligned_zeros.hpp"
#include "models/instruction_sets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/force_changes.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#ifndef MATTIS_MODELS_FORCE_CHANGES_TYPES
#define MATTIS_MODELS_FORCE_CHANGES_TYPES
namespace mattis::changes {

// Table of group g = 0 ... 15 of word w = 0 ... 7 of a block, in bytes: w_{16 l + k} of NarrowForces' shape stand for l = 4 w.
constexpr std::size_t block = 512, lanes = 32, groups = 16, words = 8;
constexpr std::size_t group_bytes = 128, block_bytes = groups * group_bytes;
constexpr std::size_t sextet_bytes = 2 * words * PatternViews::sextets_per_word * 64;  // of two blocks
constexpr std::size_t place_of_word(std::size_t w) { return 64 * (w % 2) + 16 * (w / 2); }
constexpr int most_range = 255, cut = 63, sextet_cut = 42;  // 4 * 63, 6 * 42 < 256

/// In NarrowForces' shape. `valid`: of the last block.
struct Forces {
  const std::int16_t *before, *after, *valid;
  std::size_t num_blocks;
  const std::int16_t* valid_of(std::size_t b) const { return b + 1 < num_blocks ? nullptr : valid; }
};

/// What the tables of a flip are built in, and the sums of their entries.
struct Workspace {
  std::uint8_t *tables, *adds, *cuts;
  std::int32_t* sums;
};

/// Tables of one block. `valid` of its places: null where all have a pattern, else -1, or 0 for w = 0.
struct BlockTables {
  std::int32_t least = 0;  ///< sum_mu min(w, 0)
  std::uint8_t adds = 4;   ///< so many entries may be added in a byte
  std::uint8_t cut = 0;    ///< |w| goes no further, if not 0
};

inline std::size_t slices_of(const PatternViews& views) {
  constexpr std::size_t sites = PatternViews::slice_sites;
  return (static_cast<std::size_t>(views.patterns().num_spins()) + sites - 1) / sites;
}

/// Of 16 bytes that hold two groups, byte 2 k of each max(w_k, 0), byte 2 k + 1 max(-w_k, 0): which to add to t[n] for k.
struct Pick {
  alignas(16) std::uint8_t byte[2][4][16];
  constexpr Pick() : byte{} {
    for (unsigned k = 0; k < 4; ++k)
      for (unsigned n = 0; n < 16; ++n)
        for (unsigned group = 0; group < 2; ++group)
          byte[group][k][n] = static_cast<std::uint8_t>(8 * group + 2 * k + ((n >> k & 1) != 0 ? 0 : 1));
  }
};
inline constexpr Pick pick;

/// For t[n] of six patterns, k = 0, 2 or 1, 3 of the third group of four in bits 4, 5.
struct PickAbove {
  alignas(64) std::uint8_t byte[2][4][64];
  constexpr PickAbove() : byte{} {
    for (unsigned k = 0; k < 4; ++k)
      for (unsigned n = 0; n < 64; ++n)
        for (unsigned group = 0; group < 2; ++group)
          byte[group][k][n] =
              static_cast<std::uint8_t>(8 * group + 2 * k + ((n >> (4 + k / 2) & 1) != 0 ? 0 : 1));
  }
};
inline constexpr PickAbove pick_above;

inline std::uint8_t adds_of(int range) {
  return static_cast<std::uint8_t>(range <= most_range / 4 ? 4 : range <= most_range / 2 ? 2 : 1);
}

}  // namespace mattis::changes
#endif

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

using namespace changes;

#if HWY_TARGET == HWY_SCALAR
BlockTables build(const ChangeLaw& law, const std::int16_t* before, const std::int16_t* after,
                  const std::int16_t* valid, std::uint8_t* tables) {
  std::int16_t w[block];
  int range = 0;
  BlockTables result;
  const auto range_of = [&](const std::int16_t* four) {
    return std::abs(int{four[0]}) + std::abs(int{four[1]}) + std::abs(int{four[2]}) + std::abs(int{four[3]});
  };
  for (std::size_t x = 0; x < block; ++x)
    w[x] = valid != nullptr && valid[x] == 0 ? std::int16_t{0} : law.number(before[x], after[x]);
  for (std::size_t x = 0; x < block; x += 4) range = std::max(range, range_of(w + x));
  if (range > most_range) result.cut = cut;
  if (result.cut != 0)
    for (std::int16_t& x : w) x = std::clamp(x, std::int16_t{-cut}, std::int16_t{cut});
  result.adds = result.cut != 0 ? 1 : adds_of(range);
  for (std::size_t x = 0; x < block; x += 4) {
    std::uint8_t* table = tables + x / lanes * group_bytes + place_of_word(x % lanes / 4);
    int least = 0;
    for (std::size_t k = 0; k < 4; ++k) least += std::min(int{w[x + k]}, 0);
    for (unsigned n = 0; n < 16; ++n) {
      int sum = -least;
      for (unsigned k = 0; k < 4; ++k)
        if ((n >> k & 1) != 0) sum += w[x + k];
      table[n] = static_cast<std::uint8_t>(sum);
    }
    result.least += least;
  }
  return result;
}

void look_up(const std::uint8_t* tables, const std::uint8_t*, std::size_t num_words,
             const std::uint8_t* slice, std::int32_t* sums) {
  constexpr std::size_t sites = PatternViews::slice_sites;
  std::fill_n(sums, sites, 0);
  for (std::size_t w = 0; w < num_words; ++w)
    for (std::size_t g = 0; g < groups; ++g) {
      const std::uint8_t* table =
          tables + w / words * block_bytes + g * group_bytes + place_of_word(w % words);
      const std::uint8_t* column = slice + (8 * w + g % 8) * sites;
      for (std::size_t i = 0; i < sites; ++i) sums[i] += table[column[i] >> (g / 8 * 4) & 0xf];
    }
}
#else
namespace hn = hwy::HWY_NAMESPACE;
using Shorts = hn::CappedTag<std::int16_t, lanes>;

/// w of a block, and the largest range of its groups, 65535 if it is larger.
HWY_INLINE HWY_ATTR int subtract(const ChangeLaw& law, const std::int16_t* HWY_RESTRICT before,
                                 const std::int16_t* HWY_RESTRICT after,
                                 const std::int16_t* HWY_RESTRICT valid, std::int16_t* HWY_RESTRICT w) {
  const Shorts shorts;
  const hn::RebindToUnsigned<Shorts> unsigneds;
  const hn::Repartition<std::uint64_t, Shorts> quads;
  const auto offset = hn::Set(shorts, static_cast<std::int16_t>(law.offset));
  const auto inverse = hn::Set(shorts, static_cast<std::int16_t>(law.inverse));
  const auto least = hn::Set(shorts, std::int16_t{-32767});
  auto largest = hn::Zero(unsigneds);
  for (std::size_t x = 0; x < block; x += hn::Lanes(shorts)) {
    const auto d = hn::Sub(hn::Sub(hn::Load(shorts, after + x), hn::Load(shorts, before + x)), offset);
    auto number = hn::Mul(hn::ShiftRightSame(d, law.shift), inverse);
    if (valid != nullptr) number = hn::And(number, hn::Load(shorts, valid + x));
    hn::Store(number, shorts, w + x);
    const auto size = hn::BitCast(quads, hn::Abs(hn::Max(number, least)));
    // Of the four of a group, in the lowest: a + c, b + d, then all.
    const auto two = hn::Add(hn::BitCast(unsigneds, size), hn::BitCast(unsigneds, hn::ShiftRight<32>(size)));
    const auto one = hn::BitCast(unsigneds, hn::ShiftRight<16>(hn::BitCast(quads, two)));
    largest = hn::Max(largest, hn::SaturatedAdd(two, one));
  }
  HWY_ALIGN std::uint16_t ranges[lanes];
  hn::Store(largest, unsigneds, ranges);
  return *std::max_element(ranges, ranges + hn::Lanes(unsigneds));
}

HWY_ATTR BlockTables build(const ChangeLaw& law, const std::int16_t* HWY_RESTRICT before,
                           const std::int16_t* HWY_RESTRICT after, const std::int16_t* HWY_RESTRICT valid,
                           std::uint8_t* HWY_RESTRICT tables) {
  const Shorts shorts;
  const hn::RepartitionToWide<Shorts> integers;
  const hn::Repartition<std::uint8_t, Shorts> octets;
  HWY_ALIGN std::int16_t w[block];
  BlockTables result;
  const int range = subtract(law, before, after, valid, w);
  if (range > most_range) result.cut = cut;
  result.adds = result.cut != 0 ? 1 : adds_of(range);
  const auto bound = hn::Set(shorts, static_cast<std::int16_t>(result.cut != 0 ? cut : 32767));
  const auto none = hn::Zero(shorts), one = hn::Set(shorts, 1);
  const auto lower_bound = hn::Sub(none, bound);
  const auto first0 = hn::LoadDup128(octets, pick.byte[0][0]),
             first1 = hn::LoadDup128(octets, pick.byte[0][1]);
  const auto first2 = hn::LoadDup128(octets, pick.byte[0][2]),
             first3 = hn::LoadDup128(octets, pick.byte[0][3]);
  const auto second0 = hn::LoadDup128(octets, pick.byte[1][0]),
             second1 = hn::LoadDup128(octets, pick.byte[1][1]);
  const auto second2 = hn::LoadDup128(octets, pick.byte[1][2]),
             second3 = hn::LoadDup128(octets, pick.byte[1][3]);
  auto least = hn::Zero(integers), rest = least;
  for (std::size_t x = 0; x < block; x += hn::Lanes(shorts)) {
    const auto number = hn::Min(hn::Max(hn::Load(shorts, w + x), lower_bound), bound);
    const auto up = hn::Max(number, none), down = hn::Sub(up, number);
    least = hn::ReorderWidenMulAccumulate(integers, down, one, least, rest);
    const auto both = hn::BitCast(octets, hn::Or(up, hn::ShiftLeft<8>(down)));
    std::uint8_t* HWY_RESTRICT to = tables + x / lanes * group_bytes + 2 * (x % lanes);
    hn::Store(hn::Add(hn::Add(hn::TableLookupBytes(both, first0), hn::TableLookupBytes(both, first1)),
                      hn::Add(hn::TableLookupBytes(both, first2), hn::TableLookupBytes(both, first3))),
              octets, to);
    hn::Store(hn::Add(hn::Add(hn::TableLookupBytes(both, second0), hn::TableLookupBytes(both, second1)),
                      hn::Add(hn::TableLookupBytes(both, second2), hn::TableLookupBytes(both, second3))),
              octets, to + 64);
  }
  result.least = -hn::GetLane(hn::SumOfLanes(integers, hn::Add(least, rest)));
  return result;
}

/// Sums of bytes in 16-bit lanes: `all` of both bytes of a lane (modulo 2^16), `upper` of the upper ones alone.
struct ByteSums {
  using Octets = hn::ScalableTag<std::uint8_t>;
  using Wide = hn::RepartitionToWide<Octets>;
  static constexpr std::size_t most = 257;  // 257 * 255 < 2^16
  hn::Vec<Wide> all, upper;

  HWY_INLINE HWY_ATTR void clear() { all = upper = hn::Zero(Wide()); }
  HWY_INLINE HWY_ATTR void add(hn::Vec<Octets> bytes) {
    const auto pair = hn::BitCast(Wide(), bytes);
    all = hn::Add(all, pair);
    upper = hn::Add(upper, hn::ShiftRight<8>(pair));
  }
  /// to[i] += sum at site i; then zero.
  inline HWY_ATTR void pour(std::int32_t* HWY_RESTRICT to) {
    const Wide wide;
    const hn::ScalableTag<std::int32_t> integers;
    const hn::Rebind<std::uint16_t, decltype(integers)> narrow;
    HWY_ALIGN std::uint16_t sums[2 * hn::MaxLanes(wide)];
    hn::StoreInterleaved2(hn::Sub(all, hn::ShiftLeft<8>(upper)), upper, wide, sums);
    for (std::size_t i = 0; i < 2 * hn::Lanes(wide); i += hn::Lanes(integers))
      hn::StoreU(hn::Add(hn::LoadU(integers, to + i), hn::PromoteTo(integers, hn::Load(narrow, sums + i))),
                 integers, to + i);
    clear();
  }
};

#if HWY_TARGET == HWY_AVX3_DL
}  // namespace
}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#include "models/force_sextets.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {
namespace {
#else
/// The 64 patterns of a word, for `count` vectors of sites.
template <std::size_t adds, std::size_t count>
HWY_INLINE HWY_ATTR void look_up_word(const std::uint8_t* HWY_RESTRICT table,
                                      const std::uint8_t* HWY_RESTRICT column, ByteSums (&sums)[count]) {
  const ByteSums::Octets octets;
  const ByteSums::Wide wide;
  const auto low_half = hn::Set(octets, 0x0f);
  hn::Vec<ByteSums::Octets> kept[count];
#pragma GCC unroll 8
  for (std::size_t j = 0; j < 8; ++j, table += group_bytes, column += PatternViews::slice_sites) {
    const auto low_table = hn::LoadDup128(octets, table),
               high_table = hn::LoadDup128(octets, table + 8 * group_bytes);
    for (std::size_t c = 0; c < count; ++c) {
      const auto n = hn::Load(octets, column + c * hn::Lanes(octets));
      const auto low = hn::TableLookupBytes(low_table, hn::And(n, low_half));
      const auto high = hn::TableLookupBytes(
          high_table, hn::And(hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, n))), low_half));
      if constexpr (adds == 1) {
        sums[c].add(low);
        sums[c].add(high);
      } else {
        const auto both = hn::Add(low, high);
        if (adds == 2)
          sums[c].add(both);
        else if (j % 2 == 0)
          kept[c] = both;
        else
          sums[c].add(hn::Add(kept[c], both));
      }
    }
  }
}

template <std::size_t count>
HWY_INLINE HWY_ATTR void look_up_sites(const std::uint8_t* HWY_RESTRICT tables, const std::uint8_t* adds,
                                       std::size_t num_words, const std::uint8_t* HWY_RESTRICT column,
                                       std::int32_t* HWY_RESTRICT to) {
  constexpr std::size_t word_bytes = 8 * PatternViews::slice_sites;
  const std::size_t lanes_of_octets = hn::Lanes(ByteSums::Octets());
  ByteSums sums[count];
  for (std::size_t c = 0; c < count; ++c) sums[c].clear();
  std::size_t added = 0;
  for (std::size_t first = 0; first < num_words; first += words, tables += block_bytes) {
    const std::size_t size = std::min(words, num_words - first), a = adds[first / words];
    const std::size_t more = block / 4 / a;
    if (added + more > ByteSums::most) {
      for (std::size_t c = 0; c < count; ++c) sums[c].pour(to + c * lanes_of_octets);
      added = 0;
    }
    added += more;
    const auto all = [&](auto look_up_one) HWY_ATTR {
      for (std::size_t w = 0; w < size; ++w)
        look_up_one(tables + place_of_word(w), column + (first + w) * word_bytes);
    };
    if (a == 4)
      all([&](const std::uint8_t* t, const std::uint8_t* c) HWY_ATTR { look_up_word<4, count>(t, c, sums); });
    else if (a == 2)
      all([&](const std::uint8_t* t, const std::uint8_t* c) HWY_ATTR { look_up_word<2, count>(t, c, sums); });
    else
      all([&](const std::uint8_t* t, const std::uint8_t* c) HWY_ATTR { look_up_word<1, count>(t, c, sums); });
  }
  for (std::size_t c = 0; c < count; ++c) sums[c].pour(to + c * lanes_of_octets);
}

/// sums_i = sum_g t_g[bits of site i] for the sites of a slice.
HWY_ATTR void look_up(const std::uint8_t* tables, const std::uint8_t* adds, std::size_t num_words,
                      const std::uint8_t* slice, std::int32_t* sums) {
  constexpr std::size_t sites = PatternViews::slice_sites, most_lanes = hn::MaxLanes(ByteSums::Octets());
  constexpr std::size_t together =
      most_lanes < sites ? 2 : 1;  // vectors of sites that share the loads of tables
  std::fill_n(sums, sites, 0);
  const std::size_t lanes_of_octets = hn::Lanes(ByteSums::Octets());
  for (std::size_t i = 0; i < sites; i += together * lanes_of_octets)
    look_up_sites<together>(tables, adds, num_words, slice + i, sums + i);
}
#endif
#endif

/// Sums of table entries for all sites; returns sum_mu min(w, 0).
#if HWY_TARGET == HWY_AVX3_DL
HWY_ATTR std::int64_t sum_changes(const ChangeLaw& law, const Forces& forces, const PatternViews& views,
                                  const Workspace& work) {
  constexpr std::size_t at_once = 2;  // blocks: their look-ups fit 16 bits, their tables the first cache
  const std::size_t num_words = views.patterns().words_per_site();
  const std::size_t num_slices = slices_of(views);
  const std::uint8_t* columns = views.sextets(0);
  HWY_ALIGN std::int16_t w[block];
  std::int64_t least = 0;
  std::fill_n(work.sums, views.stride(), 0);
  for (std::size_t start = 0; start < forces.num_blocks; start += at_once) {
    const std::size_t end = std::min(start + at_once, forces.num_blocks);
    for (std::size_t b = start; b < end; ++b) {
      subtract(law, forces.before + block * b, forces.after + block * b, forces.valid_of(b), w);
      const BlockTables built = sextets::build(w, work.tables + (b - start) * words * sextets::word_bytes);
      least += built.least;
      work.adds[b] = built.adds;
      work.cuts[b] = built.cut;
    }
    for (std::size_t k = 0; k < num_slices; ++k) {
      ByteSums sums;
      sums.clear();
      for (std::size_t b = start; b < end; ++b)
        sextets::look_up(work.tables + (b - start) * words * sextets::word_bytes, work.adds[b],
                         columns + (k * num_words + words * b) * sextets::word_bytes,
                         std::min(words, num_words - words * b), sums);
      sums.pour(work.sums + k * PatternViews::slice_sites);
    }
  }
  return least;
}
#else
HWY_ATTR std::int64_t sum_changes(const ChangeLaw& law, const Forces& forces, const PatternViews& views,
                                  const Workspace& work) {
  std::int64_t least = 0;
  for (std::size_t b = 0; b < forces.num_blocks; ++b) {
    const BlockTables built = build(law, forces.before + block * b, forces.after + block * b,
                                    forces.valid_of(b), work.tables + block_bytes * b);
    least += built.least;
    work.adds[b] = built.adds;
    work.cuts[b] = built.cut;
  }
  for (std::size_t k = 0; k < slices_of(views); ++k)
    look_up(work.tables, work.adds, views.patterns().words_per_site(), views.slices(k),
            work.sums + k * PatternViews::slice_sites);
  return least;
}
#endif

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(sum_changes);

namespace {

/// Changes of sums from the sums of table entries.
MATTIS_WIDE_CLONES void scale(std::span<const std::int32_t> sums, std::int32_t least, const ChangeLaw& law,
                              const std::int32_t* num_plus, std::int64_t* changes) {
  const std::int32_t factor = law.factor(), offset = law.offset;
  for (std::size_t j = 0; j < sums.size(); ++j)
    changes[j] = factor * (sums[j] + least) + offset * num_plus[j];
}

/// The sites of a slice whose bit is set.
MATTIS_WIDE_CLONES void add_where(const std::uint8_t* __restrict column, std::size_t bit, std::int64_t change,
                                  std::int64_t* __restrict changes) {
  for (std::size_t j = 0; j < PatternViews::slice_sites; ++j)
    changes[j] += -std::int64_t{column[j] >> bit & 1} & change;
}

}  // namespace

MATTIS_WIDE_CLONES void change_costs(std::span<const Spin> spins, std::span<const std::int64_t> changes,
                                     std::int64_t all_forces, std::int64_t all_curvatures,
                                     std::int64_t* __restrict costs, float* __restrict rounded) {
  for (std::size_t j = 0; j < spins.size(); ++j) {
    costs[j] += spins[j] * (2 * changes[j] - all_forces) - all_curvatures;
    rounded[j] = static_cast<float>(costs[j]);
  }
}

ChangeLaw::ChangeLaw(const NarrowLaw& law, SiteIndex num_spins, SiteIndex num_patterns) {
  const std::int32_t most = law.largest();
  if (most < 1) return;
  const auto step = [&](std::int32_t v, std::int32_t by) {
    return law.narrow(v + by).force - law.narrow(v).force;
  };
  const auto for_steps = [&](std::int32_t bound, auto see) {
    for (std::int32_t v = -bound; v < bound; ++v) {
      see(step(v, 1));
      see(step(v + 1, -1));
    }
  };
  const std::int64_t start = step(0, 1);
  std::int64_t divisor = 0, largest = 0, typical = 0;
  for_steps(most, [&](std::int64_t d) {
    divisor = std::gcd(divisor, d - start);
    largest = std::max({largest, std::abs(d), std::abs(d - start)});
  });
  if (divisor == 0 || largest > std::numeric_limits<std::int16_t>::max()) return;
  const auto spread = static_cast<std::int32_t>(1.5 * std::sqrt(num_spins));
  for_steps(std::min(most, spread),
            [&](std::int64_t d) { typical = std::max(typical, std::abs(d - start)); });
  offset = static_cast<std::int32_t>(start);
  shift = std::countr_zero(static_cast<std::uint64_t>(divisor));
  odd = static_cast<std::int32_t>(divisor >> shift);
  for (int bits = 0; bits < 4; ++bits)  // Newton's iteration doubles the number of right bits, 3 at first
    inverse = static_cast<std::uint16_t>(inverse * (2 - static_cast<unsigned>(odd) * inverse));
  is_useful =
      typical <= changes::cut * divisor &&
      (std::abs(start) + (changes::most_range + 1) * divisor) * num_patterns < (std::int64_t{1} << 30);
}

ForceChanges::ForceChanges(std::shared_ptr<const NarrowLaw> law, std::shared_ptr<const PatternViews> views)
    : law_(std::move(law)),
      views_(std::move(views)),
      change_(*law_, views_->patterns().num_spins(), views_->patterns().num_patterns()),
      num_blocks_((static_cast<std::size_t>(views_->patterns().num_patterns()) + block - 1) / block) {
  before_ = aligned_zeros<std::int16_t>(num_blocks_ * block);
  tables_ = aligned_zeros<std::uint8_t>(std::max(num_blocks_ * changes::block_bytes, changes::sextet_bytes));
  adds_.resize(num_blocks_);
  cuts_.resize(num_blocks_);
  sums_.resize(views_->stride());
  changes_.resize(views_->stride());
  views_->slices(0);
}

std::span<const std::int64_t> ForceChanges::flip(NarrowForces& forces, SiteIndex i, int before) {
  const auto num_sites = static_cast<std::size_t>(views_->patterns().num_spins());
  forces.flip(i, before, before_);
  const std::int64_t least = HWY_DYNAMIC_DISPATCH(sum_changes)(
      change_, {before_.get(), forces.narrow_forces(), forces.valid(), num_blocks_}, *views_,
      {tables_.get(), adds_.data(), cuts_.data(), sums_.data()});
  scale(sums_, static_cast<std::int32_t>(least), change_, views_->num_plus(), changes_.data());
  complete(forces, i, before);
  return {changes_.data(), num_sites};
}

/// What tables and 16 bits lack: of patterns that are cut, and of those that NarrowForces lists.
void ForceChanges::complete(const NarrowForces& forces, SiteIndex flipped, int before) {
  const PatternSet& patterns = views_->patterns();
  const auto correct = [&](std::size_t mu, bool is_listed) {
    const std::size_t x = NarrowForces::place(mu);
    const std::int16_t w = change_.number(before_[x], forces.narrow_forces()[x]);
    const int cut = cuts_[mu / block];
    const bool is_cut = cut != 0 && std::abs(int{w}) > cut;
    if (!is_cut && !is_listed) return;
    if (is_cut && is_listed) return;  // seen among the cut ones
    const int used = is_cut ? std::clamp(int{w}, -cut, cut) : int{w};
    const std::int32_t v = forces.half(mu);
    const std::int32_t was = v + before * patterns.entry(flipped, static_cast<SiteIndex>(mu));
    const std::int64_t lacking =
        law_->force(v) - law_->force(was) - (std::int64_t{used} * change_.factor() + change_.offset);
    if (lacking != 0) add(static_cast<SiteIndex>(mu), lacking);
  };
  const auto num_patterns = static_cast<std::size_t>(patterns.num_patterns());
  for (std::size_t b = 0; b < num_blocks_; ++b)
    if (cuts_[b] != 0)
      for (std::size_t mu = block * b; mu < std::min(block * (b + 1), num_patterns); ++mu) correct(mu, false);
  forces.for_listed([&](SiteIndex mu) { correct(static_cast<std::size_t>(mu), true); });
}

/// changes_j += change where xi_j^mu = +1.
void ForceChanges::add(SiteIndex mu, std::int64_t change) {
  constexpr std::size_t sites = PatternViews::slice_sites;
  const auto of_word = static_cast<std::size_t>(mu) % 64, group = of_word % 16;
  const std::size_t byte = static_cast<std::size_t>(mu) / 64 * 8 + group % 8;
  const std::size_t bit = group / 8 * 4 + of_word / 16;
  for (std::size_t first = 0; first < changes_.size(); first += sites) {
    const std::uint8_t* column = views_->slices(first / sites) + byte * sites;
    add_where(column, bit, change, changes_.data() + first);
  }
}

}  // namespace mattis
#endif
