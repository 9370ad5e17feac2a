// The proposals of one block of sites in turn, their fields at hand. Included once per instruction set.
#if defined(MATTIS_MODELS_BLOCK_VISIT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_MODELS_BLOCK_VISIT_INL
#undef MATTIS_MODELS_BLOCK_VISIT_INL
#else
#define MATTIS_MODELS_BLOCK_VISIT_INL
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>
#include <limits>

#include "engine/simd/cached_sweep.hpp"
#include "models/pattern_views.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

/// Costs of a block are c_i = s_i f_i with f_i = r (mod 2), r the same for all: f_i = 2 g_i + r s_i, s_i the spin before
/// its proposal. Then c_i <= theta_i says s_i g_i <= t_i = floor((theta_i - r) / 2), and a flip of s_j changes g_i by
/// -s_j C_ij. In two's complement -g = ~g + 1, so that one compare decides for both signs:
///
///     (g_i xor sign_i) <= t_i + sign_i
template <class Number>
struct VisitedBlock {
  static constexpr std::size_t size = PatternViews::block_sites;
  alignas(64) Number field[size];       ///< g_i
  alignas(64) Number sign[size];        ///< 0 where s_i = +1, -1 where s_i = -1
  alignas(64) Number limit[size];       ///< t_i + sign_i
  alignas(64) Number takes_free[size];  ///< 0 where a free flip, g_i = 0 with r = 0, is refused, else -1
};

/// Where a visit is.
struct Visit {
  std::size_t next_site = 0;  ///< of the block
  std::int64_t room = 0;      ///< fields may move by so much before they could wrap
  simd::Flip* next_flip = nullptr;
};

#if HWY_TARGET == HWY_SCALAR
template <bool is_monotone, class Number>
void visit_block(const PatternViews& views, std::size_t first, VisitedBlock<Number>& block, Spin* spins,
                 Visit& visit) {
  for (std::size_t i = visit.next_site; i < block.size; ++i) {
    if ((block.field[i] ^ block.sign[i]) > block.limit[i]) continue;
    if (!is_monotone && (block.field[i] | block.takes_free[i]) == 0) continue;
    const auto [bytes, shorts, largest] = views.block_products(first + i);
    if ((visit.room -= largest) < 0) {
      visit.next_site = i;
      return;
    }
    const Spin before = spins[first + i];
    spins[first + i] = static_cast<Spin>(-before);
    *visit.next_flip++ = {static_cast<SiteIndex>(first + i), before};
    const int odd = views.patterns().num_patterns() % 2;
    for (std::size_t j = i + 1; j < block.size; ++j) {
      const int product = bytes != nullptr ? 2 * bytes[j] + odd : shorts[j];
      block.field[j] = static_cast<Number>(block.field[j] - before * product);
    }
  }
  visit.next_site = block.size;
}
#else
template <class Number>
struct VisitLanes {
  using Tag = hwy::HWY_NAMESPACE::ScalableTag<Number>;
  using Vector = hwy::HWY_NAMESPACE::Vec<Tag>;
  using Bits = std::uint64_t;
#if HWY_TARGET <= HWY_AVX3
  static constexpr std::size_t bits_per_lane = 1;
#else
  static constexpr std::size_t bits_per_lane = sizeof(Number);
#endif

  /// What decides the proposals of one vector, but for their fields.
  struct Law {
    Vector sign, limit, takes_free;
  };
  static HWY_INLINE HWY_ATTR Law law(const VisitedBlock<Number>& block, std::size_t k) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Tag tag;
    return {hn::Load(tag, block.sign + k), hn::Load(tag, block.limit + k),
            hn::Load(tag, block.takes_free + k)};
  }

  /// Which proposals of a vector are accepted: `bits_per_lane` bits for each.
  template <bool is_monotone>
  static HWY_INLINE HWY_ATTR Bits accepted(Vector field, const Law& law) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Tag tag;
    auto refused = hn::Gt(hn::Xor(field, law.sign), law.limit);
    if constexpr (!is_monotone)
      refused = hn::Or(refused, hn::Eq(hn::Or(field, law.takes_free), hn::Zero(tag)));
#if HWY_TARGET <= HWY_AVX3
    return static_cast<decltype(refused.raw)>(~refused.raw);
#else
    using Octets = hn::Repartition<std::uint8_t, Tag>;
    using Whole = std::conditional_t<hn::MaxLanes(Octets()) == 32, std::uint32_t, std::uint16_t>;
    std::uint8_t bytes[8];
    hn::StoreMaskBits(Octets(), hn::MaskFromVec(hn::BitCast(Octets(), hn::VecFromMask(tag, refused))), bytes);
    Whole bits;
    std::memcpy(&bits, bytes, sizeof bits);
    return static_cast<Whole>(~bits);
#endif
  }
  static std::size_t first_bit(Bits bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }
  /// Without the lanes up to the one that begins at `bit`.
  static Bits after(Bits bits, std::size_t bit) { return bits & (~Bits{1} << (bit + bits_per_lane - 1)); }

  /// Numbers of a row as lanes.
  template <class Product>
  static HWY_INLINE HWY_ATTR Vector load(const Product* HWY_RESTRICT row) {
    namespace hn = hwy::HWY_NAMESPACE;
    if constexpr (sizeof(Product) == sizeof(Number))
      return hn::Load(Tag(), row);
    else
      return hn::PromoteTo(Tag(), hn::Load(hn::Rebind<Product, Tag>(), row));
  }

  /// A flip at a site of the vector at k: field_j -= row_j factor + constant for the sites from k on; returns those at k.
  template <class Product>
  static HWY_INLINE HWY_ATTR Vector follow(const Product* HWY_RESTRICT row, Number factor, Number constant,
                                           std::size_t k, Vector field, VisitedBlock<Number>& block) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Tag tag;
    const auto by = hn::Set(tag, factor), and_by = hn::Set(tag, constant);
    const auto moved = [&](Vector from, std::size_t j) HWY_ATTR {
      const auto move = hn::Mul(load(row + j), by);
      return hn::Sub(from, sizeof(Product) == 1 ? hn::Add(move, and_by) : move);
    };
    for (std::size_t j = k + hn::Lanes(tag); j < block.size; j += hn::Lanes(tag))
      hn::Store(moved(hn::Load(tag, block.field + j), j), tag, block.field + j);
    return moved(field, k);
  }
};

/// The same number; but a compiler cannot know, and does not wait for the comparison that says so.
template <class T>
HWY_INLINE T as_predicted(T number) {
  asm volatile("" : "+r"(number));
  return number;
}

/// Proposals from visit.next_site on; stops before the flip that there is no room for.
///
/// Method   a flip hardly ever changes what its next neighbours do. So the next flip is taken from what was accepted before
///          this one, and compared afterwards: a branch that is almost always foreseen, in place of a chain of dependent
///          steps from field to mask to row to field.
template <bool is_monotone, class Number>
HWY_INLINE HWY_ATTR void visit_block(const PatternViews& views, std::size_t first,
                                     VisitedBlock<Number>& block, Spin* spins, Visit& visit) {
  namespace hn = hwy::HWY_NAMESPACE;
  using Lanes = VisitLanes<Number>;
  const typename Lanes::Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const int odd = views.patterns().num_patterns() % 2;
  auto allowed = ~typename Lanes::Bits{0} << (visit.next_site % lanes * Lanes::bits_per_lane);
  const std::size_t row_bytes = 8 * views.patterns().words_per_site();
  simd::Flip* const first_flip = visit.next_flip;
  simd::Flip* next_flip = first_flip;
  std::int64_t room = visit.room;
  std::size_t stop = block.size;
  for (std::size_t k = visit.next_site / lanes * lanes; k < block.size; k += lanes) {
    auto field = hn::Load(tag, block.field + k);
    const auto law = Lanes::law(block, k);
    auto bits = Lanes::template accepted<is_monotone>(field, law) & allowed;
    allowed = ~typename Lanes::Bits{0};
    while (bits != 0) {
      const std::size_t bit = Lanes::first_bit(bits), i = k + bit / Lanes::bits_per_lane;
      const auto [bytes, shorts, largest] = views.block_products(first + i);
      if (HWY_UNLIKELY((room -= largest) < 0)) {
        hn::Store(field, tag, block.field + k);
        stop = i;
        k = block.size;
        break;
      }
      // What follow_halves will read.
      const auto* flipped =
          reinterpret_cast<const char*>(views.patterns().plus(static_cast<SiteIndex>(first + i)));
      for (std::size_t j = 0; j < row_bytes; j += 64) hwy::Prefetch(flipped + j);
      const Spin spin = spins[first + i];
      *next_flip++ = {static_cast<SiteIndex>(first + i), spin};
      field = HWY_LIKELY(bytes != nullptr)
                  ? Lanes::follow(bytes, static_cast<Number>(2 * spin), static_cast<Number>(odd * spin), k,
                                  field, block)
                  : Lanes::follow(shorts, static_cast<Number>(spin), Number{0}, k, field, block);
      const auto foreseen = Lanes::after(bits, bit);
      const auto now = Lanes::after(Lanes::template accepted<is_monotone>(field, law), bit);
      bits = as_predicted(foreseen);
      if (HWY_UNLIKELY(((now ^ foreseen) & (foreseen ^ (foreseen - 1))) != 0)) bits = as_predicted(now);
    }
  }
  for (const simd::Flip* flip = first_flip; flip != next_flip; ++flip)
    spins[flip->site] = static_cast<Spin>(-flip->before);
  visit = {stop, room, next_flip};
}
#endif

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
