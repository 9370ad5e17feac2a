#include "models/pattern_counts.hpp"

#include <algorithm>

#include "models/pattern_fields.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/pattern_counts.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

constexpr std::size_t digits = 8;  // of numbers up to 128
constexpr std::size_t most_flips = 128;

#if HWY_TARGET == HWY_SCALAR
void follow(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
            std::int32_t* counts) {
  const auto num_patterns = static_cast<std::size_t>(patterns.num_patterns());
  for (std::size_t f = 0; f < num_flips; ++f) {
    const std::uint64_t* row = patterns.plus(flips[f].site);
    for (std::size_t mu = 0; mu < num_patterns; ++mu)
      counts[mu] -= 2 * flips[f].before * ((row[mu / 64] >> (mu % 64)) & 1 ? 1 : -1);
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

/// Binary digits of the number of agreements s xi = +1 for the patterns of the words from `w` on.
template <class Load>
HWY_INLINE HWY_ATTR void count_agreements(const Load& row, std::size_t num_flips,
                                          WordVector (&digit)[digits]) {
  const Words words;
  for (auto& d : digit) d = hn::Zero(words);
  for (std::size_t f = 0; f < num_flips; f += 8) {
    const auto at = [&](std::size_t k) HWY_ATTR { return row(f + k); };
    const WordVector two_a = add_full(digit[0], at(0), at(1)), two_b = add_full(digit[0], at(2), at(3));
    const WordVector four_a = add_full(digit[1], two_a, two_b);
    const WordVector two_c = add_full(digit[0], at(4), at(5)), two_d = add_full(digit[0], at(6), at(7));
    const WordVector four_b = add_full(digit[1], two_c, two_d);
    WordVector carry = add_full(digit[2], four_a, four_b);
    for (std::size_t d = 3; d < digits; ++d) {
      const WordVector next = hn::And(digit[d], carry);
      digit[d] = hn::Xor(digit[d], carry);
      carry = next;
    }
  }
}

/// Bit `bit[k]` of byte `byte[k]` is bit k of a word.
struct WhichBit {
  HWY_ALIGN std::uint8_t byte[64], bit[64];
};
constexpr WhichBit which = [] {
  WhichBit table{};
  for (unsigned k = 0; k < 64; ++k) {
    table.byte[k] = static_cast<std::uint8_t>(k / 8);
    table.bit[k] = static_cast<std::uint8_t>(1u << (k % 8));
  }
  return table;
}();

/// counts[mu] += 2 num_flips - 4 agreements[mu] for the patterns of `num_words` words.
HWY_INLINE HWY_ATTR void add_agreements(const std::uint64_t* digit_words, std::size_t stride,
                                        std::size_t num_digits, std::size_t num_words, std::int32_t num_flips,
                                        std::int32_t* HWY_RESTRICT counts) {
  const hn::ScalableTag<std::uint8_t> octets;
  const hn::Repartition<std::uint64_t, decltype(octets)> words;
  HWY_ALIGN std::uint8_t agreements[hn::MaxLanes(octets)];
  const std::size_t lanes = hn::Lanes(octets);
  const auto byte = hn::Load(octets, which.byte), bit = hn::Load(octets, which.bit);
  for (std::size_t w = 0; w < num_words; ++w)
    for (std::size_t part = 0; part < 64; part += lanes) {
      auto number = hn::Zero(octets);
      for (std::size_t d = num_digits; d-- > 0;) {
        const auto all = hn::BitCast(octets, hn::Set(words, digit_words[d * stride + w] >> part));
        const auto is_set = hn::Eq(hn::And(hn::TableLookupBytes(all, byte), bit), bit);
        number = hn::Sub(hn::Add(number, number), hn::VecFromMask(octets, is_set));
      }
      hn::Store(number, octets, agreements);
      std::int32_t* HWY_RESTRICT to = counts + 64 * w + part;
      for (std::size_t k = 0; k < lanes; ++k) to[k] += 2 * num_flips - 4 * std::int32_t{agreements[k]};
    }
}

HWY_ATTR void follow(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                     std::int32_t* counts) {
  const Words words;
  const std::size_t lanes = hn::Lanes(words), row_words = patterns.words_per_site();
  const std::uint64_t* rows[most_flips];
  std::uint64_t reversed[most_flips];
  for (std::size_t f = 0; f < num_flips; ++f) {
    rows[f] = patterns.plus(flips[f].site);
    reversed[f] = flips[f].before > 0 ? 0 : ~std::uint64_t{0};
  }
  std::size_t num_digits = 0;
  while (num_flips >> num_digits) ++num_digits;
  constexpr std::size_t most_lanes = hn::MaxLanes(words);
  HWY_ALIGN std::uint64_t digit_words[digits * most_lanes];
  for (std::size_t w = 0; w < row_words; w += lanes) {
    const std::size_t num_words = std::min(lanes, row_words - w);
    WordVector digit[digits];
    if (num_words == lanes) {
      count_agreements(
          [&](std::size_t f) HWY_ATTR {
            return f < num_flips ? hn::Xor(hn::LoadU(words, rows[f] + w), hn::Set(words, reversed[f]))
                                 : hn::Zero(words);
          },
          num_flips, digit);
    } else {
      HWY_ALIGN std::uint64_t rest[most_lanes] = {};
      count_agreements(
          [&](std::size_t f) HWY_ATTR {
            if (f >= num_flips) return hn::Zero(words);
            for (std::size_t k = 0; k < num_words; ++k) rest[k] = rows[f][w + k] ^ reversed[f];
            return hn::Load(words, rest);
          },
          num_flips, digit);
    }
    for (std::size_t d = 0; d < num_digits; ++d) hn::Store(digit[d], words, digit_words + d * most_lanes);
    add_agreements(digit_words, most_lanes, num_digits, num_words, static_cast<std::int32_t>(num_flips),
                   counts + 64 * w);
  }
}
#endif

/// The bits of a row's last word beyond P count as patterns with xi = -1: back to 0.
HWY_ATTR void follow_all(const PatternSet& patterns, const simd::Flip* flips, std::size_t num_flips,
                         std::int32_t* counts) {
  for (std::size_t f = 0; f < num_flips; f += most_flips)
    follow(patterns, flips + f, std::min(most_flips, num_flips - f), counts);
  for (std::size_t mu = static_cast<std::size_t>(patterns.num_patterns());
       mu < 64 * patterns.words_per_site(); ++mu)
    counts[mu] = 0;
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(follow_all);

void follow_flips(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int32_t* counts) {
  if (flips.empty()) return;
  if (!patterns.has_zeros()) {
    HWY_DYNAMIC_DISPATCH(follow_all)(patterns, flips.data(), flips.size(), counts);
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
