// The random numbers of a sweep in chunks: leading bytes of all proposals, the rest where it decides. Once per instruction set.
#if defined(MATTIS_ENGINE_SIMD_CHUNK_NUMBERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_CHUNK_NUMBERS_INL
#undef MATTIS_ENGINE_SIMD_CHUNK_NUMBERS_INL
#else
#define MATTIS_ENGINE_SIMD_CHUNK_NUMBERS_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <limits>

#include "engine/simd/philox.inl.hpp"
#include "engine/simd/proposals.inl.hpp"
#include "engine/simd/thresholds.inl.hpp"

#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The numbers and thresholds of `size` proposals from one on. Where few are asked for, each vector's are drawn when they are.
template <bool is_monotone>
class ChunkNumbers {
 public:
  static constexpr std::size_t size = 512;

  HWY_INLINE HWY_ATTR ChunkNumbers(const simd::BlockThresholds& law, const SweepRandomness& random)
      : law_(law), random_(random) {
    if (!law.draws_numbers()) {
      std::fill_n(leading_, size, std::uint8_t{0});
      std::fill_n(numbers_, size, 0u);
    }
  }

  /// Of the proposals first ... end-1 of the sweep; those from `end` on accept nothing.
  HWY_INLINE HWY_ATTR void draw(std::size_t first, std::size_t end) {
    first_ = first;
    rest_ = end - first;
    if (!law_.draws_numbers()) return;
    const std::size_t count = std::min(size, rest_);
    philox_blocks(random_.key(), random_.counter(Purpose::leading, static_cast<std::uint32_t>(first / 16)),
                  (count + 15) / 16, reinterpret_cast<std::uint32_t*>(leading_));
    const bool many = 4 * asked_ > count;  // of the chunk before
    asked_ = drawn_ = 0;
    if (many) draw_rest(0, count);
  }

  const std::uint8_t* leading() const { return leading_; }

  /// Finds bounds of the thresholds of the vector of proposals at k, a multiple of its lanes; or that at these costs none is accepted: false.
  HWY_INLINE HWY_ATTR bool decide(std::size_t k, IntegerVector costs) {
    const std::size_t stop = k + hn::Lanes(Integers());
    if (law_.draws_numbers()) {
      asked_ += hn::Lanes(Integers());
      if (stop > drawn_) draw_rest(k, 2 * hn::Lanes(Integers()));
      for (std::size_t j = k; j < stop; ++j) numbers_[j] = proposal_number(leading_[j], rest_numbers_[j]);
    }
    const Integers integers;
    if (law_.scale() == 0) {
      for (std::size_t j = k; j < stop; ++j) lower_[j] = upper_[j] = law_.theta_of(numbers_[j]);
    } else {
      if (hn::AllFalse(hn::ScalableTag<float>(), possible_proposals(law_, numbers_, k, costs))) return false;
      const auto bounds = law_.rule() == Rule::glauber
                              ? bounds_of_thetas<Rule::glauber>(law_, numbers_, k)
                              : bounds_of_thetas<Rule::metropolis>(law_, numbers_, k);
      hn::Store(bounds.lower, integers, lower_ + k);
      hn::Store(bounds.upper, integers, upper_ + k);
    }
    for (std::size_t j = std::max(k, rest_); j < stop; ++j)
      lower_[j] = upper_[j] = std::numeric_limits<std::int32_t>::min();
    return true;
  }

  /// Which proposals of that vector are accepted at these costs?
  HWY_INLINE HWY_ATTR IntegerMask accepted(IntegerVector costs, std::size_t k) {
    const Integers integers;
    auto is_beyond = hn::Gt(costs, hn::Load(integers, lower_ + k));
    const auto is_open = hn::AndNot(hn::Gt(costs, hn::Load(integers, upper_ + k)), is_beyond);
    if (HWY_UNLIKELY(!hn::AllFalse(integers, is_open))) {
      settle(k, is_open);
      is_beyond = hn::Gt(costs, hn::Load(integers, lower_ + k));
    }
    if constexpr (is_monotone) return hn::Not(is_beyond);
    const auto refuses =  // u >= 1/2
        hn::Lt(hn::Load(integers, reinterpret_cast<const std::int32_t*>(numbers_) + k), hn::Zero(integers));
    return hn::Not(hn::Or(is_beyond, hn::And(hn::Eq(costs, hn::Zero(integers)), refuses)));
  }

 private:
  using Purpose = SweepRandomness::Purpose;

  HWY_INLINE HWY_ATTR void draw_rest(std::size_t k, std::size_t count) {
    philox_blocks(random_.key(),
                  random_.counter(Purpose::threshold, static_cast<std::uint32_t>((first_ + k) / 4)),
                  (count + 3) / 4, rest_numbers_ + k);
    drawn_ = k + count;
  }

  /// Finds theta itself where the costs lie between its bounds.
  HWY_ATTR HWY_NOINLINE void settle(std::size_t k, IntegerMask is_open) {
    const Integers integers;
    HWY_ALIGN std::int32_t open[hn::MaxLanes(integers)];
    hn::Store(hn::VecFromMask(integers, is_open), integers, open);
    for (std::size_t lane = 0; lane < hn::Lanes(integers); ++lane)
      if (open[lane] != 0) lower_[k + lane] = upper_[k + lane] = law_.theta(numbers_[k + lane]);
  }

  const simd::BlockThresholds& law_;
  const SweepRandomness& random_;
  std::size_t first_ = 0, rest_ = 0;
  std::size_t asked_ = 0, drawn_ = 0;  // proposals of this chunk
  alignas(64) std::uint8_t leading_[size];
  alignas(64) std::uint32_t rest_numbers_[size + hn::MaxLanes(Integers())];  // two vectors are drawn at once
  alignas(64) std::uint32_t numbers_[size];
  alignas(64) std::int32_t lower_[size], upper_[size];  // bounds of theta
};

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#endif
