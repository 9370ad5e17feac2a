// Thresholds of one vector of proposals. Included once per instruction set.
#if defined(MATTIS_ENGINE_SIMD_THRESHOLDS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_THRESHOLDS_INL
#undef MATTIS_ENGINE_SIMD_THRESHOLDS_INL
#else
#define MATTIS_ENGINE_SIMD_THRESHOLDS_INL
#endif

#include <hwy/highway.h>

#include "engine/simd/thresholds.hpp"

#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace threshold_math {

namespace hn = hwy::HWY_NAMESPACE;

/// ln x, x > 0 and normal: the series of `natural_log` to w^9.
template <class Floats, class V = hn::Vec<Floats>>
HWY_INLINE HWY_ATTR V ln(Floats floats, V x) {
  const hn::RebindToSigned<Floats> integers;
  const auto bits = hn::BitCast(integers, x);
  const auto offset = hn::Sub(bits, hn::Set(integers, 0x3f3504f3));  // sqrt(1/2)
  const auto exponent = hn::ShiftRight<23>(offset);
  const V f = hn::BitCast(floats, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const V one = hn::Set(floats, 1.0f);
  const V w = hn::Div(hn::Sub(f, one), hn::Add(f, one)), w2 = hn::Mul(w, w);
  V sum = hn::Set(floats, 2.0f / 9);
  sum = hn::MulAdd(sum, w2, hn::Set(floats, 2.0f / 7));
  sum = hn::MulAdd(sum, w2, hn::Set(floats, 2.0f / 5));
  sum = hn::MulAdd(sum, w2, hn::Set(floats, 2.0f / 3));
  sum = hn::MulAdd(sum, w2, hn::Set(floats, 2.0f));
  return hn::MulAdd(hn::ConvertTo(floats, exponent), hn::Set(floats, 0.69314718f), hn::Mul(w, sum));
}

/// r + 1/2, rounded once.
template <class Floats, class Unsigned>
HWY_INLINE HWY_ATTR hn::Vec<Floats> centred(Floats floats, Unsigned r) {
  const hn::RebindToSigned<Floats> integers;
  const auto high = hn::ConvertTo(floats, hn::BitCast(integers, hn::ShiftRight<16>(r)));
  const auto low = hn::ConvertTo(floats, hn::And(hn::BitCast(integers, r), hn::Set(integers, 0xffff)));
  return hn::MulAdd(high, hn::Set(floats, 65536.0f), hn::Add(low, hn::Set(floats, 0.5f)));
}

}  // namespace threshold_math

/// Integers with lower <= theta <= upper, equal but where the floor is open.
template <class Integers>
struct ThetaBounds {
  hwy::HWY_NAMESPACE::Vec<Integers> lower, upper;
};

/// Those of the proposals k, k+1 ... with these numbers, at T > 0 and where law.scale() is not 0.
template <Rule rule>
HWY_INLINE HWY_ATTR auto bounds_of_thetas(const simd::BlockThresholds& law,
                                          const std::uint32_t* HWY_RESTRICT numbers, std::size_t k) {
  namespace hn = hwy::HWY_NAMESPACE;
  using threshold_math::centred, threshold_math::ln;
  const hn::ScalableTag<float> floats;
  const hn::RebindToUnsigned<decltype(floats)> unsigneds;
  const hn::RebindToSigned<decltype(floats)> integers;
  const auto scale = hn::Set(floats, law.scale());
  const auto slack = hn::Mul(scale, hn::Set(floats, 4e-7f)), relative = hn::Set(floats, 4e-7f);
  const auto r = hn::Load(unsigneds, numbers + k);
  hn::Vec<decltype(floats)> value;
  if constexpr (rule == Rule::glauber)
    value = ln(floats, hn::Div(centred(floats, hn::Not(r)), centred(floats, r)));
  else
    value = hn::Neg(ln(floats, hn::Mul(centred(floats, r), hn::Set(floats, 0x1p-32f))));
  const auto middle = hn::Mul(scale, value);
  const auto margin = hn::MulAdd(hn::Abs(middle), relative, slack);
  constexpr auto largest = static_cast<float>(simd::ProposalBlock::largest);
  const auto floor_of = [&](auto x) HWY_ATTR {
    return hn::ConvertTo(integers,
                         hn::Max(hn::Min(hn::Floor(x), hn::Set(floats, largest)), hn::Set(floats, -largest)));
  };
  return ThetaBounds<decltype(integers)>{floor_of(hn::Sub(middle, margin)),
                                         floor_of(hn::Add(middle, margin))};
}

/// theta of the same proposals.
template <Rule rule>
HWY_INLINE HWY_ATTR void write_thetas(const simd::BlockThresholds& law,
                                      const std::uint32_t* HWY_RESTRICT numbers, std::size_t k,
                                      std::int32_t* HWY_RESTRICT theta) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<std::int32_t> integers;
  const auto bounds = bounds_of_thetas<rule>(law, numbers, k);
  hn::Store(bounds.lower, integers, theta + k);
  const auto is_sure = hn::Eq(bounds.lower, bounds.upper);
  if (HWY_LIKELY(hn::AllTrue(integers, is_sure))) return;
  HWY_ALIGN std::int32_t sure[hn::MaxLanes(integers)];
  hn::Store(hn::VecFromMask(integers, is_sure), integers, sure);
  for (std::size_t lane = 0; lane < hn::Lanes(integers); ++lane)
    if (sure[lane] == 0) theta[k + lane] = law.theta(numbers[k + lane]);
}

/// Which of the proposals k, k+1 ... with these costs may be accepted, where law.scale() is not 0? Never says no where theta says yes.
///
/// Method   theta <= -scale ln u for both rules, and log2 x >= L(x) = (the bits of x as a float) / 2^23 - 127, by 0.086 at
///          most: -ln u <= ln 2 (31 - L(r / 2)), with a margin of 1e-3 for the roundings.
template <class V>
HWY_INLINE HWY_ATTR auto possible_proposals(const simd::BlockThresholds& law,
                                            const std::uint32_t* HWY_RESTRICT numbers, std::size_t k,
                                            V costs) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> floats;
  const hn::RebindToUnsigned<decltype(floats)> unsigneds;
  const hn::RebindToSigned<decltype(floats)> integers;
  const float unit = 0.69314718f * law.scale();
  const auto half = hn::BitCast(integers, hn::ShiftRight<1>(hn::Load(unsigneds, numbers + k)));
  const auto bits = hn::ConvertTo(floats, hn::BitCast(integers, hn::ConvertTo(floats, half)));
  const auto bound = hn::NegMulAdd(bits, hn::Set(floats, unit * 0x1p-23f), hn::Set(floats, unit * 158.001f));
  return hn::Le(hn::ConvertTo(floats, costs), bound);
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#endif
