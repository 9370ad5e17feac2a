// The tables of force_changes for 6 patterns and 64 sites an operation (AVX512_VBMI). Included once per instruction set.
#if defined(MATTIS_MODELS_FORCE_SEXTETS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_MODELS_FORCE_SEXTETS_INL
#undef MATTIS_MODELS_FORCE_SEXTETS_INL
#else
#define MATTIS_MODELS_FORCE_SEXTETS_INL
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "models/force_changes.hpp"

#if HWY_TARGET == HWY_AVX3_DL
HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace sextets {

namespace hn = hwy::HWY_NAMESPACE;
using Shorts = hn::Full512<std::int16_t>;
using Octets = hn::Full512<std::uint8_t>;
constexpr std::size_t lanes = 32, words = 8, per_word = PatternViews::sextets_per_word, sites = 64;
constexpr std::size_t word_bytes = per_word * 64;  // of tables, and of the bytes of 64 sites

/// Ranges of the four of a group, and of its patterns 0 and 2, 1 and 3; each in the lowest of the four lanes.
struct Ranges {
  hn::Vec<hn::RebindToUnsigned<Shorts>> all, even, odd;
  explicit HWY_INLINE HWY_ATTR Ranges(hn::Vec<Shorts> number) {
    const hn::RebindToUnsigned<Shorts> unsigneds;
    const hn::Repartition<std::uint64_t, Shorts> quads;
    const auto lowest = hn::BitCast(unsigneds, hn::Set(quads, 0xffff));
    const auto size = hn::BitCast(quads, hn::Abs(hn::Max(number, hn::Set(Shorts(), std::int16_t{-32767}))));
    const auto two = hn::Add(hn::BitCast(unsigneds, size), hn::BitCast(unsigneds, hn::ShiftRight<32>(size)));
    even = hn::And(two, lowest);
    odd = hn::And(hn::BitCast(unsigneds, hn::ShiftRight<16>(hn::BitCast(quads, two))), lowest);
    all = hn::SaturatedAdd(even, odd);
  }
};

/// Parts of what is stored above are loaded below, which costs no shuffle: compilers would take them from the registers.
HWY_INLINE HWY_ATTR void stay_in_memory() { asm volatile("" ::: "memory"); }

/// Tables of a block: 11 of 64 bytes for each of its 8 words, from w, cut where needed.
HWY_ATTR changes::BlockTables build(const std::int16_t* HWY_RESTRICT w, std::uint8_t* HWY_RESTRICT tables) {
  const Shorts shorts;
  const Octets octets;
  const hn::RebindToUnsigned<Shorts> unsigneds;
  const hn::RepartitionToWide<Shorts> integers;
  auto largest = Ranges(hn::Load(shorts, w + 15 * lanes)).all;
  for (std::size_t g = 0; g < 15; g += 3) {
    const Ranges shared(hn::Load(shorts, w + (g + 2) * lanes));
    largest = hn::Max(largest, hn::SaturatedAdd(Ranges(hn::Load(shorts, w + g * lanes)).all, shared.even));
    largest =
        hn::Max(largest, hn::SaturatedAdd(Ranges(hn::Load(shorts, w + (g + 1) * lanes)).all, shared.odd));
  }
  HWY_ALIGN std::uint16_t ranges[lanes];
  hn::Store(largest, unsigneds, ranges);
  int range = 0;
  for (std::size_t lane = 0; lane < lanes; lane += 4) range = std::max(range, int{ranges[lane]});

  changes::BlockTables result;
  if (range > changes::most_range) result.cut = changes::sextet_cut;
  result.adds =
      static_cast<std::uint8_t>(result.cut != 0 ? 1 : std::min(4, changes::most_range / std::max(range, 1)));
  const auto bound =
      hn::Set(shorts, static_cast<std::int16_t>(result.cut != 0 ? changes::sextet_cut : 32767));
  const auto none = hn::Zero(shorts), one = hn::Set(shorts, 1), lower_bound = hn::Sub(none, bound);
  auto least = hn::Zero(integers), rest = least;
  const auto both_of = [&](std::size_t g) HWY_ATTR {
    const auto number = hn::Min(hn::Max(hn::Load(shorts, w + g * lanes), lower_bound), bound);
    const auto up = hn::Max(number, none), down = hn::Sub(up, number);
    least = hn::ReorderWidenMulAccumulate(integers, down, one, least, rest);
    return hn::BitCast(octets, hn::Or(up, hn::ShiftLeft<8>(down)));
  };
  const auto picked = [&](auto from, std::size_t group, std::size_t k) HWY_ATTR {
    return hn::TableLookupBytes(from, hn::LoadDup128(octets, changes::pick.byte[group][k]));
  };
  const auto write_quads = [&](std::size_t g, std::uint8_t* to) HWY_ATTR {
    const auto both = both_of(g);
    for (std::size_t group = 0; group < 2; ++group)
      hn::Store(hn::Add(hn::Add(picked(both, group, 0), picked(both, group, 1)),
                        hn::Add(picked(both, group, 2), picked(both, group, 3))),
                octets, to + 64 * group);
  };
  // Bits 4 and 5 of a place are the same in each 16 bytes.
  const auto picked_above = [&](auto from, std::size_t group, std::size_t k) HWY_ATTR {
    return hn::Add(hn::TableLookupBytes(from, hn::Load(octets, changes::pick_above.byte[group][k])),
                   hn::TableLookupBytes(from, hn::Load(octets, changes::pick_above.byte[group][k + 2])));
  };
  HWY_ALIGN std::uint8_t first[128], second[128], shared[64];
  for (std::size_t t = 0; t < 5; ++t) {
    write_quads(3 * t, first);
    write_quads(3 * t + 1, second);
    hn::Store(both_of(3 * t + 2), octets, shared);
    stay_in_memory();
    for (std::size_t word = 0; word < words; ++word) {
      const std::size_t place = changes::place_of_word(word), group = word % 2;
      const auto two = hn::LoadDup128(octets, shared + 16 * (word / 2));
      std::uint8_t* HWY_RESTRICT to = tables + word * word_bytes + 128 * t;
      hn::Store(hn::Add(hn::LoadDup128(octets, first + place), picked_above(two, group, 0)), octets, to);
      hn::Store(hn::Add(hn::LoadDup128(octets, second + place), picked_above(two, group, 1)), octets,
                to + 64);
    }
  }
  write_quads(15, first);
  stay_in_memory();
  for (std::size_t word = 0; word < words; ++word)
    hn::Store(hn::LoadDup128(octets, first + changes::place_of_word(word)), octets,
              tables + word * word_bytes + 640);
  result.least = -hn::GetLane(hn::SumOfLanes(integers, hn::Add(least, rest)));
  return result;
}

template <std::size_t adds>
HWY_INLINE HWY_ATTR void look_up_words(const std::uint8_t* HWY_RESTRICT tables,
                                       const std::uint8_t* HWY_RESTRICT column, std::size_t num_words,
                                       ByteSums& sums) {
  const Octets octets;
#pragma GCC unroll 1
  for (std::size_t w = 0; w < num_words; ++w, tables += word_bytes, column += word_bytes) {
    auto kept = hn::Zero(octets);
#pragma GCC unroll 11
    for (std::size_t q = 0; q < per_word; ++q) {
      const auto found = hn::Vec<Octets>{_mm512_permutexvar_epi8(hn::Load(octets, column + 64 * q).raw,
                                                                 hn::Load(octets, tables + 64 * q).raw)};
      kept = q % adds == 0 ? found : hn::Add(kept, found);
      if (q % adds == adds - 1 || q + 1 == per_word) sums.add(kept);
    }
  }
}

/// sums_i += sum of the entries of site i in one block.
HWY_INLINE HWY_ATTR void look_up(const std::uint8_t* tables, std::size_t adds, const std::uint8_t* column,
                                 std::size_t num_words, ByteSums& sums) {
  switch (adds) {
    case 4:
      return look_up_words<4>(tables, column, num_words, sums);
    case 3:
      return look_up_words<3>(tables, column, num_words, sums);
    case 2:
      return look_up_words<2>(tables, column, num_words, sums);
    default:
      return look_up_words<1>(tables, column, num_words, sums);
  }
}

}  // namespace sextets

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#endif
