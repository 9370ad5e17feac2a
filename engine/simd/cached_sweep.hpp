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
/// Symbols  signs: 0 where s_i = +1, -1 where s_i = -1.
/// Shapes   fields, signs: N rounded up to whole `field_padding`.
/// Domain   |f_i| < ProposalBlock::largest at all times.
struct CachedFields {
  std::int32_t* fields;
  std::int32_t* signs;
  SiteIndex num_spins;
};

/// 2 J_ij in units of the fields for all j: what f_j gains when spin i turns up, j != i. In 16 or 32 bits as they are; in
/// 8 bits as (2 J_ij - offset) / 4. At least N of them.
template <class Jump>
struct JumpMatrix {
  const Jump* jumps;  ///< row-major
  std::size_t stride;
};

/// The same, row by row where a flip asks for one.
class JumpRows {
 public:
  struct Row {  ///< one of the two is null
    const std::int8_t* bytes;
    const std::int16_t* shorts;
  };
  virtual ~JumpRows() = default;
  /// Valid until the next call.
  virtual Row row(SiteIndex i) = 0;
  virtual std::int32_t offset() const = 0;
};

inline constexpr std::size_t field_padding = 16;

/// N proposals, of the sites in turn or as listed (`sites`, N of them, padded likewise; or null). Writes the flips in
/// their order and returns how many.
///
/// Cost     N compares (8 at once with AVX2), N thresholds, and N additions for each flip.
std::size_t cached_sweep(const CachedFields&, JumpRows&, const SiteIndex* sites, const BlockThresholds&,
                         const SweepRandomness&, Flip* flips);
std::size_t cached_sweep(const CachedFields&, const JumpMatrix<std::int16_t>&, const SiteIndex* sites,
                         const BlockThresholds&, const SweepRandomness&, Flip* flips);
std::size_t cached_sweep(const CachedFields&, const JumpMatrix<std::int32_t>&, const SiteIndex* sites,
                         const BlockThresholds&, const SweepRandomness&, Flip* flips);

}  // namespace mattis::simd
