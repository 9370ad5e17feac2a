#include "engine/simd/cached_sweep.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/cached_sweep.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#include "engine/simd/numbers.hpp"
#include "engine/simd/proposals.inl.hpp"
#include "engine/simd/thresholds.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// fields += jumps or -= jumps.
template <bool turns_up, class Jump>
HWY_INLINE HWY_ATTR void add_row(const Jump* HWY_RESTRICT jumps, std::int32_t offset,
                                 std::int32_t* HWY_RESTRICT fields, std::size_t size) {
  const Integers integers;
  const std::size_t lanes = hn::Lanes(integers);
  const auto all_offset = hn::Set(integers, offset);
  std::size_t j = 0;
  for (; j + lanes <= size; j += lanes) {
    IntegerVector row;
    if constexpr (sizeof(Jump) == 4)
      row = hn::LoadU(integers, jumps + j);
    else
      row = hn::PromoteTo(integers, hn::LoadU(hn::Rebind<Jump, Integers>(), jumps + j));
    if constexpr (sizeof(Jump) == 1) row = hn::Add(hn::ShiftLeft<2>(row), all_offset);
    const auto field = hn::LoadU(integers, fields + j);
    hn::StoreU(turns_up ? hn::Add(field, row) : hn::Sub(field, row), integers, fields + j);
  }
  for (; j < size; ++j) {
    const std::int32_t jump = sizeof(Jump) == 1 ? 4 * jumps[j] + offset : jumps[j];
    fields[j] += turns_up ? jump : -jump;
  }
}

/// f_j -= 2 J_ij s_i with the row of site i.
template <class Jump>
HWY_INLINE HWY_ATTR void follow(const Jump* row, std::int32_t offset, bool turns_up,
                                const simd::CachedFields& system) {
  const auto size = static_cast<std::size_t>(system.num_spins);
  turns_up ? add_row<true>(row, offset, system.fields, size)
           : add_row<false>(row, offset, system.fields, size);
}

template <class Jump>
HWY_INLINE HWY_ATTR void follow(const simd::JumpMatrix<Jump>& matrix, std::size_t i, bool turns_up,
                                const simd::CachedFields& system) {
  follow(matrix.jumps + i * matrix.stride, 0, turns_up, system);
}

HWY_INLINE HWY_ATTR void follow(simd::JumpRows& rows, std::size_t i, bool turns_up,
                                const simd::CachedFields& system) {
  const simd::JumpRows::Row row = rows.row(static_cast<SiteIndex>(i));
  row.bytes != nullptr ? follow(row.bytes, rows.offset(), turns_up, system)
                       : follow(row.shorts, 0, turns_up, system);
}

template <class Jumps>
HWY_INLINE HWY_ATTR void flip(const simd::CachedFields& system, Jumps& jumps, SiteIndex site,
                              simd::Flip*& next) {
  const auto i = static_cast<std::size_t>(site);
  const bool turns_up = system.signs[i] != 0;
  const std::int32_t own = system.fields[i];  // a spin does not act on itself
  follow(jumps, i, turns_up, system);
  system.fields[i] = own;
  system.signs[i] = ~system.signs[i];
  *next++ = {site, static_cast<Spin>(turns_up ? -1 : 1)};
}

/// The thresholds of a block of proposals, each vector computed when it is first needed.
template <bool is_monotone>
class LazyBlock {
 public:
  LazyBlock(const simd::BlockThresholds& law, const SweepRandomness& random)
      : law_(law), random_(random), is_lazy_(HWY_TARGET != HWY_SCALAR && law.scale() != 0) {}

  HWY_INLINE HWY_ATTR void draw(std::size_t first, std::size_t end) {
    if (!is_lazy_) {
      law_.draw(random_, first, end, block_);
      return;
    }
    rest_ = end - first;
    simd::draw_numbers(random_, SweepRandomness::Purpose::threshold, static_cast<std::uint32_t>(first / 4),
                       simd::ProposalBlock::size / 4, numbers_);
  }

  /// Is none of the proposals k, k+1 ... accepted at these costs, for sure? If not, their thresholds are there.
  HWY_INLINE HWY_ATTR bool refuses_all([[maybe_unused]] IntegerVector costs, [[maybe_unused]] std::size_t k) {
#if HWY_TARGET != HWY_SCALAR
    if (!is_lazy_) return false;
    const hn::ScalableTag<float> floats;
    if (hn::AllFalse(floats, possible_proposals(law_, numbers_, k, hn::ConvertTo(floats, costs))))
      return true;
    law_.rule() == Rule::glauber ? write_thetas<Rule::glauber>(law_, numbers_, k, block_.theta)
                                 : write_thetas<Rule::metropolis>(law_, numbers_, k, block_.theta);
    const std::size_t stop = k + hn::Lanes(Integers());
    if constexpr (!is_monotone)
      for (std::size_t j = k; j < stop; ++j)
        block_.refuses_free[j] = static_cast<std::int32_t>(numbers_[j]) >> 31;  // u >= 1/2
    for (std::size_t j = std::max(k, rest_); j < stop; ++j)
      block_.theta[j] = std::numeric_limits<std::int32_t>::min();
#endif
    return false;
  }

  const simd::ProposalBlock& block() const { return block_; }

 private:
  const simd::BlockThresholds& law_;
  const SweepRandomness& random_;
  bool is_lazy_;
  std::size_t rest_ = 0;
  alignas(64) std::uint32_t numbers_[simd::ProposalBlock::size];
  simd::ProposalBlock block_;
};

template <bool is_monotone, bool is_listed, class Jumps>
HWY_ATTR std::size_t sweep(const simd::CachedFields& system, Jumps& jumps, const SiteIndex* sites,
                           const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                           simd::Flip* flips) {
  const Integers integers;
  const std::size_t lanes = hn::Lanes(integers), size = static_cast<std::size_t>(system.num_spins);
  LazyBlock<is_monotone> proposals(thresholds, random);
  simd::Flip* next = flips;
  const auto costs = [&](std::size_t k) HWY_ATTR {
    if constexpr (is_listed && HWY_TARGET != HWY_SCALAR) {
      const auto where = hn::LoadU(integers, sites + k);
      return with_sign(hn::GatherIndex(integers, system.fields, where),
                       hn::GatherIndex(integers, system.signs, where));
    } else {
      const std::size_t i = is_listed ? static_cast<std::size_t>(sites[k]) : k;
      return with_sign(hn::LoadU(integers, system.fields + i), hn::LoadU(integers, system.signs + i));
    }
  };
  for (std::size_t first = 0; first < size; first += simd::ProposalBlock::size) {
    proposals.draw(first, size);
    const std::size_t stop = std::min(simd::ProposalBlock::size, size - first);
    for (std::size_t k = 0; k < stop; k += lanes) {
      const auto cost = costs(first + k);
      if (HWY_LIKELY(proposals.refuses_all(cost, k))) continue;
      const simd::ProposalBlock& block = proposals.block();
      auto accept = accepted<is_monotone>(cost, block, k);
      for (std::intptr_t lane = hn::FindFirstTrue(integers, accept); lane >= 0;
           lane = hn::FindFirstTrue(integers, accept)) {
        const std::size_t proposal = first + k + static_cast<std::size_t>(lane);
        flip(system, jumps, is_listed ? sites[proposal] : static_cast<SiteIndex>(proposal), next);
        accept = hn::And(accepted<is_monotone>(costs(first + k), block, k), lanes_after(lane));
      }
    }
  }
  return static_cast<std::size_t>(next - flips);
}

template <class Jumps>
HWY_ATTR std::size_t choose(const simd::CachedFields& system, Jumps& jumps, const SiteIndex* sites,
                            const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                            simd::Flip* flips) {
  if (thresholds.is_monotone())
    return sites ? sweep<true, true>(system, jumps, sites, thresholds, random, flips)
                 : sweep<true, false>(system, jumps, sites, thresholds, random, flips);
  return sites ? sweep<false, true>(system, jumps, sites, thresholds, random, flips)
               : sweep<false, false>(system, jumps, sites, thresholds, random, flips);
}

HWY_ATTR std::size_t cached_sweep_rows(const simd::CachedFields& system, simd::JumpRows& rows,
                                       const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                                       const SweepRandomness& random, simd::Flip* flips) {
  return choose(system, rows, sites, thresholds, random, flips);
}
HWY_ATTR std::size_t cached_sweep_16(const simd::CachedFields& system,
                                     const simd::JumpMatrix<std::int16_t>& jumps, const SiteIndex* sites,
                                     const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                     simd::Flip* flips) {
  return choose(system, jumps, sites, thresholds, random, flips);
}
HWY_ATTR std::size_t cached_sweep_32(const simd::CachedFields& system,
                                     const simd::JumpMatrix<std::int32_t>& jumps, const SiteIndex* sites,
                                     const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                                     simd::Flip* flips) {
  return choose(system, jumps, sites, thresholds, random, flips);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(cached_sweep_rows);
HWY_EXPORT(cached_sweep_16);
HWY_EXPORT(cached_sweep_32);

namespace simd {

std::size_t cached_sweep(const CachedFields& system, JumpRows& rows, const SiteIndex* sites,
                         const BlockThresholds& thresholds, const SweepRandomness& random, Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_rows)(system, rows, sites, thresholds, random, flips);
}

std::size_t cached_sweep(const CachedFields& system, const JumpMatrix<std::int16_t>& jumps,
                         const SiteIndex* sites, const BlockThresholds& thresholds,
                         const SweepRandomness& random, Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_16)(system, jumps, sites, thresholds, random, flips);
}

std::size_t cached_sweep(const CachedFields& system, const JumpMatrix<std::int32_t>& jumps,
                         const SiteIndex* sites, const BlockThresholds& thresholds,
                         const SweepRandomness& random, Flip* flips) {
  return HWY_DYNAMIC_DISPATCH(cached_sweep_32)(system, jumps, sites, thresholds, random, flips);
}

}  // namespace simd
}  // namespace mattis
#endif
