#include "models/pattern_views.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/pattern_views.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

HWY_ATTR void correlate(const std::uint8_t* HWY_RESTRICT site, const std::uint8_t* HWY_RESTRICT slices,
                        std::size_t bytes, std::int32_t num_patterns, std::int16_t* HWY_RESTRICT row) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr std::size_t sites = PatternViews::slice_sites;
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t j = 0; j < sites; ++j) {
    int differ = 0;
    for (std::size_t b = 0; b < bytes; ++b)
      differ += std::popcount(static_cast<unsigned>(site[b] ^ slices[b * sites + j]));
    row[j] = static_cast<std::int16_t>(2 * (num_patterns - 2 * differ));
  }
#else
  const hn::ScalableTag<std::uint8_t> octets;
  const hn::RepartitionToWide<decltype(octets)> wide;
  const std::size_t lanes = hn::Lanes(octets);
  HWY_ALIGN static constexpr std::uint8_t ones_of[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  const auto counts = hn::LoadDup128(octets, ones_of), low = hn::Set(octets, 0x0f);
  const auto even_octets = hn::Set(wide, 0xff);
  for (std::size_t j = 0; j < sites; j += lanes) {
    auto even = hn::Zero(wide), odd = hn::Zero(wide);
    for (std::size_t start = 0; start < bytes; start += 31) {  // 31 * 8 < 256
      const std::size_t stop = start + 31 < bytes ? start + 31 : bytes;
      auto sum = hn::Zero(octets);
      for (std::size_t b = start; b < stop; ++b) {
        const auto differ = hn::Xor(hn::Load(octets, slices + b * sites + j), hn::Set(octets, site[b]));
        const auto high = hn::BitCast(octets, hn::ShiftRight<4>(hn::BitCast(wide, differ)));
        sum = hn::Add(sum, hn::Add(hn::TableLookupBytes(counts, hn::And(differ, low)),
                                   hn::TableLookupBytes(counts, hn::And(high, low))));
      }
      even = hn::Add(even, hn::And(hn::BitCast(wide, sum), even_octets));
      odd = hn::Add(odd, hn::ShiftRight<8>(hn::BitCast(wide, sum)));
    }
    HWY_ALIGN std::uint16_t differ[2][hn::MaxLanes(wide)];
    hn::Store(even, wide, differ[0]);
    hn::Store(odd, wide, differ[1]);
    for (std::size_t k = 0; k < lanes; ++k)
      row[j + k] = static_cast<std::int16_t>(2 * (num_patterns - 2 * std::int32_t{differ[k % 2][k / 2]}));
  }
#endif
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(correlate);

void correlate_with_slice(const std::uint8_t* site, const std::uint8_t* slices, std::size_t bytes,
                          std::int32_t num_patterns, std::int16_t* row) {
  HWY_DYNAMIC_DISPATCH(correlate)(site, slices, bytes, num_patterns, row);
}

namespace {

/// Bit g of the lowest 8 to bit 8 g.
std::uint64_t spread(std::uint64_t x) noexcept {
  x &= 0xff;
  x = (x | x << 28) & 0x0000000f0000000fULL;
  x = (x | x << 14) & 0x0003000300030003ULL;
  return (x | x << 7) & 0x0101010101010101ULL;
}

/// The four patterns of group g side by side: in the low half of byte g, or in the high half of byte g - 8.
std::uint64_t grouped(std::uint64_t word) noexcept {
  std::uint64_t bytes = 0;
  for (int k = 0; k < 4; ++k)
    bytes |= spread(word >> (16 * k)) << k | spread(word >> (16 * k + 8)) << (k + 4);
  return bytes;
}

}  // namespace

template <class T>
PatternViews::Buffer<T> PatternViews::buffer(std::size_t size) {
  return Buffer<T>(new (std::align_val_t{64}) T[size]());
}

PatternViews::PatternViews(std::shared_ptr<const PatternSet> patterns)
    : patterns_(std::move(patterns)),
      num_blocks_((static_cast<std::size_t>(patterns_->num_spins()) + block_sites - 1) / block_sites) {}

void PatternViews::build_slices() const {
  const std::size_t bytes = bytes_per_site(), words = patterns_->words_per_site();
  slices_ = buffer<std::uint8_t>(num_blocks_ * block_sites * bytes);
  num_plus_ = buffer<std::int32_t>(stride());
  short_products_ =  // becomes memory where rows that do not fit bytes are written
      Buffer<std::int16_t>(new (std::align_val_t{64}) std::int16_t[num_blocks_ * block_sites * block_sites]);
  byte_products_ =
      Buffer<std::int8_t>(new (std::align_val_t{64}) std::int8_t[num_blocks_ * block_sites * block_sites]);
  largest_products_ = std::make_unique<std::atomic<std::uint16_t>[]>(stride());
  for (std::size_t i = 0; i < stride(); ++i) largest_products_[i].store(missing, std::memory_order_relaxed);
  for (SiteIndex i = 0; i < patterns_->num_spins(); ++i) {
    const auto site = static_cast<std::size_t>(i);
    std::uint8_t* column = slices_.get() + site / slice_sites * slice_sites * bytes + site % slice_sites;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t groups = grouped(patterns_->plus(i)[w]);
      num_plus_[site] += std::popcount(groups);
      for (std::size_t b = 0; b < 8; ++b)
        column[(8 * w + b) * slice_sites] = static_cast<std::uint8_t>(groups >> (8 * b));
    }
  }
}

void PatternViews::build_sextets() const {
  const std::size_t words = patterns_->words_per_site(), bytes = words * sextets_per_word;
  sextets_ = buffer<std::uint8_t>(num_blocks_ * block_sites * bytes);
  for (SiteIndex i = 0; i < patterns_->num_spins(); ++i) {
    const auto site = static_cast<std::size_t>(i);
    std::uint8_t* column = sextets_.get() + site / slice_sites * slice_sites * bytes + site % slice_sites;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t groups = grouped(patterns_->plus(i)[w]);
      const auto group = [&](std::size_t g) { return groups >> (8 * (g % 8) + g / 8 * 4) & 15; };
      for (std::size_t t = 0; t < 5; ++t) {
        const std::uint64_t shared = group(3 * t + 2), first = (shared & 1) | (shared >> 1 & 2),
                            second = (shared >> 1 & 1) | (shared >> 2 & 2);
        std::uint8_t* to = column + (w * sextets_per_word + 2 * t) * slice_sites;
        to[0] = static_cast<std::uint8_t>(group(3 * t) | first << 4);
        to[slice_sites] = static_cast<std::uint8_t>(group(3 * t + 1) | second << 4);
      }
      column[(w * sextets_per_word + 10) * slice_sites] = static_cast<std::uint8_t>(group(15));
    }
  }
}

const std::uint8_t* PatternViews::sextets(std::size_t k) const {
  std::call_once(sextets_once_, [this] { build_sextets(); });
  return sextets_.get() + k * slice_sites * patterns_->words_per_site() * sextets_per_word;
}

const std::uint8_t* PatternViews::slices(std::size_t k) const {
  std::call_once(slices_once_, [this] { build_slices(); });
  return slices_.get() + k * slice_sites * bytes_per_site();
}

void PatternViews::correlate(std::size_t i, std::size_t block, std::int16_t* row) const {
  constexpr std::size_t most = PatternViews::largest_load / 8 + 9;
  std::uint8_t site[most];
  const std::size_t bytes = bytes_per_site();
  const std::uint8_t* column = slices(i / slice_sites) + i % slice_sites;
  for (std::size_t b = 0; b < bytes; ++b) site[b] = column[b * slice_sites];
  constexpr std::size_t parts = block_sites / slice_sites;
  for (std::size_t k = 0; k < parts; ++k)
    correlate_with_slice(site, slices(parts * block + k), bytes, patterns_->num_patterns(),
                         row + k * slice_sites);
  if (block == i / block_sites) row[i % block_sites] = 0;
}

PatternViews::ProductRow PatternViews::make_block_products(std::size_t i) const {
  std::atomic<std::uint16_t>& state = largest_products_[i];
  std::uint16_t expected = missing;
  if (!state.compare_exchange_strong(expected, being_made, std::memory_order_acquire)) {
    while (state.load(std::memory_order_acquire) ==
           being_made) {  // another thread is at it: half a microsecond
    }
    return block_products(i);
  }
  const int odd = patterns_->num_patterns() % 2;
  alignas(64) std::int16_t row[block_sites];
  correlate(i, i / block_sites, row);  // 2 C_ij
  int largest = 0;
  for (std::size_t j = 0; j < block_sites; ++j) largest = std::max(largest, std::abs(row[j] / 2));
  if (largest <= largest_in_bytes) {
    std::int8_t* bytes = byte_products_.get() + i * block_sites;
    for (std::size_t j = 0; j < block_sites; ++j)
      bytes[j] = static_cast<std::int8_t>((row[j] / 2 - odd) >> 1);
  } else {
    std::int16_t* shorts = short_products_.get() + i * block_sites;
    for (std::size_t j = 0; j < block_sites; ++j) shorts[j] = static_cast<std::int16_t>(row[j] / 2);
  }
  state.store(static_cast<std::uint16_t>(largest), std::memory_order_release);
  return block_products(i);
}

namespace {

constexpr std::uintptr_t tag_shorts = 1;  // rows are aligned to 64 bytes

std::atomic<std::int64_t> bytes_of_rows{0};  // of all samples in this process

std::int64_t bytes_of(std::uintptr_t row, std::size_t stride) {
  return static_cast<std::int64_t>((row & tag_shorts) != 0 ? 2 * stride : stride);
}

}  // namespace

PatternViews::~PatternViews() {
  if (jumps_)
    for (SiteIndex i = 0; i < patterns_->num_spins(); ++i)
      if (const std::uintptr_t row = jumps_[static_cast<std::size_t>(i)].load())
        bytes_of_rows -= bytes_of(row, stride());
}

void PatternViews::reserve_jumps(double most_bytes) const {
  const auto n = static_cast<std::size_t>(patterns_->num_spins());
  std::call_once(jumps_once_, [&] {
    jumps_ = std::make_unique<std::atomic<std::uintptr_t>[]>(n);
    if (!patterns_->has_zeros()) slices(0);
  });
  const double all = 2 * static_cast<double>(stride()) * static_cast<double>(n);
  row_arena_.reserve(static_cast<std::size_t>(std::min(most_bytes, all)));
}

PatternViews::JumpRow PatternViews::jumps(std::size_t i, double most_bytes, std::int16_t* scratch) const {
  std::uintptr_t row = jumps_[i].load(std::memory_order_acquire);
  if (row == 0) [[unlikely]] {
    const auto most = static_cast<std::int64_t>(2 * stride());
    if (static_cast<double>(bytes_of_rows.load(std::memory_order_relaxed) + most) > most_bytes)
      return {nullptr, nullptr};
    const std::uintptr_t made = make_jumps(i, scratch);
    if (made == 0) return {nullptr, nullptr};
    if (jumps_[i].compare_exchange_strong(row, made, std::memory_order_acq_rel)) {
      row = made;
      bytes_of_rows += bytes_of(row, stride());
      has_jumps_.store(true, std::memory_order_relaxed);
    }  // else another thread was faster: the same numbers, and the room is lost
  }
  const void* numbers = reinterpret_cast<const void*>(row & ~tag_shorts);
  if ((row & tag_shorts) != 0) return {nullptr, static_cast<const std::int16_t*>(numbers)};
  return {static_cast<const std::int8_t*>(numbers), nullptr};
}

void PatternViews::write_jumps(std::size_t i, std::int16_t* row) const {
  if (!patterns_->has_zeros()) {
    for (std::size_t b = 0; b < num_blocks_; ++b) correlate(i, b, row + b * block_sites);
    return;
  }
  const auto site = static_cast<SiteIndex>(i);
  for (SiteIndex j = 0; j < patterns_->num_spins(); ++j) {
    int both = 0, differ = 0;
    for (std::size_t w = 0; w < patterns_->words_per_site(); ++w) {
      const std::uint64_t present = patterns_->present(site)[w] & patterns_->present(j)[w];
      both += std::popcount(present);
      differ += std::popcount(present & (patterns_->plus(site)[w] ^ patterns_->plus(j)[w]));
    }
    row[j] = static_cast<std::int16_t>(2 * (both - 2 * differ));
  }
}

std::uintptr_t PatternViews::make_jumps(std::size_t i, std::int16_t* scratch) const {
  const auto n = static_cast<std::size_t>(patterns_->num_spins());
  write_jumps(i, scratch);
  scratch[i] = 0;
  std::fill(scratch + n, scratch + stride(), std::int16_t{0});
  const bool fits = !patterns_->has_zeros() &&
                    std::all_of(scratch, scratch + n, [](int jump) { return std::abs(jump) <= 510; });
  std::byte* room = row_arena_.take(fits ? stride() : 2 * stride());
  if (room == nullptr) return 0;
  const auto place = reinterpret_cast<std::uintptr_t>(room);
  if (!fits) {
    std::copy_n(scratch, stride(), reinterpret_cast<std::int16_t*>(room));
    return place + tag_shorts;
  }
  auto* bytes = reinterpret_cast<std::int8_t*>(room);
  for (std::size_t j = 0; j < stride(); ++j)
    bytes[j] = static_cast<std::int8_t>((scratch[j] - jump_offset()) >> 2);
  return place;
}

}  // namespace mattis
#endif
