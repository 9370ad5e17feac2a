// Which of the next proposals may be accepted at all: a bound that costs little, many at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/simd/thresholds.hpp"

namespace mattis::simd {

/// The first k from `from` on at which a proposal of cost costs[k], in units of the energy quantum, might be accepted with
/// a number of leading byte leading[k]; `size` if there is none. Never passes over one that `law.accepts`.
///
/// Symbols  costs: rounded to single precision; -infinity where unknown.
/// Shapes   both arrays padded to whole `possible_padding`, leading bytes likewise.
/// Cost     a tenth of a ns per proposal.
std::size_t first_possible(const BlockThresholds& law, const std::uint8_t* leading, const float* costs,
                           std::size_t from, std::size_t size);

inline constexpr std::size_t possible_padding = 16;

}  // namespace mattis::simd
