#include "engine/simd/numbers.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/simd/numbers.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#include "engine/simd/philox.inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

HWY_ATTR void blocks_of_numbers(std::uint64_t key, const std::array<std::uint32_t, 4>& counter,
                                std::size_t blocks, std::uint32_t* numbers) {
  philox_blocks(key, counter, blocks, numbers);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(blocks_of_numbers);

void simd::draw_numbers(const SweepRandomness& random, SweepRandomness::Purpose purpose, std::uint32_t first,
                        std::size_t blocks, std::uint32_t* numbers) {
  HWY_DYNAMIC_DISPATCH(blocks_of_numbers)(random.key(), random.counter(purpose, first), blocks, numbers);
}

}  // namespace mattis
#endif
