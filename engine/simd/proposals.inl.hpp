// Which of the next proposals is accepted first: the compare that all kernels share. Once per instruction set.
#if defined(MATTIS_ENGINE_SIMD_PROPOSALS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_PROPOSALS_INL
#undef MATTIS_ENGINE_SIMD_PROPOSALS_INL
#else
#define MATTIS_ENGINE_SIMD_PROPOSALS_INL
#endif

#include <hwy/highway.h>

#include "engine/simd/thresholds.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

using Integers = hwy::HWY_NAMESPACE::ScalableTag<std::int32_t>;
using IntegerVector = hwy::HWY_NAMESPACE::Vec<Integers>;
using IntegerMask = hwy::HWY_NAMESPACE::Mask<Integers>;

/// s f by the sign mask of s: 0 for +1, -1 for -1.
HWY_INLINE HWY_ATTR IntegerVector with_sign(IntegerVector field, IntegerVector sign) {
  namespace hn = hwy::HWY_NAMESPACE;
  return hn::Sub(hn::Xor(field, sign), sign);
}

/// Proposals k, k+1 ... of the block with these costs: which are accepted?
template <bool is_monotone>
HWY_INLINE HWY_ATTR IntegerMask accepted(IntegerVector cost, const simd::ProposalBlock& block,
                                         std::size_t k) {
  namespace hn = hwy::HWY_NAMESPACE;
  const Integers integers;
  const auto is_beyond = hn::Gt(cost, hn::Load(integers, block.theta + k));
  if constexpr (is_monotone) return hn::Not(is_beyond);
  const auto refuses = hn::MaskFromVec(hn::Load(integers, block.refuses_free + k));
  return hn::Not(hn::Or(is_beyond, hn::And(hn::Eq(cost, hn::Zero(integers)), refuses)));
}

/// The lanes after `lane`.
HWY_INLINE HWY_ATTR IntegerMask lanes_after(std::intptr_t lane) {
  namespace hn = hwy::HWY_NAMESPACE;
  const Integers integers;
  return hn::Gt(hn::Iota(integers, 0), hn::Set(integers, static_cast<std::int32_t>(lane)));
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
