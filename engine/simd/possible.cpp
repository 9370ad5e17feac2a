#include "engine/simd/possible.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/possible.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

HWY_ATTR std::size_t first_possible(const simd::BlockThresholds& law, const std::uint8_t* leading,
                                    const float* costs, std::size_t from, std::size_t size) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t k = from; k < size; ++k)
    if (!law.refuses(costs[k], leading[k])) return k;
  return size;
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> floats;
  const hn::RebindToSigned<decltype(floats)> integers;
  const std::size_t lanes = hn::Lanes(floats);
  const auto bounds = hn::LoadU(floats, law.largest_real_thetas().data());
  const auto last = hn::Set(integers, static_cast<std::int32_t>(lanes - 1));
  for (std::size_t k = from / lanes * lanes; k < size; k += lanes) {
    const auto bytes =
        hn::PromoteTo(integers, hn::LoadU(hn::Rebind<std::uint8_t, decltype(integers)>(), leading + k));
    const auto bound = hn::TableLookupLanes(bounds, hn::IndicesFromVec(floats, hn::Min(bytes, last)));
    auto possible = hn::Not(hn::Gt(hn::LoadU(floats, costs + k), bound));
    if (k < from)
      possible =
          hn::And(possible, hn::Ge(hn::Iota(floats, 0.0f), hn::Set(floats, static_cast<float>(from - k))));
    const std::intptr_t lane = hn::FindFirstTrue(floats, possible);
    if (lane >= 0) return k + static_cast<std::size_t>(lane);
  }
  return size;
#endif
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(first_possible);

std::size_t simd::first_possible(const BlockThresholds& law, const std::uint8_t* leading, const float* costs,
                                 std::size_t from, std::size_t size) {
  return HWY_DYNAMIC_DISPATCH(first_possible)(law, leading, costs, from, size);
}

}  // namespace mattis
#endif
