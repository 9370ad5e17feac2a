#include "engine/simd/thresholds.hpp"

#include <algorithm>

#include "engine/simd/numbers.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/thresholds.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

#if HWY_TARGET != HWY_SCALAR
namespace hn = hwy::HWY_NAMESPACE;

/// ln x, x > 0 and normal: the series of `natural_log` to w^9.
template <class Floats, class V = hn::Vec<Floats>>
HWY_ATTR V ln(Floats floats, V x) {
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
HWY_ATTR hn::Vec<Floats> centred(Floats floats, Unsigned r) {
  const hn::RebindToSigned<Floats> integers;
  const auto high = hn::ConvertTo(floats, hn::BitCast(integers, hn::ShiftRight<16>(r)));
  const auto low = hn::ConvertTo(floats, hn::And(hn::BitCast(integers, r), hn::Set(integers, 0xffff)));
  return hn::MulAdd(high, hn::Set(floats, 65536.0f), hn::Add(low, hn::Set(floats, 0.5f)));
}

template <Rule rule>
HWY_ATTR void thetas(const simd::BlockThresholds& law, const std::uint32_t* HWY_RESTRICT numbers,
                     std::int32_t* HWY_RESTRICT theta) {
  const hn::ScalableTag<float> floats;
  const hn::RebindToUnsigned<decltype(floats)> unsigneds;
  const hn::RebindToSigned<decltype(floats)> integers;
  const std::size_t lanes = hn::Lanes(floats);
  const auto scale = hn::Set(floats, law.scale());
  const auto slack = hn::Mul(scale, hn::Set(floats, 4e-7f)), relative = hn::Set(floats, 4e-7f);
  for (std::size_t k = 0; k < simd::ProposalBlock::size; k += lanes) {
    const auto r = hn::Load(unsigneds, numbers + k);
    hn::Vec<decltype(floats)> value;
    if constexpr (rule == Rule::glauber)
      value = ln(floats, hn::Div(centred(floats, hn::Not(r)), centred(floats, r)));
    else
      value = hn::Neg(ln(floats, hn::Mul(centred(floats, r), hn::Set(floats, 0x1p-32f))));
    const auto middle = hn::Mul(scale, value);
    const auto margin = hn::MulAdd(hn::Abs(middle), relative, slack);
    const auto lower = hn::Floor(hn::Sub(middle, margin)), upper = hn::Floor(hn::Add(middle, margin));
    hn::Store(hn::ConvertTo(integers, lower), integers, theta + k);
    const auto is_sure = hn::And(hn::Eq(lower, upper), hn::Lt(hn::Abs(middle), hn::Set(floats, 0x1p23f)));
    if (HWY_LIKELY(hn::AllTrue(floats, is_sure))) continue;
    HWY_ALIGN std::int32_t sure[hn::MaxLanes(integers)];
    hn::Store(hn::VecFromMask(integers, hn::RebindMask(integers, is_sure)), integers, sure);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if (sure[lane] == 0) theta[k + lane] = law.theta(numbers[k + lane]);
  }
}
#endif

/// Thresholds of a block at T > 0.
HWY_ATTR void decide_block(const simd::BlockThresholds& law, const std::uint32_t* HWY_RESTRICT numbers,
                           simd::ProposalBlock& block) {
  constexpr std::size_t size = simd::ProposalBlock::size;
  if (!law.is_monotone())
    for (std::size_t k = 0; k < size; ++k)
      block.refuses_free[k] = static_cast<std::int32_t>(numbers[k]) >> 31;  // u >= 1/2
#if HWY_TARGET != HWY_SCALAR
  if (law.scale() != 0) {
    law.rule() == Rule::glauber ? thetas<Rule::glauber>(law, numbers, block.theta)
                                : thetas<Rule::metropolis>(law, numbers, block.theta);
    return;
  }
#endif
  for (std::size_t k = 0; k < size; ++k) block.theta[k] = law.theta(numbers[k]);
}

const char* compiled_target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(decide_block);
HWY_EXPORT(compiled_target);

namespace simd {

BlockThresholds::BlockThresholds(const Dynamics& dynamics, double unit) noexcept
    : dynamics_(dynamics),
      exact_(dynamics.rule, dynamics.temperature, unit),
      draws_numbers_(dynamics.temperature > 0 || dynamics.tie == Tie::random),
      is_monotone_(dynamics.temperature == 0 || dynamics.rule == Rule::glauber) {
  const double scale = dynamics.temperature / unit;
  scale_ = scale > 1e-30 && scale < 1e30 ? static_cast<float>(scale) : 0;
}

void BlockThresholds::of_numbers(const std::uint32_t* numbers, ProposalBlock& block) const {
  if (dynamics_.temperature > 0) {
    HWY_DYNAMIC_DISPATCH(decide_block)(*this, numbers, block);
  } else {
    for (std::size_t k = 0; k < ProposalBlock::size; ++k)
      block.theta[k] = static_cast<std::int32_t>(numbers[k]) >> 31;  // u < 1/2: 0, else -1
  }
}

void BlockThresholds::draw(const SweepRandomness& random, std::size_t first, std::size_t end,
                           ProposalBlock& block) const {
  if (draws_numbers_) {
    alignas(64) std::uint32_t numbers[ProposalBlock::size];
    draw_numbers(random, SweepRandomness::Purpose::threshold, static_cast<std::uint32_t>(first / 4),
                 ProposalBlock::size / 4, numbers);
    of_numbers(numbers, block);
  } else {
    std::fill_n(block.theta, ProposalBlock::size, -1);
  }
  for (std::size_t k = end - first; k < ProposalBlock::size; ++k)
    block.theta[k] = std::numeric_limits<std::int32_t>::min();
}

const char* target_name() { return HWY_DYNAMIC_DISPATCH(compiled_target)(); }

}  // namespace simd
}  // namespace mattis
#endif
