#include "models/pattern_fields.hpp"

#include "models/instruction_sets.hpp"

namespace mattis::pattern_fields {

MATTIS_CLONES std::int64_t sum_over_bits(const std::uint64_t* bits, const std::int32_t* g,
                                         std::size_t words) noexcept {
  return sum_over_bits_plain(bits, g, words);
}

MATTIS_CLONES Wide sum_over_bits(const std::uint64_t* bits, const std::int64_t* g,
                                 std::size_t words) noexcept {
  return sum_over_bits_plain(bits, g, words);
}

MATTIS_CLONES void add_over_bits(const std::uint64_t* bits, std::int32_t amount, std::int32_t* counts,
                                 std::size_t words) noexcept {
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t half = 0; half < 2; ++half) {
      const auto chunk = static_cast<std::uint32_t>(bits[w] >> (32 * half));
      std::int32_t* values = counts + w * word_bits + 32 * half;
      for (std::size_t k = 0; k < 32; ++k) values[k] += amount & lane_mask<std::int32_t>(chunk, k);
    }
}

MATTIS_CLONES std::int64_t look_up(const std::int32_t* table, const std::int32_t* counts, std::size_t size,
                                   std::int32_t* out) noexcept {
  return look_up_plain(table, counts, size, out);
}

MATTIS_CLONES Wide look_up(const std::int64_t* table, const std::int32_t* counts, std::size_t size,
                           std::int64_t* out) noexcept {
  return look_up_plain(table, counts, size, out);
}

MATTIS_CLONES std::int64_t sum_looked_up(const std::int32_t* table, const std::int32_t* counts,
                                         std::size_t size) noexcept {
  return sum_looked_up_plain(table, counts, size);
}

MATTIS_CLONES Wide sum_looked_up(const std::int64_t* table, const std::int32_t* counts,
                                 std::size_t size) noexcept {
  return sum_looked_up_plain(table, counts, size);
}

}  // namespace mattis::pattern_fields
