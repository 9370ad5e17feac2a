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

/// The same in 16 bits, for costs that are all even or all odd: f_i = 2 g_i + r s_i, cost 2 s_i g_i + r, r = 0 or 1.
///
/// Domain   |g_i| <= largest before a sweep; `room`: they stay there if none moves by more.
struct NarrowFields {
  static constexpr std::int32_t largest = 32767;
  std::int16_t* fields;  ///< g_i
  std::int16_t* signs;
  SiteIndex num_spins;
  std::int32_t parity;        ///< r
  std::int32_t largest_jump;  ///< max |J_ij| in units of the fields, where a row does not fit bytes
  std::int32_t room;
};

/// 2 J_ij in units of the fields for all j: what f_j gains when spin i turns up, j != i. In 16 or 32 bits as they are; in
/// 8 bits as (2 J_ij - offset) / 4. At least N of them.
template <class Jump>
struct JumpMatrix {
  const Jump* jumps;  ///< row-major
  std::size_t stride;
};

/// The same, row by row where a flip asks for one; padded like the fields.
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

inline constexpr std::size_t field_padding = 64;

/// N proposals, of the sites in turn or as listed (`sites`, N of them, padded with sites likewise; or null). Writes the flips in
/// their order and returns how many.
///
/// Method   a proposal whose cost exceeds every threshold of its leading random byte is refused by that byte; the other
///          24 bits are drawn where one of a vector's proposals is not. A threshold is then two bounds from single precision,
///          and computed in double precision where the cost lies between them.
/// Cost     N compares, a quarter of N random numbers, and N additions for each flip.
std::size_t cached_sweep(const CachedFields&, JumpRows&, const SiteIndex* sites, const BlockThresholds&,
                         const SweepRandomness&, Flip* flips, std::size_t from = 0);
std::size_t cached_sweep(const CachedFields&, const JumpMatrix<std::int16_t>&, const SiteIndex* sites,
                         const BlockThresholds&, const SweepRandomness&, Flip* flips);
std::size_t cached_sweep(const CachedFields&, const JumpMatrix<std::int32_t>&, const SiteIndex* sites,
                         const BlockThresholds&, const SweepRandomness&, Flip* flips);

/// The same in 16 bits, up to the first flip that might take a field beyond them: `next` is its proposal, or N. The rest of the
/// sweep is that of CachedFields `from` there.
struct SweepEnd {
  std::size_t num_flips, next;
};
SweepEnd cached_sweep(NarrowFields&, JumpRows&, const SiteIndex* sites, const BlockThresholds&,
                      const SweepRandomness&, Flip* flips);

}  // namespace mattis::simd
