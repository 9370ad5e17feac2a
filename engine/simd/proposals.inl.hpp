// Costs and lanes of a vector of proposals. Once per instruction set.
#if defined(MATTIS_ENGINE_SIMD_PROPOSALS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_PROPOSALS_INL
#undef MATTIS_ENGINE_SIMD_PROPOSALS_INL
#else
#define MATTIS_ENGINE_SIMD_PROPOSALS_INL
#endif

#include <hwy/highway.h>

#include <cstdint>

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

/// The lanes from `first` on.
HWY_INLINE HWY_ATTR IntegerMask lanes_from(std::size_t first) {
  namespace hn = hwy::HWY_NAMESPACE;
  const Integers integers;
  return hn::Gt(hn::Iota(integers, 1), hn::Set(integers, static_cast<std::int32_t>(first)));
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
