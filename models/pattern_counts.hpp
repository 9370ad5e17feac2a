// What many flips do to the counts M_mu, at once: bits are counted in columns, not added one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/simd/cached_sweep.hpp"
#include "models/pattern_set.hpp"

namespace mattis {

/// M_mu -= 2 sum_flips s xi_i^mu, s the spin before its flip. Counts are padded with zeros to whole words.
///
/// Method   carry-save adders: 8 rows of bits in 7 full adders, a few binary digits of the number of agreements for
///          each pattern, added to M once for up to 128 flips.
/// Cost     about 8 bit operations of full vectors for each row and 256 patterns; with entries 0, one flip after the other.
void follow_flips(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int32_t* counts);

/// The same for v_mu = floor(M_mu / 2), of patterns without entries 0.
void follow_halves(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int16_t* halves);
void follow_halves(const PatternSet& patterns, std::span<const simd::Flip> flips, std::int32_t* halves);

}  // namespace mattis
