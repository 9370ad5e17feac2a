// Many random numbers of a sweep at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random_stream.hpp"
#include "engine/spins.hpp"

namespace mattis::simd {

/// numbers[4 b + k] = random.block(purpose, first + b)[k], b = 0 ... blocks-1. The array has room for whole
/// `number_padding` numbers. 0.2 to 0.4 ns each with AVX-512 or AVX2.
void draw_numbers(const SweepRandomness& random, SweepRandomness::Purpose purpose, std::uint32_t first,
                  std::size_t blocks, std::uint32_t* numbers);

/// leading[k] = leading byte of the number of proposal first + k, k = 0 ... size-1; `first` is a multiple of 16. The array, 64-byte
/// aligned, has room for whole `leading_padding` bytes.
void draw_leading(const SweepRandomness& random, std::size_t first, std::size_t size, std::uint8_t* leading);

/// numbers[k] = that number whole (`ProposalNumbers`), in room for whole `number_padding` numbers.
void draw_proposal_numbers(const SweepRandomness& random, std::size_t first, std::size_t size,
                           std::uint32_t* numbers);

/// floor(r bound / 2^32) for a 32-bit number r: each of 0 ... bound-1 with probability 1/bound, to 2^-32.
constexpr SiteIndex site_below(std::uint32_t number, std::uint32_t bound) noexcept {
  return static_cast<SiteIndex>(std::uint64_t{number} * bound >> 32);
}

/// The sites of N proposals in random order, from the numbers of purpose `order` in turn. Their tiny bias leaves
/// exp(-beta H) stationary and the dynamics reversible, since sites are drawn without a look at the spins.
void draw_sites(const SweepRandomness& random, std::size_t num_spins, SiteIndex* sites);

inline constexpr std::size_t number_padding = 64, leading_padding = 4 * number_padding;

constexpr std::size_t padded_numbers(std::size_t n) noexcept {
  return (n + number_padding - 1) / number_padding * number_padding;
}

}  // namespace mattis::simd
