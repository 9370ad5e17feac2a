#include "engine/simd/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/simd/numbers.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/thresholds.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#include "engine/simd/thresholds.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

/// Thresholds of a block at T > 0.
HWY_ATTR void decide_block(const simd::BlockThresholds& law, const std::uint32_t* HWY_RESTRICT numbers,
                           simd::ProposalBlock& block) {
  constexpr std::size_t size = simd::ProposalBlock::size;
  if (!law.is_monotone())
    for (std::size_t k = 0; k < size; ++k)
      block.refuses_free[k] = static_cast<std::int32_t>(numbers[k]) >> 31;  // u >= 1/2
#if HWY_TARGET != HWY_SCALAR
  if (law.scale() != 0) {
    const std::size_t lanes = hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>());
    if (law.rule() == Rule::glauber)
      for (std::size_t k = 0; k < size; k += lanes) write_thetas<Rule::glauber>(law, numbers, k, block.theta);
    else
      for (std::size_t k = 0; k < size; k += lanes)
        write_thetas<Rule::metropolis>(law, numbers, k, block.theta);
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
      ties_flip_(dynamics.temperature > 0 || dynamics.tie == Tie::random),
      is_monotone_(dynamics.temperature == 0 || dynamics.rule == Rule::glauber) {
  const double scale = dynamics.temperature / unit;
  scale_ = scale > 1e-30 && scale < 1e30 ? static_cast<float>(scale) : 0;
  for (std::uint32_t b = 0; b < num_leading; ++b) {
    const std::int32_t theta = theta_of(b << 24);
    largest_thetas_[b] = theta;
    largest_thetas_of_sixteen_[b] = theta_of(b << 28);
    const float above = static_cast<float>(theta) + 1;
    largest_real_thetas_[b] = theta < ProposalBlock::largest ? above + std::abs(above) * 1e-6f
                                                             : std::numeric_limits<float>::infinity();
  }
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
  if (draws_numbers()) {
    alignas(64) std::uint32_t numbers[ProposalBlock::size];
    draw_proposal_numbers(random, first, ProposalBlock::size, numbers);
    of_numbers(numbers, block);
  } else {
    std::fill_n(block.theta, ProposalBlock::size, -1);
  }
  for (std::size_t k = end - first; k < ProposalBlock::size; ++k)
    block.theta[k] = std::numeric_limits<std::int32_t>::min();
}

const char* target_name() { return HWY_DYNAMIC_DISPATCH(compiled_target)(); }

bool use_at_most(std::string_view name) {
  const std::int64_t target = name == "AVX-512"  ? HWY_AVX3_DL
                              : name == "AVX2"   ? HWY_AVX2
                              : name == "SSE4"   ? HWY_SSE4
                              : name == "scalar" ? HWY_SCALAR
                                                 : 0;
  if (target == 0) return false;
  hwy::DisableTargets(target - 1);  // a wider target is a lower bit
  return true;
}

}  // namespace simd
}  // namespace mattis
#endif
