#include "models/pattern_counts.hpp"

#include <algorithm>

#include "models/pattern_fields.hpp"
#include "models/pattern_views.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/pattern_counts.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

constexpr std::size_t most_flips = 128;

#if HWY_TARGET == HWY_SCALAR
template <int unit, class Count>
void follow(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips, Count* counts) {
  const auto num_patterns = static_cast<std::size_t>(patterns.num_patterns());
  for (std::size_t f = 0; f < num_flips; ++f) {
    const std::uint64_t* row = patterns.plus(flips[f].site);
    const int change = unit * flips[f].before;
    for (std::size_t mu = 0; mu < num_patterns; ++mu)
      counts[mu] = static_cast<Count>(counts[mu] - ((row[mu / 64] >> (mu % 64)) & 1 ? change : -change));
  }
}
#else
namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::ScalableTag<std::uint64_t>;
using WordVector = hn::Vec<Words>;

/// a + b + c = 2 carry + sum, for each bit; `sum` comes in as a.
HWY_INLINE HWY_ATTR WordVector add_full(WordVector& sum, WordVector b, WordVector c) {
  const WordVector half = hn::Xor(sum, b);
  const WordVector carry = hn::Or(hn::And(sum, b), hn::And(half, c));
  sum = hn::Xor(half, c);
  return carry;
}

/// Rows of bits, s xi = +1, of up to 128 flips; then rows without bits to a multiple of 8.
struct FlippedRows {
  const std::uint64_t* bits[most_flips];
  std::uint64_t reversed[most_flips];  ///< all ones where s = -1
  std::size_t size = 0;

  FlippedRows(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips) {
    static constexpr std::uint64_t no_bits[PatternViews::largest_load / 64 + 1 + PatternSet::spare_words] =
        {};
    for (; size < num_flips; ++size) {
      bits[size] = patterns.plus(flips[size].site);
      reversed[size] = flips[size].before > 0 ? 0 : ~std::uint64_t{0};
    }
    for (; size % 8 != 0; ++size) {
      bits[size] = no_bits;
      reversed[size] = 0;
    }
  }
};

/// Binary digits of the number of agreements s xi = +1 for the patterns of the words from `w` on.
template <std::size_t num_digits>
HWY_INLINE HWY_ATTR void count_agreements(const FlippedRows& rows, std::size_t w,
                                          WordVector (&digit)[num_digits]) {
  const Words words;
  for (auto& d : digit) d = hn::Zero(words);
  for (std::size_t f = 0; f < rows.size; f += 8) {
    const auto at = [&](std::size_t k) HWY_ATTR {
      return hn::Xor(hn::LoadU(words, rows.bits[f + k] + w), hn::Set(words, rows.reversed[f + k]));
    };
    const WordVector two_a = add_full(digit[0], at(0), at(1)), two_b = add_full(digit[0], at(2), at(3));
    const WordVector four_a = add_full(digit[1], two_a, two_b);
    const WordVector two_c = add_full(digit[0], at(4), at(5)), two_d = add_full(digit[0], at(6), at(7));
    const WordVector four_b = add_full(digit[1], two_c, two_d);
    WordVector carry = add_full(digit[2], four_a, four_b);
    for (std::size_t d = 3; d < num_digits; ++d) {
      const WordVector next = hn::And(digit[d], carry);
      digit[d] = hn::Xor(digit[d], carry);
      carry = next;
    }
  }
}

/// Numbers from their binary digits: to[j][16 L + k] is that of pattern 128 L + 16 j + k of the vector. Bit b of all bytes
/// at once, then the bytes of the 8 b side by side.
template <std::size_t num_digits>
HWY_INLINE HWY_ATTR void write_numbers(const WordVector (&digit)[num_digits], std::uint8_t* HWY_RESTRICT to) {
  const Words words;
  const hn::Repartition<std::uint8_t, Words> octets;
  hn::Vec<decltype(octets)> row[8], turned[8];
#pragma GCC unroll 8
  for (std::size_t b = 0; b < 8; ++b) {
    auto number = hn::Zero(octets);
#pragma GCC unroll 8
    for (std::size_t d = 0; d < num_digits; ++d) {
      const WordVector moved = b > d ? hn::ShiftRightSame(digit[d], static_cast<int>(b - d))
                                     : hn::ShiftLeftSame(digit[d], static_cast<int>(d - b));
      const auto one = hn::Set(octets, static_cast<std::uint8_t>(1u << d));
      number = hn::Or(number, hn::And(hn::BitCast(octets, moved), one));
    }
    row[b] = number;
  }
  for (int stage = 0; stage < 3; ++stage) {
    for (std::size_t b = 0; b < 4; ++b) {
      turned[2 * b] = hn::InterleaveLower(octets, row[b], row[b + 4]);
      turned[2 * b + 1] = hn::InterleaveUpper(octets, row[b], row[b + 4]);
    }
    for (std::size_t b = 0; b < 8; ++b) row[b] = turned[b];
  }
  for (std::size_t j = 0; j < 8; ++j) hn::Store(row[j], octets, to + j * hn::Lanes(octets));
}

/// counts[mu] += unit (num_flips - 2 agreements[mu]) for the patterns of `num_words` words.
template <int unit, class Count>
HWY_INLINE HWY_ATTR void add_agreements(const std::uint8_t* HWY_RESTRICT agreements, std::size_t num_words,
                                        int num_flips, Count* HWY_RESTRICT counts) {
  const std::size_t row_bytes = hn::Lanes(hn::Repartition<std::uint8_t, Words>());
  const hn::CappedTag<Count, 16> numbers;
  const hn::Rebind<std::uint8_t, decltype(numbers)> octets;
  const auto all = hn::Set(numbers, static_cast<Count>(unit * num_flips));
  for (std::size_t part = 0; part < 4 * num_words; ++part)  // 16 patterns
    for (std::size_t k = 0; k < 16; k += hn::Lanes(numbers)) {
      const std::uint8_t* from = agreements + part % 8 * row_bytes + part / 8 * 16 + k;
      Count* to = counts + 16 * part + k;
      const auto twice = hn::ShiftLeft<unit>(hn::PromoteTo(numbers, hn::LoadU(octets, from)));
      hn::StoreU(hn::Add(hn::LoadU(numbers, to), hn::Sub(all, twice)), numbers, to);
    }
}

template <std::size_t num_digits, int unit, class Count>
HWY_ATTR void follow_rows(const FlippedRows& rows, std::size_t row_words, std::size_t num_flips,
                          Count* counts) {
  constexpr std::size_t most_lanes = hn::MaxLanes(Words());
  const std::size_t lanes = hn::Lanes(Words());
  HWY_ALIGN std::uint8_t agreements[64 * most_lanes];
  for (std::size_t w = 0; w < row_words; w += lanes) {
    WordVector digit[num_digits];
    count_agreements(rows, w, digit);
    write_numbers(digit, agreements);
    add_agreements<unit>(agreements, std::min(lanes, row_words - w), static_cast<int>(num_flips),
                         counts + 64 * w);
  }
}

template <int unit, class Count>
HWY_ATTR void follow(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                     Count* counts) {
  const FlippedRows rows(patterns, flips, num_flips);
  const std::size_t words = patterns.words_per_site();
  if (num_flips < 16)
    follow_rows<4, unit>(rows, words, num_flips, counts);
  else if (num_flips < 32)
    follow_rows<5, unit>(rows, words, num_flips, counts);
  else if (num_flips < 64)
    follow_rows<6, unit>(rows, words, num_flips, counts);
  else
    follow_rows<8, unit>(rows, words, num_flips, counts);
}
#endif

template <int unit, class Count>
HWY_ATTR void follow_all(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                         Count* counts) {
  for (std::size_t f = 0; f < num_flips; f += most_flips)
    follow<unit>(patterns, flips + f, std::min(most_flips, num_flips - f), counts);
  std::fill(counts + patterns.num_patterns(), counts + 64 * patterns.words_per_site(), Count{0});
}

HWY_ATTR void follow_counts(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                            std::int32_t* counts) {
  follow_all<2>(patterns, flips, num_flips, counts);
}
HWY_ATTR void follow_halves_16(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                               std::int16_t* halves) {
  follow_all<1>(patterns, flips, num_flips, halves);
}
HWY_ATTR void follow_halves_32(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                               std::int32_t* halves) {
  follow_all<1>(patterns, flips, num_flips, halves);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(follow_counts);
HWY_EXPORT(follow_halves_16);
HWY_EXPORT(follow_halves_32);

void follow_halves(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int16_t* halves) {
  HWY_DYNAMIC_DISPATCH(follow_halves_16)(patterns, flips.data(), flips.size(), halves);
}

void follow_halves(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int32_t* halves) {
  HWY_DYNAMIC_DISPATCH(follow_halves_32)(patterns, flips.data(), flips.size(), halves);
}

void follow_flips(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int32_t* counts) {
  if (flips.empty()) return;
  if (!patterns.has_zeros()) {
    HWY_DYNAMIC_DISPATCH(follow_counts)(patterns, flips.data(), flips.size(), counts);
    return;
  }
  // xi = 2 [xi = +1] - [xi != 0]
  const std::size_t words = patterns.words_per_site();
  for (const auto& [site, before] : flips) {
    pattern_fields::add_over_bits(patterns.plus(site), -4 * before, counts, words);
    pattern_fields::add_over_bits(patterns.present(site), 2 * before, counts, words);
  }
}

}  // namespace mattis
#endif
