#include "engine/simd/numbers.hpp"

#include <algorithm>

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

HWY_ATTR void join_leading(const std::uint8_t* HWY_RESTRICT leading, std::size_t size,
                           std::uint32_t* HWY_RESTRICT numbers) {
  for (std::size_t k = 0; k < size; ++k) numbers[k] = proposal_number(leading[k], numbers[k]);
}

HWY_ATTR void bring_below(std::uint32_t bound, std::size_t size, const std::uint32_t* HWY_RESTRICT numbers,
                          SiteIndex* HWY_RESTRICT sites) {
  std::size_t k = 0;
#if HWY_TARGET != HWY_SCALAR
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<std::uint32_t> words;
  const hn::RepartitionToWide<decltype(words)> pairs;
  const hn::RebindToSigned<decltype(words)> places;
  const auto all_bound = hn::Set(words, bound);
  for (; k + hn::Lanes(words) <= size; k += hn::Lanes(words)) {
    const auto number = hn::BitCast(pairs, hn::LoadU(words, numbers + k));
    const auto even = hn::ShiftRight<32>(hn::MulEven(hn::BitCast(words, number), all_bound));
    const auto odd = hn::MulEven(hn::BitCast(words, hn::ShiftRight<32>(number)), all_bound);
    hn::StoreU(hn::BitCast(places, hn::OddEven(hn::BitCast(words, odd), hn::BitCast(words, even))), places,
               sites + k);
  }
#endif
  for (; k < size; ++k) sites[k] = simd::site_below(numbers[k], bound);
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(blocks_of_numbers);
HWY_EXPORT(join_leading);
HWY_EXPORT(bring_below);

namespace simd {

namespace {
using Purpose = SweepRandomness::Purpose;
constexpr std::size_t chunk = 1024;
}  // namespace

void draw_numbers(const SweepRandomness& random, Purpose purpose, std::uint32_t first, std::size_t blocks,
                  std::uint32_t* numbers) {
  HWY_DYNAMIC_DISPATCH(blocks_of_numbers)(random.key(), random.counter(purpose, first), blocks, numbers);
}

void draw_leading(const SweepRandomness& random, std::size_t first, std::size_t size, std::uint8_t* leading) {
  draw_numbers(random, Purpose::leading, static_cast<std::uint32_t>(first / 16), (size + 15) / 16,
               reinterpret_cast<std::uint32_t*>(leading));
}

void draw_proposal_numbers(const SweepRandomness& random, std::size_t first, std::size_t size,
                           std::uint32_t* numbers) {
  alignas(64) std::uint8_t leading[chunk];
  for (std::size_t done = 0; done < size; done += chunk) {
    const std::size_t some = std::min(chunk, size - done);
    draw_leading(random, first + done, some, leading);
    draw_numbers(random, Purpose::threshold, static_cast<std::uint32_t>((first + done) / 4), (some + 3) / 4,
                 numbers + done);
    HWY_DYNAMIC_DISPATCH(join_leading)(leading, some, numbers + done);
  }
}

void draw_sites(const SweepRandomness& random, std::size_t num_spins, SiteIndex* sites) {
  alignas(64) std::uint32_t numbers[chunk];
  for (std::size_t done = 0; done < num_spins; done += chunk) {
    const std::size_t some = std::min(chunk, num_spins - done);
    draw_numbers(random, Purpose::order, static_cast<std::uint32_t>(done / 4), (some + 3) / 4, numbers);
    HWY_DYNAMIC_DISPATCH(bring_below)
    (static_cast<std::uint32_t>(num_spins), some, numbers, sites + done);
  }
}

}  // namespace simd
}  // namespace mattis
#endif
