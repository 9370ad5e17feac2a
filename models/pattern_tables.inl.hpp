// Tables of pattern groups: how they are built and read. Included once per instruction set (Highway's foreach_target).
#if defined(MATTIS_MODELS_PATTERN_TABLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_MODELS_PATTERN_TABLES_INL
#undef MATTIS_MODELS_PATTERN_TABLES_INL
#else
#define MATTIS_MODELS_PATTERN_TABLES_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "models/pattern_tables.hpp"
#include "models/pattern_views.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

/// What a word's groups need: their v in 16 bits (four after the other), least sum and range of sums.
struct GroupNumbers {
  static constexpr std::size_t size = PatternTables::groups_per_word;
  alignas(64) std::int16_t v[4][size];
  alignas(64) std::int16_t least[size];
  alignas(64) std::int32_t range[size];
};

/// Bits beyond the tables of one group's entries.
inline HWY_ATTR void list_wide(const std::int32_t* v, std::size_t word, std::size_t group, std::int32_t range,
                               PatternTables& tables) {
  std::uint32_t sums[PatternTables::table_bytes] = {};
  for (std::size_t k = 0; k < 4; ++k)
    for (std::size_t n = 0; n < PatternTables::table_bytes; ++n)  // v - min(v, 0) or - min(v, 0)
      sums[n] += static_cast<std::uint32_t>(((n >> k) & 1) != 0 ? std::max(v[k], 0) : std::max(-v[k], 0));
  for (std::size_t level = 0; level < PatternTables::num_levels; ++level) {
    const std::size_t bit = PatternTables::first_wide_bit + 8 * level;
    if (range >> bit == 0) break;
    auto& to = tables.wide[level][tables.num_wide[level]++];
    to.byte = static_cast<std::uint32_t>(8 * word + group % 8);
    to.half = static_cast<std::uint32_t>(group / 8);
    for (std::size_t n = 0; n < PatternTables::table_bytes; ++n)
      to.table[n] = static_cast<std::uint8_t>(sums[n] >> bit);
  }
}

/// What the largest of a word's ranges and their sum allow.
inline HWY_ATTR PatternTables::Word kind_of(std::int32_t largest, std::int32_t sum) {
  if (largest <= 255)
    return 4 * largest <= 255   ? PatternTables::fold4
           : 2 * largest <= 255 ? PatternTables::fold2
                                : PatternTables::fold1;
  return sum >> PatternTables::split_bits <= 255 ? PatternTables::split : PatternTables::split_large;
}

/// The entries of a word: sums for all n, group by group in the lanes, split, then turned around.
template <bool is_split>
HWY_ATTR void write_entries(const GroupNumbers& groups, std::uint8_t* HWY_RESTRICT to) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t g = 0; g < GroupNumbers::size; ++g)
    for (unsigned n = 0; n < 16; ++n) {
      unsigned sum = 0u - static_cast<unsigned>(groups.least[g]);
      for (unsigned k = 0; k < 4; ++k)
        if ((n >> k) & 1) sum += static_cast<unsigned>(groups.v[k][g]);
      std::uint8_t* entry = to + g % 8 * PatternTables::next_byte + g / 8 * PatternTables::table_bytes + n;
      *entry = static_cast<std::uint8_t>(is_split ? sum & 63 : sum);
      entry[PatternTables::upper] =
          static_cast<std::uint8_t>(is_split ? sum >> PatternTables::split_bits : 0);
    }
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<std::int16_t, GroupNumbers::size> shorts;
  const hn::RebindToUnsigned<decltype(shorts)> unsigneds;
  const hn::Repartition<std::uint8_t, decltype(shorts)> octets;
  const std::size_t lanes = hn::Lanes(shorts);
  for (std::size_t g = 0; g < GroupNumbers::size; g += lanes) {
    const auto v0 = hn::Load(shorts, groups.v[0] + g), v1 = hn::Load(shorts, groups.v[1] + g);
    const auto v2 = hn::Load(shorts, groups.v[2] + g), v3 = hn::Load(shorts, groups.v[3] + g);
    const auto none = hn::Sub(hn::Zero(shorts), hn::Load(shorts, groups.least + g));
    const auto v01 = hn::Add(v0, v1), v23 = hn::Add(v2, v3);
    const decltype(v01) front[4] = {none, hn::Add(none, v0), hn::Add(none, v1), hn::Add(none, v01)};
    const decltype(v01) back[4] = {hn::Zero(shorts), v2, v3, v23};
    hn::Vec<decltype(octets)> rows[16], turned[16];
    for (std::size_t n = 0; n < 16; ++n) {
      const auto sum = hn::BitCast(unsigneds, hn::Add(front[n % 4], back[n / 4]));
      if constexpr (is_split) {
        const auto a = hn::ShiftLeft<8>(hn::ShiftRight<PatternTables::split_bits>(sum));
        rows[n] = hn::BitCast(octets, hn::Or(a, hn::And(sum, hn::Set(unsigneds, 63))));
      } else {
        rows[n] = hn::BitCast(octets, sum);
      }
    }
    for (int stage = 0; stage < 4; ++stage) {
      for (std::size_t n = 0; n < 8; ++n) {
        turned[2 * n] = hn::InterleaveLower(octets, rows[n], rows[n + 8]);
        turned[2 * n + 1] = hn::InterleaveUpper(octets, rows[n], rows[n + 8]);
      }
      for (std::size_t n = 0; n < 16; ++n) rows[n] = turned[n];
    }
    for (std::size_t j = 0; j < 8; ++j) {
      hn::Store(rows[2 * j], octets, to + j * PatternTables::next_byte + 2 * g);
      hn::Store(rows[2 * j + 1], octets, to + j * PatternTables::next_byte + PatternTables::upper + 2 * g);
    }
  }
#endif
}

/// Tables of v_mu = values_mu >> shift; values padded with zeros to whole words.
template <int shift>
HWY_ATTR void build_tables(const std::int32_t* values, PatternTables& tables) {
  GroupNumbers groups;
  std::fill_n(tables.num_wide, PatternTables::num_levels, std::size_t{0});
  std::int64_t sum_of_ranges = 0, sum_of_values = 0;
  for (std::size_t w = 0; w < tables.num_words; ++w) {
    const std::int32_t* HWY_RESTRICT from = values + 64 * w;
    std::int32_t ranges = 0, sums = 0, largest = 0;
    for (std::size_t g = 0; g < GroupNumbers::size; ++g) {
      const std::int32_t v0 = from[g] >> shift, v1 = from[16 + g] >> shift;
      const std::int32_t v2 = from[32 + g] >> shift, v3 = from[48 + g] >> shift;
      const std::int32_t sum = v0 + v1 + v2 + v3;
      const std::int32_t range = std::abs(v0) + std::abs(v1) + std::abs(v2) + std::abs(v3);
      groups.v[0][g] = static_cast<std::int16_t>(v0);
      groups.v[1][g] = static_cast<std::int16_t>(v1);
      groups.v[2][g] = static_cast<std::int16_t>(v2);
      groups.v[3][g] = static_cast<std::int16_t>(v3);
      groups.least[g] = static_cast<std::int16_t>((sum - range) >> 1);
      groups.range[g] = range;
      ranges += range;
      sums += sum;
      largest = std::max(largest, range);
    }
    sum_of_ranges += ranges;
    sum_of_values += sums;
    const PatternTables::Word kind = tables.words[w] = kind_of(largest, ranges);
    kind < PatternTables::split ? write_entries<false>(groups, tables.of_word(w))
                                : write_entries<true>(groups, tables.of_word(w));
    if (HWY_UNLIKELY(largest >> PatternTables::first_wide_bit != 0))
      for (std::size_t g = 0; g < GroupNumbers::size; ++g)
        if (groups.range[g] >> PatternTables::first_wide_bit != 0) {
          const std::int32_t v[4] = {from[g] >> shift, from[16 + g] >> shift, from[32 + g] >> shift,
                                     from[48 + g] >> shift};
          list_wide(v, w, g, groups.range[g], tables);
        }
  }
  tables.sum = sum_of_values;
  tables.least = (sum_of_values - sum_of_ranges) / 2;
}

#if HWY_TARGET == HWY_SCALAR
/// sums_i = sum_g t_g[bits of site i] for the sites of a block.
inline void look_up(const PatternTables& tables, const std::uint8_t* slices, std::int32_t* sums) {
  constexpr std::size_t sites = PatternViews::block_sites;
  std::fill_n(sums, sites, 0);
  for (std::size_t w = 0; w < tables.num_words; ++w)
    for (std::size_t g = 0; g < 16; ++g) {
      const std::uint8_t* table =
          tables.of_word(w) + g % 8 * PatternTables::next_byte + g / 8 * PatternTables::table_bytes;
      const std::uint8_t* column = slices + (8 * w + g % 8) * sites;
      for (std::size_t i = 0; i < sites; ++i) {
        const std::uint8_t* entry = table + ((column[i] >> (g / 8 * 4)) & 0xf);
        sums[i] += entry[0] + (entry[PatternTables::upper] << PatternTables::split_bits);
      }
    }
  for (std::size_t level = 0; level < PatternTables::num_levels; ++level)
    for (std::size_t k = 0; k < tables.num_wide[level]; ++k) {
      const PatternTables::Wide& wide = tables.wide[level][k];
      const std::uint8_t* column = slices + wide.byte * sites;
      for (std::size_t i = 0; i < sites; ++i)
        sums[i] += wide.table[(column[i] >> (4 * wide.half)) & 0xf]
                   << (PatternTables::first_wide_bit + 8 * level);
    }
}
#else
/// Sums of bytes in 16-bit lanes: `all` of both bytes of a lane (modulo 2^16), `upper` of the upper ones alone.
struct ByteSums {
  using Octets = hwy::HWY_NAMESPACE::ScalableTag<std::uint8_t>;
  using Wide = hwy::HWY_NAMESPACE::RepartitionToWide<Octets>;
  using Vector = hwy::HWY_NAMESPACE::Vec<Wide>;
  static constexpr std::size_t most = 257;  // 257 * 255 < 2^16

  Vector all, upper;

  HWY_INLINE HWY_ATTR void clear() { all = upper = hwy::HWY_NAMESPACE::Zero(Wide()); }
  HWY_INLINE HWY_ATTR void add(hwy::HWY_NAMESPACE::Vec<Octets> bytes) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Vector pair = hn::BitCast(Wide(), bytes);
    all = hn::Add(all, pair);
    upper = hn::Add(upper, hn::ShiftRight<8>(pair));
  }
  /// to[i] += (sum at site i) << shift; then zero. Any alignment of `to`.
  inline HWY_ATTR void pour(std::int32_t* HWY_RESTRICT to, int shift) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Wide wide;
    const hn::ScalableTag<std::int32_t> integers;
    const hn::Rebind<std::uint16_t, decltype(integers)> narrow;
    HWY_ALIGN std::uint16_t sums[2 * hn::MaxLanes(wide)];
    hn::StoreInterleaved2(hn::Sub(all, hn::ShiftLeft<8>(upper)), upper, wide, sums);
    for (std::size_t i = 0; i < 2 * hn::Lanes(wide); i += hn::Lanes(integers)) {
      const auto sum = hn::ShiftLeftSame(hn::PromoteTo(integers, hn::Load(narrow, sums + i)), shift);
      hn::StoreU(hn::Add(hn::LoadU(integers, to + i), sum), integers, to + i);
    }
    clear();
  }
};

/// The 64 patterns of a word, for one vector of sites: bytes b (or t) to `lower`, bytes a to `upper`.
template <PatternTables::Word kind>
HWY_INLINE HWY_ATTR void look_up_word(const std::uint8_t* HWY_RESTRICT table,
                                      const std::uint8_t* HWY_RESTRICT column, ByteSums& lower,
                                      ByteSums& upper) {
  namespace hn = hwy::HWY_NAMESPACE;
  const ByteSums::Octets octets;
  const ByteSums::Wide wide;
  const auto low_half = hn::Set(octets, 0x0f);
  constexpr bool is_split = kind == PatternTables::split || kind == PatternTables::split_large;
  constexpr std::size_t bytes_at_once = kind == PatternTables::fold4 || is_split ? 2 : 1;
  auto a = hn::Zero(octets);
#pragma GCC unroll 1
  for (std::size_t j = 0; j < 8; j += bytes_at_once) {
    auto b = hn::Zero(octets);
    for (std::size_t k = 0; k < bytes_at_once; ++k) {
      const auto n = hn::Load(octets, column);
      const auto low = hn::And(n, low_half);
      const auto high = hn::And(hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, n))), low_half);
      const auto b_low = hn::TableLookupBytes(hn::LoadDup128(octets, table), low);
      const auto b_high = hn::TableLookupBytes(hn::LoadDup128(octets, table + 16), high);
      if constexpr (kind == PatternTables::fold1) {
        lower.add(b_low);
        lower.add(b_high);
      } else {
        b = hn::Add(b, hn::Add(b_low, b_high));
      }
      if constexpr (is_split) {
        const std::uint8_t* of_a = table + PatternTables::upper;
        const auto a_low = hn::TableLookupBytes(hn::LoadDup128(octets, of_a), low);
        const auto a_high = hn::TableLookupBytes(hn::LoadDup128(octets, of_a + 16), high);
        if constexpr (kind == PatternTables::split) {
          a = hn::Add(a, hn::Add(a_low, a_high));
        } else {
          upper.add(a_low);
          upper.add(a_high);
        }
      }
      table += PatternTables::next_byte;
      column += PatternViews::block_sites;
    }
    if constexpr (kind != PatternTables::fold1) lower.add(b);
  }
  if constexpr (kind == PatternTables::split) upper.add(a);
}

/// sums_i = sum_g t_g[bits of site i] for the sites of a block.
inline HWY_ATTR void look_up(const PatternTables& tables, const std::uint8_t* HWY_RESTRICT slices,
                             std::int32_t* HWY_RESTRICT sums) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr std::size_t sites = PatternViews::block_sites;
  constexpr std::size_t words_before_full = ByteSums::most / PatternTables::groups_per_word;
  const ByteSums::Octets octets;
  const ByteSums::Wide wide_lanes;
  const std::size_t lanes = hn::Lanes(octets);
  std::fill_n(sums, sites, 0);
  for (std::size_t i = 0; i < sites; i += lanes) {
    ByteSums lower, upper;
    lower.clear();
    upper.clear();
    for (std::size_t w = 0; w < tables.num_words; ++w) {
      const std::uint8_t* table = tables.of_word(w);
      const std::uint8_t* column = slices + 8 * w * sites + i;
      switch (tables.words[w]) {
        case PatternTables::fold1:
          look_up_word<PatternTables::fold1>(table, column, lower, upper);
          break;
        case PatternTables::fold2:
          look_up_word<PatternTables::fold2>(table, column, lower, upper);
          break;
        case PatternTables::fold4:
          look_up_word<PatternTables::fold4>(table, column, lower, upper);
          break;
        case PatternTables::split:
          look_up_word<PatternTables::split>(table, column, lower, upper);
          break;
        case PatternTables::split_large:
          look_up_word<PatternTables::split_large>(table, column, lower, upper);
          break;
      }
      if ((w + 1) % words_before_full == 0 || w + 1 == tables.num_words) {
        lower.pour(sums + i, 0);
        upper.pour(sums + i, PatternTables::split_bits);
      }
    }
  }
  const auto low_half = hn::Set(octets, 0x0f);
  for (std::size_t level = 0; level < PatternTables::num_levels && tables.num_wide[level] > 0; ++level)
    for (std::size_t i = 0; i < sites; i += lanes) {
      const int bit = static_cast<int>(PatternTables::first_wide_bit + 8 * level);
      ByteSums upper;
      upper.clear();
      for (std::size_t k = 0; k < tables.num_wide[level]; ++k) {
        const PatternTables::Wide& wide = tables.wide[level][k];
        auto n = hn::Load(octets, slices + wide.byte * sites + i);
        if (wide.half == 1) n = hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide_lanes, n)));
        upper.add(hn::TableLookupBytes(hn::LoadDup128(octets, wide.table), hn::And(n, low_half)));
        if ((k + 1) % ByteSums::most == 0) upper.pour(sums + i, bit);
      }
      upper.pour(sums + i, bit);
    }
}
#endif

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
