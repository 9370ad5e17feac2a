// A sweep over cached local fields: compare many proposals at once, and on a flip add one row of the couplings.
#pragma once

#include <cstdint>

#include "engine/simd/thresholds.hpp"
#include "engine/spins.hpp"

namespace mattis::simd {

/// A flip that was made, and the spin before it.
struct Flip {
  SiteIndex site;
  Spin before;
};

/// Spins with fields f_i; the cost of a flip is s_i f_i.
///
/// Symbols  jumps: 2 J_ij in units of the fields, row-major with `stride`: what f_j gains when spin i turns up, j != i.
///          Stored as they are in 16 or 32 bits; in 8 bits as (2 J_ij - offset) / 4.
///          signs: 0 where s_i = +1, -1 where s_i = -1.
/// Shapes   fields, signs: N rounded up to whole `field_padding`; jumps: N rows of at least N.
/// Domain   |f_i| < ProposalBlock::largest at all times.
template <class Jump>
struct CachedFields {
  std::int32_t* fields;
  std::int32_t* signs;
  SiteIndex num_spins;
  const Jump* jumps;
  std::size_t stride;
  std::int32_t offset = 0;
};

inline constexpr std::size_t field_padding = 16;

/// N proposals, of the sites in turn or as listed (`sites`, N of them, padded likewise; or null). Writes the flips in
/// their order and returns how many.
///
/// Cost     N compares (8 at once with AVX2), N thresholds, and N additions for each flip.
std::size_t cached_sweep(const CachedFields<std::int8_t>&, const SiteIndex* sites, const BlockThresholds&,
                         const SweepRandomness&, Flip* flips);
std::size_t cached_sweep(const CachedFields<std::int16_t>&, const SiteIndex* sites, const BlockThresholds&,
                         const SweepRandomness&, Flip* flips);
std::size_t cached_sweep(const CachedFields<std::int32_t>&, const SiteIndex* sites, const BlockThresholds&,
                         const SweepRandomness&, Flip* flips);

}  // namespace mattis::simd
