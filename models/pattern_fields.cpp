#include "models/pattern_fields.hpp"

// One body per instruction set, chosen when the program starts. Sanitized builds keep the plain one.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__clang__)
#define MATTIS_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define MATTIS_CLONES
#endif

namespace mattis::pattern_fields {

MATTIS_CLONES std::int64_t sum_over_bits(const std::uint64_t* bits, const std::int32_t* g,
                                         std::size_t words) noexcept {
  return sum_over_bits_plain(bits, g, words);
}

MATTIS_CLONES std::int64_t sum_over_bits(const std::uint64_t* bits, const std::int64_t* g,
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

}  // namespace mattis::pattern_fields
