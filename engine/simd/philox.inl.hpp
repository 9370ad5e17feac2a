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

#if HWY_TARGET != HWY_SCALAR
/// `sets` vectors of blocks from counter[0] on. 32-bit words live in 64-bit lanes whose upper halves are garbage: a
/// product needs only the lower ones. Lane l stands for block l/2, odd l half a vector on, so that a block's two halves need
/// no crossing of lanes to be stored side by side.
template <std::size_t sets>
HWY_INLINE HWY_ATTR void philox_vectors(std::uint64_t key, const std::array<std::uint32_t, 4>& counter,
                                        std::uint32_t* HWY_RESTRICT numbers) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<std::uint64_t> words;
  const hn::Repartition<std::uint32_t, decltype(words)> halves;
  using Words = hn::Vec<decltype(words)>;
  const std::size_t lanes = hn::Lanes(words);
  const auto product = [&](Words x, std::uint64_t factor) HWY_ATTR {
    return hn::MulEven(hn::BitCast(halves, x), hn::BitCast(halves, hn::Set(words, factor)));
  };
  const Words lane = hn::Iota(words, 0), is_odd = hn::And(lane, hn::Set(words, 1));
  const Words place =
      hn::Add(hn::ShiftRight<1>(lane), hn::And(hn::Sub(hn::Zero(words), is_odd), hn::Set(words, lanes / 2)));
  Words x0[sets], x1[sets], x2[sets], x3[sets];
  for (std::size_t set = 0; set < sets; ++set) {
    x0[set] = hn::Add(place, hn::Set(words, counter[0] + set * lanes));
    x1[set] = hn::Set(words, counter[1]);
    x2[set] = hn::Set(words, counter[2]);
    x3[set] = hn::Set(words, counter[3]);
  }
  auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const Words key0 = hn::Set(words, k0), key1 = hn::Set(words, k1);
    for (std::size_t set = 0; set < sets; ++set) {
      const Words p0 = product(x0[set], 0xD2511F53u), p1 = product(x2[set], 0xCD9E8D57u);
      x0[set] = hn::Xor3(hn::ShiftRight<32>(p1), x1[set], key0);
      x2[set] = hn::Xor3(hn::ShiftRight<32>(p0), x3[set], key1);
      x1[set] = p1;
      x3[set] = p0;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  const auto paired = [&](Words even, Words odd) HWY_ATTR {
    return hn::BitCast(words,
                       hn::OddEven(hn::BitCast(halves, hn::ShiftLeft<32>(odd)), hn::BitCast(halves, even)));
  };
  for (std::size_t set = 0; set < sets; ++set) {
    const Words front = paired(x0[set], x1[set]), back = paired(x2[set], x3[set]);
    auto* out = reinterpret_cast<std::uint64_t*>(numbers) + 2 * lanes * set;
    hn::StoreU(hn::InterleaveLower(words, front, back), words, out);
    hn::StoreU(hn::InterleaveUpper(words, front, back), words, out + lanes);
  }
}
#endif

/// numbers[4 b + k] = number k of block first + b, b = 0 ... blocks-1; writes up to the next multiple of 8 blocks.
HWY_INLINE HWY_ATTR void philox_blocks(std::uint64_t key, std::array<std::uint32_t, 4> counter,
                                       std::size_t blocks, std::uint32_t* HWY_RESTRICT numbers) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t b = 0; b < blocks; ++b, ++counter[0]) {
    const auto block = philox(key, counter);
    for (std::size_t k = 0; k < 4; ++k) numbers[4 * b + k] = block[k];
  }
#else
  constexpr std::size_t sets = HWY_TARGET <= HWY_AVX3 ? 4 : 2;  // independent products hide their latency
  const std::size_t lanes = hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<std::uint64_t>());
  std::size_t b = 0;
  for (; b + (sets - 1) * lanes < blocks;
       b += sets * lanes, counter[0] += static_cast<std::uint32_t>(sets * lanes))
    philox_vectors<sets>(key, counter, numbers + 4 * b);
  for (; b < blocks; b += lanes, counter[0] += static_cast<std::uint32_t>(lanes))
    philox_vectors<1>(key, counter, numbers + 4 * b);
#endif
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
