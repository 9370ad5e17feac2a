// Tables of pattern groups: how they are built and read. Included once per instruction set (Highway's foreach_target).
#if defined(MATTIS_MODELS_PATTERN_TABLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_MODELS_PATTERN_TABLES_INL
#undef MATTIS_MODELS_PATTERN_TABLES_INL
#else
#define MATTIS_MODELS_PATTERN_TABLES_INL
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstdlib>

#include "models/pattern_tables.hpp"
#include "models/pattern_views.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

/// What the tables of a word's groups follow from: v in 16 bits (four after the other) and sum_k min(v_k, 0).
struct GroupNumbers {
  static constexpr std::size_t size = PatternTables::groups_per_word;
  alignas(64) std::int16_t v[4][size];
  alignas(64) std::int16_t least[size];
};

/// Of a word: its kind and the sum of its ranges.
struct WordRange {
  PatternTables::Kind kind;
  std::int32_t sum;
};

/// Bits beyond the tables of one group's entries.
inline HWY_ATTR void list_wide(const std::int32_t (&v)[4], std::size_t word, std::size_t group,
                               std::int32_t range, PatternTables& tables) {
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

/// v = now - kept, of any size.
template <class Count>
HWY_ATTR WordRange measure_any(const Count* now, const Count* kept, std::size_t word, GroupNumbers& groups,
                               PatternTables& tables) {
  std::int32_t largest = 0, all = 0;
  for (std::size_t g = 0; g < GroupNumbers::size; ++g) {
    std::int32_t v[4], sum = 0, range = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      v[k] = std::int32_t{now[16 * k + g]} - kept[16 * k + g];
      sum += v[k];
      range += std::abs(v[k]);
      groups.v[k][g] = static_cast<std::int16_t>(v[k]);
    }
    groups.least[g] = static_cast<std::int16_t>((sum - range) >> 1);
    if (range >> PatternTables::first_wide_bit != 0) list_wide(v, word, g, range, tables);
    largest = std::max(largest, range);
    all += range;
  }
  if (all <= 255) return {all == 0 ? PatternTables::zero : PatternTables::fold16, all};
  if (largest <= 255)
    return {largest <= 63    ? PatternTables::fold4
            : largest <= 127 ? PatternTables::fold2
                             : PatternTables::fold1,
            all};
  return {all >> PatternTables::split_bits <= 255 ? PatternTables::split : PatternTables::split_large, all};
}

/// The same, all groups at once in 16 bits.
inline HWY_ATTR WordRange measure([[maybe_unused]] const std::int16_t* HWY_RESTRICT now,
                                  [[maybe_unused]] const std::int16_t* HWY_RESTRICT kept, std::size_t word,
                                  GroupNumbers& groups, PatternTables& tables) {
#if HWY_TARGET != HWY_SCALAR
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<std::int16_t, GroupNumbers::size> shorts;
  const hn::RepartitionToWide<decltype(shorts)> integers;
  const auto ones = hn::Set(shorts, 1);
  auto largest = hn::Zero(shorts), widest = hn::Zero(shorts);
  auto sums = hn::Zero(integers), no_sums = hn::Zero(integers);
  for (std::size_t g = 0; g < GroupNumbers::size; g += hn::Lanes(shorts)) {
    auto sum = hn::Zero(shorts), range = hn::Zero(shorts);
    for (std::size_t k = 0; k < 4; ++k) {
      const auto v = hn::Sub(hn::Load(shorts, now + 16 * k + g), hn::Load(shorts, kept + 16 * k + g));
      const auto size = hn::Abs(v);
      sum = hn::Add(sum, v);
      range = hn::Add(range, size);
      largest = hn::Max(largest, size);
      hn::Store(v, shorts, groups.v[k] + g);
    }
    hn::Store(hn::ShiftRight<1>(hn::Sub(sum, range)), shorts, groups.least + g);
    widest = hn::Max(widest, range);
    sums = hn::ReorderWidenMulAccumulate(integers, range, ones, sums, no_sums);
  }
  const auto exceed = [&](decltype(largest) numbers, std::int16_t bound)
                          HWY_ATTR { return !hn::AllFalse(shorts, hn::Gt(numbers, hn::Set(shorts, bound))); };
  if (HWY_LIKELY(!exceed(largest, (1 << PatternTables::first_wide_bit) / 4 - 1))) {
    const std::int32_t all = hn::GetLane(hn::SumOfLanes(integers, hn::Add(sums, no_sums)));
    if (all <= 255) return {all == 0 ? PatternTables::zero : PatternTables::fold16, all};
    if (exceed(widest, 255))
      return {all >> PatternTables::split_bits <= 255 ? PatternTables::split : PatternTables::split_large,
              all};
    return {exceed(widest, 127)  ? PatternTables::fold1
            : exceed(widest, 63) ? PatternTables::fold2
                                 : PatternTables::fold4,
            all};
  }
#endif
  return measure_any(now, kept, word, groups, tables);
}

inline HWY_ATTR WordRange measure(const std::int32_t* now, const std::int32_t* kept, std::size_t word,
                                  GroupNumbers& groups, PatternTables& tables) {
  return measure_any(now, kept, word, groups, tables);
}

#if HWY_TARGET != HWY_SCALAR
/// 16 bytes for each group, n in turn, from the bytes of n and n+1 side by side for all groups: a matrix turned around.
template <class Octets, class Shorts>
HWY_INLINE HWY_ATTR void write_turned(Octets octets, Shorts shorts,
                                      hwy::HWY_NAMESPACE::Vec<Shorts> (&rows)[8], std::size_t next_byte,
                                      std::uint8_t* HWY_RESTRICT to) {
  namespace hn = hwy::HWY_NAMESPACE;
  for (int stage = 0; stage < 3; ++stage) {
    hn::Vec<Shorts> turned[8];
    for (std::size_t n = 0; n < 4; ++n) {
      turned[2 * n] = hn::InterleaveLower(shorts, rows[n], rows[n + 4]);
      turned[2 * n + 1] = hn::InterleaveUpper(shorts, rows[n], rows[n + 4]);
    }
    for (std::size_t n = 0; n < 8; ++n) rows[n] = turned[n];
  }
  for (std::size_t j = 0; j < 8; ++j) hn::Store(hn::BitCast(octets, rows[j]), octets, to + j * next_byte);
}
#endif

/// The entries of a word: sums for all n, group by group in the lanes, split, then turned around.
template <bool is_split>
HWY_ATTR void write_entries(const GroupNumbers& groups, std::uint8_t* HWY_RESTRICT to) {
  constexpr std::size_t next_byte = PatternTables::next_byte(is_split);
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t g = 0; g < GroupNumbers::size; ++g)
    for (unsigned n = 0; n < 16; ++n) {
      unsigned sum = 0u - static_cast<unsigned>(groups.least[g]);
      for (unsigned k = 0; k < 4; ++k)
        if ((n >> k) & 1) sum += static_cast<unsigned>(groups.v[k][g]);
      std::uint8_t* entry = to + g % 8 * next_byte + g / 8 * PatternTables::table_bytes + n;
      *entry = static_cast<std::uint8_t>(is_split ? sum & 63 : sum);
      if (is_split) entry[PatternTables::upper] = static_cast<std::uint8_t>(sum >> PatternTables::split_bits);
    }
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<std::int16_t, GroupNumbers::size> shorts;
  const hn::RebindToUnsigned<decltype(shorts)> unsigneds;
  const hn::Repartition<std::uint8_t, decltype(shorts)> octets;
  for (std::size_t g = 0; g < GroupNumbers::size; g += hn::Lanes(shorts)) {
    const auto v0 = hn::Load(shorts, groups.v[0] + g), v1 = hn::Load(shorts, groups.v[1] + g);
    const auto v2 = hn::Load(shorts, groups.v[2] + g), v3 = hn::Load(shorts, groups.v[3] + g);
    const auto none = hn::Sub(hn::Zero(shorts), hn::Load(shorts, groups.least + g));
    const decltype(none) front[4] = {none, hn::Add(none, v0), hn::Add(none, v1),
                                     hn::Add(none, hn::Add(v0, v1))};
    const decltype(none) back[4] = {hn::Zero(shorts), v2, v3, hn::Add(v2, v3)};
    hn::Vec<decltype(unsigneds)> lower[8], upper[8];
    for (std::size_t n = 0; n < 16; n += 2) {
      const auto even = hn::BitCast(unsigneds, hn::Add(front[n % 4], back[n / 4]));
      const auto odd = hn::BitCast(unsigneds, hn::Add(front[n % 4 + 1], back[n / 4]));
      if constexpr (is_split) {
        const auto low = hn::Set(unsigneds, 63);
        lower[n / 2] = hn::Or(hn::And(even, low), hn::ShiftLeft<8>(hn::And(odd, low)));
        upper[n / 2] =
            hn::Or(hn::And(hn::ShiftRight<PatternTables::split_bits>(even), hn::Set(unsigneds, 255)),
                   hn::ShiftLeft<8>(hn::ShiftRight<PatternTables::split_bits>(odd)));
      } else {
        lower[n / 2] = hn::Or(even, hn::ShiftLeft<8>(odd));
      }
    }
    write_turned(octets, unsigneds, lower, next_byte, to + 2 * g);
    if constexpr (is_split)
      write_turned(octets, unsigneds, upper, next_byte, to + PatternTables::upper + 2 * g);
  }
#endif
}

/// Tables of v = now - kept, then kept = now; both padded with zeros to whole words.
template <class Count>
HWY_ATTR void build_tables(const Count* now, Count* kept, PatternTables& tables) {
  GroupNumbers groups;
  std::fill_n(tables.num_of_kind, PatternTables::num_kinds, std::size_t{0});
  std::fill_n(tables.num_wide, PatternTables::num_levels, std::size_t{0});
  tables.range = 0;
  for (std::size_t w = 0; w < tables.num_words; ++w) {
    const WordRange range = measure(now + 64 * w, kept + 64 * w, w, groups, tables);
    if (range.kind == PatternTables::zero) continue;
    tables.words[range.kind][tables.num_of_kind[range.kind]++] = static_cast<std::uint32_t>(w);
    tables.range += range.sum;
    range.kind < PatternTables::split ? write_entries<false>(groups, tables.of_word(w))
                                      : write_entries<true>(groups, tables.of_word(w));
  }
  std::copy_n(now, 64 * tables.num_words, kept);
}

#if HWY_TARGET == HWY_SCALAR
/// sums_i = sum_g t_g[bits of site i] for the sites of a slice.
inline void look_up(const PatternTables& tables, const std::uint8_t* slices, std::int32_t* sums) {
  constexpr std::size_t sites = PatternViews::slice_sites;
  std::fill_n(sums, sites, 0);
  for (std::size_t kind = 0; kind < PatternTables::num_kinds; ++kind)
    for (std::size_t k = 0; k < tables.num_of_kind[kind]; ++k)
      for (std::size_t g = 0; g < 16; ++g) {
        const bool is_split = kind >= PatternTables::split;
        const std::size_t w = tables.words[kind][k];
        const std::uint8_t* table = tables.of_word(w) + g % 8 * PatternTables::next_byte(is_split) +
                                    g / 8 * PatternTables::table_bytes;
        const std::uint8_t* column = slices + (8 * w + g % 8) * sites;
        for (std::size_t i = 0; i < sites; ++i) {
          const std::uint8_t* entry = table + ((column[i] >> (g / 8 * 4)) & 0xf);
          sums[i] += entry[0];
          if (is_split) sums[i] += entry[PatternTables::upper] << PatternTables::split_bits;
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

/// The 64 patterns of a word, for `count` vectors of sites: bytes b (or t) to `lower`, bytes a to `upper`. The same bytes of
/// the next slice, `ahead` from here, are fetched meanwhile.
template <PatternTables::Kind kind, std::size_t count>
HWY_INLINE HWY_ATTR void look_up_word(const std::uint8_t* HWY_RESTRICT table,
                                      const std::uint8_t* HWY_RESTRICT column, std::size_t ahead,
                                      ByteSums (&lower)[count], ByteSums (&upper)[count]) {
  namespace hn = hwy::HWY_NAMESPACE;
  const ByteSums::Octets octets;
  const ByteSums::Wide wide;
  using Bytes = hn::Vec<ByteSums::Octets>;
  const std::size_t lanes = hn::Lanes(octets);
  const auto low_half = hn::Set(octets, 0x0f);
  constexpr bool is_split = kind >= PatternTables::split;
  constexpr std::size_t bytes_at_once = kind == PatternTables::fold4 || is_split ? 2 : 1;
  Bytes a[count], b[count];
  for (std::size_t c = 0; c < count; ++c) a[c] = b[c] = hn::Zero(octets);
#pragma GCC unroll 1
  for (std::size_t j = 0; j < 8; j += bytes_at_once) {
    for (std::size_t k = 0; k < bytes_at_once; ++k) {
      Bytes low[count], high[count];
      hwy::Prefetch(column + ahead);
      for (std::size_t c = 0; c < count; ++c) {
        const auto n = hn::Load(octets, column + c * lanes);
        low[c] = hn::And(n, low_half);
        high[c] = hn::And(hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, n))), low_half);
      }
      const auto b_low = hn::LoadDup128(octets, table), b_high = hn::LoadDup128(octets, table + 16);
      for (std::size_t c = 0; c < count; ++c) {
        const auto from_low = hn::TableLookupBytes(b_low, low[c]);
        const auto from_high = hn::TableLookupBytes(b_high, high[c]);
        if constexpr (kind == PatternTables::fold1) {
          lower[c].add(from_low);
          lower[c].add(from_high);
        } else {
          b[c] = hn::Add(b[c], hn::Add(from_low, from_high));
        }
      }
      if constexpr (is_split) {
        const auto a_low = hn::LoadDup128(octets, table + PatternTables::upper);
        const auto a_high = hn::LoadDup128(octets, table + PatternTables::upper + 16);
        for (std::size_t c = 0; c < count; ++c) {
          const auto from_low = hn::TableLookupBytes(a_low, low[c]);
          const auto from_high = hn::TableLookupBytes(a_high, high[c]);
          if constexpr (kind == PatternTables::split) {
            a[c] = hn::Add(a[c], hn::Add(from_low, from_high));
          } else {
            upper[c].add(from_low);
            upper[c].add(from_high);
          }
        }
      }
      table += PatternTables::next_byte(is_split);
      column += PatternViews::slice_sites;
    }
    if constexpr (kind != PatternTables::fold1 && kind != PatternTables::fold16)
      for (std::size_t c = 0; c < count; ++c) {
        lower[c].add(b[c]);
        b[c] = hn::Zero(octets);
      }
  }
  for (std::size_t c = 0; c < count; ++c) {
    if constexpr (kind == PatternTables::fold16) lower[c].add(b[c]);
    if constexpr (kind == PatternTables::split) upper[c].add(a[c]);
  }
}

/// All words of a kind, for `count` vectors of sites.
template <PatternTables::Kind kind, std::size_t count>
HWY_INLINE HWY_ATTR void look_up_kind(const PatternTables& tables, const std::uint8_t* HWY_RESTRICT slices,
                                      std::int32_t* HWY_RESTRICT sums) {
  constexpr std::size_t words_before_full = ByteSums::most / PatternTables::groups_per_word;
  const std::size_t lanes = hwy::HWY_NAMESPACE::Lanes(ByteSums::Octets()), num = tables.num_of_kind[kind];
  const std::uint32_t* words = tables.words[kind].data();
  for (std::size_t start = 0; start < num; start += words_before_full) {
    ByteSums lower[count], upper[count];
    for (std::size_t c = 0; c < count; ++c) {
      lower[c].clear();
      upper[c].clear();
    }
    for (std::size_t k = start; k < std::min(num, start + words_before_full); ++k) {
      look_up_word<kind, count>(tables.of_word(words[k]), slices + 8 * words[k] * PatternViews::slice_sites,
                                tables.num_words * 8 * PatternViews::slice_sites, lower, upper);
    }
    for (std::size_t c = 0; c < count; ++c) {
      lower[c].pour(sums + c * lanes, 0);
      if constexpr (kind >= PatternTables::split) upper[c].pour(sums + c * lanes, PatternTables::split_bits);
    }
  }
}

/// sums_i = sum_g t_g[bits of site i] for the sites of a slice.
inline HWY_ATTR void look_up(const PatternTables& tables, const std::uint8_t* HWY_RESTRICT slices,
                             std::int32_t* HWY_RESTRICT sums) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr std::size_t sites = PatternViews::slice_sites;
  const ByteSums::Octets octets;
  constexpr std::size_t most_lanes = hn::MaxLanes(octets);
  static_assert(sites % most_lanes == 0);
  constexpr std::size_t together =
      most_lanes < sites ? 2 : 1;  // vectors of sites that share the loads of tables
  const ByteSums::Wide wide_lanes;
  const std::size_t lanes = hn::Lanes(octets);
  std::fill_n(sums, sites, 0);
  for (std::size_t i = 0; i < sites; i += together * lanes) {
    look_up_kind<PatternTables::fold16, together>(tables, slices + i, sums + i);
    look_up_kind<PatternTables::fold4, together>(tables, slices + i, sums + i);
    look_up_kind<PatternTables::fold2, together>(tables, slices + i, sums + i);
    look_up_kind<PatternTables::fold1, together>(tables, slices + i, sums + i);
    look_up_kind<PatternTables::split, together>(tables, slices + i, sums + i);
    look_up_kind<PatternTables::split_large, together>(tables, slices + i, sums + i);
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
