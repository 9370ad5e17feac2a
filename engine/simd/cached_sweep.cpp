#include "engine/simd/cached_sweep.hpp"

#include <algorithm>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/cached_sweep.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#include "engine/simd/chunk_numbers.inl.hpp"
#include "engine/simd/follow_flip.inl.hpp"
#include "engine/simd/proposals.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

using simd::CachedFields;
using simd::NarrowFields;
using simd::SweepEnd;

/// The flip of a spin, fields and all; not made, and false, where a field in 16 bits might leave them.
template <class Fields, class Jumps>
HWY_INLINE HWY_ATTR bool flip(Fields& system, Jumps& jumps, SiteIndex site, simd::Flip*& next) {
  const auto i = static_cast<std::size_t>(site);
  const bool turns_up = system.signs[i] != 0;
  auto own = system.fields[i];  // a spin does not act on itself
  if (!follow_flip(system, jumps, i, turns_up)) return false;
  if constexpr (std::is_same_v<Fields, NarrowFields>)
    own =
        static_cast<std::int16_t>(own + (turns_up ? -system.parity : system.parity));  // f_i stays, s_i turns
  system.fields[i] = own;
  system.signs[i] = ~system.signs[i];
  *next++ = {site, static_cast<Spin>(turns_up ? -1 : 1)};
  return true;
}

#if HWY_TARGET == HWY_SCALAR
inline std::int32_t cost_at(const CachedFields& system, std::size_t i) {
  return system.signs[i] != 0 ? -system.fields[i] : system.fields[i];
}
inline std::int32_t cost_at(const NarrowFields& system, std::size_t i) {
  return 2 * (system.signs[i] != 0 ? -system.fields[i] : system.fields[i]) + system.parity;
}

template <bool is_monotone, bool is_listed, class Fields, class Jumps>
SweepEnd sweep(Fields& system, Jumps& jumps, const SiteIndex* sites, const simd::BlockThresholds& law,
               const SweepRandomness& random, simd::Flip* flips, std::size_t from) {
  const auto size = static_cast<std::size_t>(system.num_spins);
  simd::Flip* next = flips;
  ProposalNumbers number(random);
  for (std::size_t k = from; k < size; ++k) {
    const std::size_t i = is_listed ? static_cast<std::size_t>(sites[k]) : k;
    if (!law.accepts(cost_at(system, i), law.draws_numbers() ? number(static_cast<std::uint32_t>(k)) : 0))
      continue;
    if (!flip(system, jumps, static_cast<SiteIndex>(i), next))
      return {static_cast<std::size_t>(next - flips), k};
  }
  return {static_cast<std::size_t>(next - flips), size};
}
#else
/// Costs in 32 bits, of a vector of sites in turn or of listed ones.
HWY_INLINE HWY_ATTR IntegerVector costs_at(const CachedFields& system, std::size_t i) {
  const Integers integers;
  return with_sign(hn::LoadU(integers, system.fields + i), hn::LoadU(integers, system.signs + i));
}
HWY_INLINE HWY_ATTR IntegerVector whole_costs(const NarrowFields& system, IntegerVector halves) {
  return hn::Add(hn::ShiftLeft<1>(halves), hn::Set(Integers(), system.parity));
}
HWY_INLINE HWY_ATTR IntegerVector costs_at(const NarrowFields& system, std::size_t i) {
  const Integers integers;
  const hn::Rebind<std::int16_t, Integers> shorts;
  const auto halves = with_sign(hn::PromoteTo(integers, hn::LoadU(shorts, system.fields + i)),
                                hn::PromoteTo(integers, hn::LoadU(shorts, system.signs + i)));
  return whole_costs(system, halves);
}
HWY_INLINE HWY_ATTR IntegerVector costs_of(const CachedFields& system, IntegerVector sites) {
  const Integers integers;
  return with_sign(hn::GatherIndex(integers, system.fields, sites),
                   hn::GatherIndex(integers, system.signs, sites));
}
HWY_INLINE HWY_ATTR IntegerVector costs_of(const NarrowFields& system, IntegerVector sites) {
  const Integers integers;
  const auto offset =
      hn::ShiftLeft<1>(sites);  // in bytes; the 32 bits there end with the number before the next
  const auto gather = [&](const std::int16_t* numbers) HWY_ATTR {
    const auto both = hn::GatherOffset(integers, reinterpret_cast<const std::int32_t*>(numbers), offset);
    return hn::ShiftRight<16>(hn::ShiftLeft<16>(both));
  };
  return whole_costs(system, with_sign(gather(system.fields), gather(system.signs)));
}

/// Do the leading bytes refuse all proposals of these costs? As many as numbers of 32 bits fit a vector. The bound on theta is exact
/// for the first bytes, for the others that of the first of 256 / lanes neighbours.
class PossibleWide {
 public:
  HWY_INLINE HWY_ATTR explicit PossibleWide(const simd::BlockThresholds& law)
      : first_bytes_(hn::LoadU(Integers(), law.largest_thetas().data())) {
    HWY_ALIGN std::int32_t bounds[hn::MaxLanes(Integers())];
    for (std::size_t b = 0; b < lanes; ++b)
      bounds[b] = law.largest_thetas_of_sixteen()[b * law.num_leading / lanes];
    neighbours_ = hn::Load(Integers(), bounds);
  }

  HWY_INLINE HWY_ATTR bool none(const std::uint8_t* leading, IntegerVector costs) const {
    const Integers integers;
    const auto bytes = hn::PromoteTo(integers, hn::LoadU(hn::Rebind<std::uint8_t, Integers>(), leading));
    const auto first = hn::Min(bytes, hn::Set(integers, static_cast<std::int32_t>(lanes - 1)));
    constexpr int shift = lanes == 16 ? 4 : lanes == 8 ? 5 : 6;
    const auto bound = hn::Min(
        hn::TableLookupLanes(first_bytes_, hn::IndicesFromVec(integers, first)),
        hn::TableLookupLanes(neighbours_, hn::IndicesFromVec(integers, hn::ShiftRight<shift>(bytes))));
    return hn::AllTrue(integers, hn::Gt(costs, bound));
  }

 private:
  static constexpr std::size_t lanes = hn::MaxLanes(Integers());
  static_assert(lanes == 16 || lanes == 8 || lanes == 4);
  IntegerVector first_bytes_, neighbours_;
};

/// The same, in 16 bits.
class PossibleNarrow {
 public:
  using Shorts = hn::ScalableTag<std::int16_t>;

  HWY_INLINE HWY_ATTR PossibleNarrow(const simd::BlockThresholds& law, std::int32_t parity) {
    HWY_ALIGN std::int16_t bounds[size];
    for (std::size_t b = 0; b < size; ++b)
      bounds[b] =
          static_cast<std::int16_t>(std::clamp((law.largest_thetas()[b] - parity) >> 1, -32768, 32767));
    bounds_ = hn::LoadDup128(Shorts(), bounds);
  }

  HWY_INLINE HWY_ATTR bool none(const std::uint8_t* leading, const NarrowFields& system,
                                std::size_t i) const {
    const Shorts shorts;
    const auto bytes = hn::PromoteTo(shorts, hn::LoadU(hn::Rebind<std::uint8_t, Shorts>(), leading));
    const auto entry = hn::Min(bytes, hn::Set(shorts, size - 1));
    // Entry b stands in the bytes 2 b and 2 b + 1.
    const auto places =
        hn::Add(hn::Or(hn::ShiftLeft<9>(entry), hn::ShiftLeft<1>(entry)), hn::Set(shorts, 0x0100));
    const auto bound = hn::TableLookupBytes(bounds_, places);
    const auto sign = hn::LoadU(shorts, system.signs + i);
    const auto cost = hn::Sub(hn::Xor(hn::LoadU(shorts, system.fields + i), sign), sign);
    return hn::AllTrue(shorts, hn::Gt(cost, bound));
  }

 private:
  static constexpr std::int16_t size = 8;
  hn::Vec<Shorts> bounds_;
};

template <bool is_monotone, bool is_listed, class Fields, class Jumps>
HWY_ATTR SweepEnd sweep(Fields& system, Jumps& jumps, const SiteIndex* sites,
                        const simd::BlockThresholds& law, const SweepRandomness& random, simd::Flip* flips,
                        std::size_t from) {
  constexpr bool is_narrow = std::is_same_v<Fields, NarrowFields> && !is_listed;
  const Integers integers;
  const std::size_t lanes = hn::Lanes(integers), size = static_cast<std::size_t>(system.num_spins);
  const std::size_t step = is_narrow ? 2 * lanes : lanes;
  const PossibleWide possible(law);
  const auto parity = [&] {
    if constexpr (is_narrow) return system.parity;
    return std::int32_t{0};
  };
  [[maybe_unused]] const PossibleNarrow possible_narrow(law, parity());
  ChunkNumbers<is_monotone> numbers(law, random);
  simd::Flip* next = flips;
  const auto costs = [&](std::size_t k) HWY_ATTR {
    if constexpr (is_listed)
      return costs_of(system, hn::LoadU(integers, sites + k));
    else
      return costs_at(system, k);
  };
  for (std::size_t first = from - from % numbers.size; first < size; first += numbers.size) {
    numbers.draw(first, size);
    const std::size_t stop = std::min(numbers.size, size - first);
    for (std::size_t k = 0; k < stop; k += step) {
      if constexpr (is_narrow)
        if (HWY_LIKELY(possible_narrow.none(numbers.leading() + k, system, first + k))) continue;
      for (std::size_t g = k; g < k + step; g += lanes) {
        const auto cost = costs(first + g);
        if (HWY_LIKELY(possible.none(numbers.leading() + g, cost))) continue;
        if (!numbers.decide(g, cost)) continue;
        auto accept = numbers.accepted(cost, g);
        if (HWY_UNLIKELY(first + g < from)) accept = hn::And(accept, lanes_from(from - first - g));
        for (std::intptr_t lane = hn::FindFirstTrue(integers, accept); lane >= 0;
             lane = hn::FindFirstTrue(integers, accept)) {
          const std::size_t proposal = first + g + static_cast<std::size_t>(lane);
          if (!flip(system, jumps, is_listed ? sites[proposal] : static_cast<SiteIndex>(proposal), next))
            return {static_cast<std::size_t>(next - flips), proposal};
          accept =
              hn::And(numbers.accepted(costs(first + g), g), lanes_from(static_cast<std::size_t>(lane) + 1));
        }
      }
    }
  }
  return {static_cast<std::size_t>(next - flips), size};
}
#endif

template <class Fields, class Jumps>
HWY_ATTR SweepEnd choose(Fields& system, Jumps& jumps, const SiteIndex* sites,
                         const simd::BlockThresholds& law, const SweepRandomness& random, simd::Flip* flips,
                         std::size_t from) {
  if (law.is_monotone())
    return sites ? sweep<true, true>(system, jumps, sites, law, random, flips, from)
                 : sweep<true, false>(system, jumps, sites, law, random, flips, from);
  return sites ? sweep<false, true>(system, jumps, sites, law, random, flips, from)
               : sweep<false, false>(system, jumps, sites, law, random, flips, from);
}

HWY_ATTR std::size_t cached_sweep_rows(const CachedFields& system, simd::JumpRows& rows,
                                       const SiteIndex* sites, const simd::BlockThresholds& law,
                                       const SweepRandomness& random, simd::Flip* flips, std::size_t from) {
  return choose(system, rows, sites, law, random, flips, from).num_flips;
}
HWY_ATTR std::size_t cached_sweep_16(const CachedFields& system, const simd::JumpMatrix<std::int16_t>& jumps,
                                     const SiteIndex* sites, const simd::BlockThresholds& law,
                                     const SweepRandomness& random, simd::Flip* flips) {
  return choose(system, jumps, sites, law, random, flips, 0).num_flips;
}
HWY_ATTR std::size_t cached_sweep_32(const CachedFields& system, const simd::JumpMatrix<std::int32_t>& jumps,
                                     const SiteIndex* sites, const simd::BlockThresholds& law,
                                     const SweepRandomness& random, simd::Flip* flips) {
  return choose(system, jumps, sites, law, random, flips, 0).num_flips;
}
HWY_ATTR SweepEnd cached_sweep_narrow(NarrowFields& system, simd::JumpRows& rows, const SiteIndex* sites,
                                      const simd::BlockThresholds& law, const SweepRandomness& random,
                                      simd::Flip* flips) {
  return choose(system, rows, sites, law, random, flips, 0);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(cached_sweep_rows);
HWY_EXPORT(cached_sweep_16);
HWY_EXPORT(cached_sweep_32);
HWY_EXPORT(cached_sweep_narrow);

namespace simd {

std::size_t cached_sweep(const CachedFields& system, JumpRows& rows, const SiteIndex* sites,
                         const BlockThresholds& law, const SweepRandomness& random, Flip* flips,
                         std::size_t from) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_rows)(system, rows, sites, law, random, flips, from);
}

std::size_t cached_sweep(const CachedFields& system, const JumpMatrix<std::int16_t>& jumps,
                         const SiteIndex* sites, const BlockThresholds& law, const SweepRandomness& random,
                         Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_16)(system, jumps, sites, law, random, flips);
}

std::size_t cached_sweep(const CachedFields& system, const JumpMatrix<std::int32_t>& jumps,
                         const SiteIndex* sites, const BlockThresholds& law, const SweepRandomness& random,
                         Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_32)(system, jumps, sites, law, random, flips);
}

SweepEnd cached_sweep(NarrowFields& system, JumpRows& rows, const SiteIndex* sites,
                      const BlockThresholds& law, const SweepRandomness& random, Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_narrow)(system, rows, sites, law, random, flips);
}

}  // namespace simd
}  // namespace mattis
#endif
