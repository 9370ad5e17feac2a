// Tables of partial sums over groups of patterns: sum_mu xi_i^mu v_mu for many sites by look-up.
#pragma once

#include <cstdint>
#include <vector>

namespace mattis {

/// "Four Russians". For a group of 4 patterns and the 16 ways n in which a site can have their bits, a table of
///
///     t_g[n] = sum_{k in n} v_k - sum_k min(v_k, 0),    0 <= t_g[n] <= range_g = sum_k |v_k|
///     sum_mu xi_i^mu v_mu = 2 sum_g t_g[bits of site i in g] - sum_g range_g
///
/// The entries of a word's 16 groups are bytes where all ranges are below 256 (`fold`: so many tables may be added before a
/// byte is full); else they are split, t = b + 64 a, so that bytes can add four b and, mostly, 16 a. What exceeds 14 bits
/// (condensed patterns) is listed apart, byte by byte: `wide`.
struct PatternTables {
  static constexpr std::size_t groups_per_word = 16, table_bytes = 16;
  static constexpr std::size_t word_bytes = 2 * groups_per_word * table_bytes;
  static constexpr std::size_t num_levels = 3;
  static constexpr int split_bits = 6, first_wide_bit = 14;

  enum Kind : std::uint8_t {
    fold16,
    fold4,
    fold2,
    fold1,
    split,
    split_large,  ///< sums of 16 a exceed a byte
    zero          ///< all v are 0
  };
  static constexpr std::size_t num_kinds = zero;  // that have tables

  /// Bits first_wide_bit + 8 level ... of the entries of one group.
  struct Wide {
    std::uint32_t byte;  ///< of a site's slices (pattern_views.hpp)
    std::uint32_t half;  ///< 0: its low half, 1: its high half
    std::uint8_t table[table_bytes];
  };

  explicit PatternTables(std::size_t num_words);
  PatternTables(const PatternTables&) = delete;
  PatternTables& operator=(const PatternTables&) = delete;

  /// Of word w: for j = 0 ... 7 the bytes b of groups j and j + 8; of split entries, then their bytes a.
  std::uint8_t* of_word(std::size_t w) noexcept { return entries_ + w * word_bytes; }
  const std::uint8_t* of_word(std::size_t w) const noexcept { return entries_ + w * word_bytes; }
  static constexpr std::size_t upper = 2 * table_bytes;
  static constexpr std::size_t next_byte(bool is_split) { return is_split ? 2 * upper : upper; }

  std::size_t num_words;
  std::vector<std::uint32_t> words[num_kinds];  ///< which words are of a kind
  std::size_t num_of_kind[num_kinds] = {};
  std::vector<Wide> wide[num_levels];
  std::size_t num_wide[num_levels] = {};
  std::int64_t range = 0;  ///< sum_g range_g

 private:
  std::vector<std::uint8_t> memory_;
  std::uint8_t* entries_;  // 64-byte aligned
};

}  // namespace mattis
