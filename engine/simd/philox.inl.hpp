// Philox4x32-10 in the lanes of a vector: the numbers of engine/random_stream.hpp, many blocks at a time.
// Included once per instruction set (Highway's foreach_target).
#if defined(MATTIS_ENGINE_SIMD_PHILOX_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_PHILOX_INL
#undef MATTIS_ENGINE_SIMD_PHILOX_INL
#else
#define MATTIS_ENGINE_SIMD_PHILOX_INL
#endif

#include <hwy/highway.h>

#include "engine/random_stream.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

/// numbers[4 b + k] = number k of block first + b, b = 0 ... blocks-1; writes up to the next multiple of 8 blocks.
/// 32-bit words live in 64-bit lanes whose upper halves are garbage: a product needs only the lower ones.
inline HWY_ATTR void philox_blocks(std::uint64_t key, const std::array<std::uint32_t, 4>& counter,
                                   std::size_t blocks, std::uint32_t* HWY_RESTRICT numbers) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto block =
        philox(key, {counter[0] + static_cast<std::uint32_t>(b), counter[1], counter[2], counter[3]});
    for (std::size_t k = 0; k < 4; ++k) numbers[4 * b + k] = block[k];
  }
#else
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<std::uint64_t> words;
  const hn::Repartition<std::uint32_t, decltype(words)> halves;
  using Words = hn::Vec<decltype(words)>;
  const std::size_t lanes = hn::Lanes(words);
  const auto product = [&](Words x, std::uint64_t factor) HWY_ATTR {
    return hn::MulEven(hn::BitCast(halves, x), hn::BitCast(halves, hn::Set(words, factor)));
  };
  const Words lower = hn::Set(words, 0xffffffffu);
  for (std::size_t b = 0; b < blocks; b += 2 * lanes) {
    // Two independent sets of blocks hide the latency of the products.
    Words x0[2], x1[2], x2[2], x3[2];
    for (std::size_t half = 0; half < 2; ++half) {
      x0[half] = hn::Iota(words, counter[0] + b + half * lanes);
      x1[half] = hn::Set(words, counter[1]);
      x2[half] = hn::Set(words, counter[2]);
      x3[half] = hn::Set(words, counter[3]);
    }
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const Words key0 = hn::Set(words, k0), key1 = hn::Set(words, k1);
      for (std::size_t half = 0; half < 2; ++half) {
        const Words p0 = product(x0[half], 0xD2511F53u), p1 = product(x2[half], 0xCD9E8D57u);
        x0[half] = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), x1[half]), key0);
        x2[half] = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), x3[half]), key1);
        x1[half] = p1;
        x3[half] = p0;
      }
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    for (std::size_t half = 0; half < 2; ++half) {
      const Words front = hn::Or(hn::And(x0[half], lower), hn::ShiftLeft<32>(x1[half]));
      const Words back = hn::Or(hn::And(x2[half], lower), hn::ShiftLeft<32>(x3[half]));
      hn::StoreInterleaved2(front, back, words,
                            reinterpret_cast<std::uint64_t*>(numbers) + 2 * (b + half * lanes));
    }
  }
#endif
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
