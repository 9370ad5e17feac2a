// Many random numbers of a sweep at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random_stream.hpp"

namespace mattis::simd {

/// numbers[4 b + k] = random.block(purpose, first + b)[k], b = 0 ... blocks-1. The array has room for whole
/// `number_padding` numbers. About 0.4 ns each with AVX2.
void draw_numbers(const SweepRandomness& random, SweepRandomness::Purpose purpose, std::uint32_t first,
                  std::size_t blocks, std::uint32_t* numbers);

inline constexpr std::size_t number_padding = 64;

constexpr std::size_t padded_numbers(std::size_t n) noexcept {
  return (n + number_padding - 1) / number_padding * number_padding;
}

}  // namespace mattis::simd
