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
/// its proposal. Then c_i <= theta_i says s_i g_i <= (theta_i - r) / 2, and a flip of s_j changes g_i by -s_j C_ij.
template <class Number>
struct VisitedBlock {
  static constexpr std::size_t size = PatternViews::block_sites;
  alignas(64) Number field[size];         ///< g_i
  alignas(64) Number sign[size];          ///< 0 where s_i = +1, -1 where s_i = -1
  alignas(64) Number theta[size];         ///< floor((theta_i - r) / 2)
  alignas(64) Number refuses_free[size];  ///< thresholds.hpp; free flips are those of g_i = 0, r = 0
};

/// Where a visit is.
struct Visit {
  std::size_t next_site = 0;  ///< of the block
  std::int64_t room = 0;      ///< fields may move by so much before they could wrap
  simd::Flip* next_flip = nullptr;
};

#if HWY_TARGET == HWY_SCALAR
template <bool is_monotone, class Number>
void fetch_candidates(const PatternViews&, std::size_t, const VisitedBlock<Number>&) {}

template <bool is_monotone, class Number>
void visit_block(const PatternViews& views, std::size_t first, VisitedBlock<Number>& block, Spin* spins,
                 Visit& visit) {
  for (std::size_t i = visit.next_site; i < block.size; ++i) {
    const Number cost = static_cast<Number>(block.sign[i] != 0 ? -block.field[i] : block.field[i]);
    if (cost > block.theta[i] || (!is_monotone && cost == 0 && block.refuses_free[i] != 0)) continue;
    const auto [bytes, shorts] = views.block_products(first + i);
    if ((visit.room -= views.largest_product(first + i)) < 0) {
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
  using Octets = hwy::HWY_NAMESPACE::ScalableTag<std::uint8_t>;

  /// Which proposals of the vector at k are accepted: sizeof(Number) bits for each lane.
  template <bool is_monotone>
  static HWY_INLINE HWY_ATTR std::uint64_t accepted(const VisitedBlock<Number>& block, std::size_t k,
                                                    Vector field, Vector sign) {
    namespace hn = hwy::HWY_NAMESPACE;
    const Tag tag;
    const auto cost = hn::Sub(hn::Xor(field, sign), sign);
    auto refused = hn::VecFromMask(tag, hn::Gt(cost, hn::Load(tag, block.theta + k)));
    if constexpr (!is_monotone) {
      const auto is_free = hn::VecFromMask(tag, hn::Eq(cost, hn::Zero(tag)));
      refused = hn::Or(refused, hn::And(is_free, hn::Load(tag, block.refuses_free + k)));
    }
    using Bits =
        std::conditional_t<hn::MaxLanes(Octets()) == 64, std::uint64_t,
                           std::conditional_t<hn::MaxLanes(Octets()) == 32, std::uint32_t, std::uint16_t> >;
    std::uint8_t bytes[8];
    hn::StoreMaskBits(Octets(), hn::MaskFromVec(hn::BitCast(Octets(), refused)), bytes);
    Bits bits;
    std::memcpy(&bits, bytes, sizeof bits);
    return static_cast<Bits>(~bits);
  }

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

HWY_INLINE HWY_ATTR void fetch_row(const PatternSet& patterns, SiteIndex i) {
  const auto* row = reinterpret_cast<const char*>(patterns.plus(i));
  const std::size_t bytes = patterns.words_per_site() * sizeof(std::uint64_t);
  for (std::size_t k = 0; k < bytes; k += 64) hwy::Prefetch(row + k);
}

/// Most sites that would flip now will: what their flips read is on the way while the first are visited.
template <bool is_monotone, class Number>
HWY_INLINE HWY_ATTR void fetch_candidates(const PatternViews& views, std::size_t first,
                                          const VisitedBlock<Number>& block) {
  namespace hn = hwy::HWY_NAMESPACE;
  using Lanes = VisitLanes<Number>;
  const typename Lanes::Tag tag;
  constexpr std::size_t row_bytes = VisitedBlock<Number>::size;
  for (std::size_t k = 0; k < block.size; k += hn::Lanes(tag)) {
    std::uint64_t bits = Lanes::template accepted<is_monotone>(block, k, hn::Load(tag, block.field + k),
                                                               hn::Load(tag, block.sign + k));
    while (bits != 0) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
      bits &= ~std::uint64_t{1} << (bit + sizeof(Number) - 1);
      const std::size_t i = k + bit / sizeof(Number);
      const auto* row = reinterpret_cast<const char*>(views.place_of_block_products(first + i));
      for (std::size_t j = k / 64 * 64; j < row_bytes; j += 64) hwy::Prefetch(row + j);
      fetch_row(views.patterns(), static_cast<SiteIndex>(first + i));
    }
  }
}

/// Proposals from visit.next_site on; stops before the flip that there is no room for.
template <bool is_monotone, class Number>
HWY_INLINE HWY_ATTR void visit_block(const PatternViews& views, std::size_t first,
                                     VisitedBlock<Number>& block, Spin* spins, Visit& visit) {
  namespace hn = hwy::HWY_NAMESPACE;
  using Lanes = VisitLanes<Number>;
  const typename Lanes::Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const int odd = views.patterns().num_patterns() % 2;
  std::uint64_t allowed = ~std::uint64_t{0} << (visit.next_site % lanes * sizeof(Number));
  for (std::size_t k = visit.next_site / lanes * lanes; k < block.size; k += lanes) {
    auto field = hn::Load(tag, block.field + k);
    const auto sign = hn::Load(tag, block.sign + k);
    std::uint64_t bits = Lanes::template accepted<is_monotone>(block, k, field, sign) & allowed;
    allowed = ~std::uint64_t{0};
    while (bits != 0) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
      const std::size_t i = k + bit / sizeof(Number);
      const auto [bytes, shorts] = views.block_products(first + i);
      if ((visit.room -= views.largest_product(first + i)) < 0) {
        hn::Store(field, tag, block.field + k);
        visit.next_site = i;
        return;
      }
      const Spin spin = spins[first + i];
      spins[first + i] = static_cast<Spin>(-spin);
      *visit.next_flip++ = {static_cast<SiteIndex>(first + i), spin};
      field = HWY_LIKELY(bytes != nullptr)
                  ? Lanes::follow(bytes, static_cast<Number>(2 * spin), static_cast<Number>(odd * spin), k,
                                  field, block)
                  : Lanes::follow(shorts, static_cast<Number>(spin), Number{0}, k, field, block);
      bits = Lanes::template accepted<is_monotone>(block, k, field, sign) &
             (~std::uint64_t{1} << (bit + sizeof(Number) - 1));
    }
  }
  visit.next_site = block.size;
}
#endif

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
