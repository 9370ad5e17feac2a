// sum_mu xi_i^mu g_mu over the bits of one site, its transpose, and g_mu from a table: the loops of every pattern model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mattis::pattern_fields {

inline constexpr std::size_t word_bits = 64;

__extension__ typedef __int128 Wide;

/// What sums over all patterns are kept in: 2^31 numbers of 58 bits overflow nothing.
template <class T>
using Sum = std::conditional_t<sizeof(T) == 8, Wide, std::int64_t>;

/// Bit masks as a table: a compare against a table is a vector instruction everywhere, a variable shift is not.
template <class T>
inline constexpr auto bit_table = [] {
  using Bits = std::make_unsigned_t<T>;
  std::array<Bits, 32> table{};
  for (std::size_t k = 0; k < table.size(); ++k) table[k] = Bits{1} << k;
  return table;
}();

/// All ones where bit k of `half` is set.
template <class T>
inline T lane_mask(std::uint32_t half, std::size_t k) noexcept {
  return -static_cast<T>((static_cast<std::make_unsigned_t<T>>(half) & bit_table<T>[k]) != 0);
}

/// sum of g_mu over the set bits. g is padded with zeros to whole words.
/// Exact while 32 |g| < 2^31 (int32) or 2^63 (int64): partial sums are widened every 16 words.
template <class T>
inline Sum<T> sum_over_bits_plain(const std::uint64_t* bits, const T* g, std::size_t words) noexcept {
  constexpr std::size_t words_per_flush = 16;
  Sum<T> total = 0;
  for (std::size_t start = 0; start < words; start += words_per_flush) {
    const std::size_t stop = start + words_per_flush < words ? start + words_per_flush : words;
    std::array<T, 32> lanes{};
    for (std::size_t w = start; w < stop; ++w)
      for (std::size_t half = 0; half < 2; ++half) {
        const auto chunk = static_cast<std::uint32_t>(bits[w] >> (32 * half));
        const T* values = g + w * word_bits + 32 * half;
        for (std::size_t k = 0; k < 32; ++k) lanes[k] += values[k] & lane_mask<T>(chunk, k);
      }
    for (const T lane : lanes) total += lane;
  }
  return total;
}

/// The same, compiled for the instruction sets of this machine: integers, so the same number on all of them.
std::int64_t sum_over_bits(const std::uint64_t* bits, const std::int32_t* g, std::size_t words) noexcept;
Wide sum_over_bits(const std::uint64_t* bits, const std::int64_t* g, std::size_t words) noexcept;

/// counts_mu += amount over the set bits.
void add_over_bits(const std::uint64_t* bits, std::int32_t amount, std::int32_t* counts,
                   std::size_t words) noexcept;

/// out_mu = table[counts_mu] for all `size` of them; returns their sum. Exact in the domain of sum_over_bits.
template <class T>
inline Sum<T> look_up_plain(const T* table, const std::int32_t* counts, std::size_t size, T* out) noexcept {
  constexpr std::size_t flush = 32;
  Sum<T> total = 0;
  for (std::size_t start = 0; start < size; start += flush) {
    const std::size_t stop = start + flush < size ? start + flush : size;
    T sum = 0;
    for (std::size_t mu = start; mu < stop; ++mu) {
      out[mu] = table[counts[mu]];
      sum += out[mu];
    }
    total += sum;
  }
  return total;
}

/// The sum alone.
template <class T>
inline Sum<T> sum_looked_up_plain(const T* table, const std::int32_t* counts, std::size_t size) noexcept {
  constexpr std::size_t flush = 32;
  Sum<T> total = 0;
  for (std::size_t start = 0; start < size; start += flush) {
    const std::size_t stop = start + flush < size ? start + flush : size;
    T sum = 0;
    for (std::size_t mu = start; mu < stop; ++mu) sum += table[counts[mu]];
    total += sum;
  }
  return total;
}

std::int64_t look_up(const std::int32_t* table, const std::int32_t* counts, std::size_t size,
                     std::int32_t* out) noexcept;
Wide look_up(const std::int64_t* table, const std::int32_t* counts, std::size_t size,
             std::int64_t* out) noexcept;
std::int64_t sum_looked_up(const std::int32_t* table, const std::int32_t* counts, std::size_t size) noexcept;
Wide sum_looked_up(const std::int64_t* table, const std::int32_t* counts, std::size_t size) noexcept;

}  // namespace mattis::pattern_fields
