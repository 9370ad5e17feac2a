// The stored patterns once more, as fast kernels read them: transposed in blocks of sites, and multiplied with each other.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/simd/cached_sweep.hpp"
#include "models/pattern_set.hpp"
#include "models/row_arena.hpp"

namespace mattis {

/// Views of one PatternSet, built when first asked for, by whichever thread asks; then immutable and shared.
///
/// `slices`        for each `slice_sites` sites and each 8 patterns, one byte per site: two groups of 4 patterns. Word w of a row holds patterns 64 w ... 64 w + 63; group g = 0 ... 15 of it is the patterns
///                 g, g+16, g+32, g+48 of the word; byte b holds group b in its low half and group b+8 in its high half.
/// `sextets`       for each `slice_sites` sites and each word, 11 bytes per site: with the groups g of a word as above, for t = 0 ... 4
///                 group 3 t and the bits 0 and 2 of group 3 t + 2, group 3 t + 1 and the bits 1 and 3 of 3 t + 2; then group 15.
/// `num_plus`      for each site the number of its patterns up.
/// `block_products` C_ij = sum_mu xi_i^mu xi_j^mu for all j of the block of i, row by row, and the largest |C_ij|, j != i, of
///                 each row. In bytes, (C_ij - P mod 2) / 2, where all |C_ij| of the row are at most 255, else in 16 bits.
/// `jumps`         rows of 2 C_ij for all j, as flips ask for them: in bytes, (2 C_ij - 2 (P mod 2)) / 4, where all |C_ij|
///                 of the row are at most 255 and no entry is 0; else in 16 bits. Kept while they take no more than asked.
/// Memory   slices N P / 8, block_products N block_sites (more where rows do not fit bytes), jumps N bytes a row or
///          twice that.
/// Domain   P <= largest_load, so that 2 C_ij fits 16 bits; slices and block_products for patterns without entries 0.
class PatternViews {
 public:
  static constexpr std::size_t block_sites = 128, slice_sites = 64;
  static constexpr SiteIndex largest_load = 16383;

  explicit PatternViews(std::shared_ptr<const PatternSet> patterns);
  PatternViews(const PatternViews&) = delete;
  PatternViews& operator=(const PatternViews&) = delete;
  ~PatternViews();

  /// Bytes of what `slices` makes, and of sextets.
  static double sextet_bytes(double num_spins, double num_patterns) {
    return (num_spins + block_sites) * (num_patterns / 64 + 1) * sextets_per_word;
  }
  static double slice_bytes(double num_spins, double num_patterns) {
    return (num_spins + block_sites) * (num_patterns / 8 + 8 + block_sites + 8);
  }

  const PatternSet& patterns() const noexcept { return *patterns_; }
  const std::shared_ptr<const PatternSet>& shared_patterns() const noexcept { return patterns_; }
  std::size_t bytes_per_site() const noexcept { return 8 * patterns_->words_per_site(); }
  std::size_t num_blocks() const noexcept { return num_blocks_; }
  /// Entries of a row of `jumps`.
  std::size_t stride() const noexcept { return num_blocks_ * block_sites; }

  /// bytes_per_site() x slice_sites bytes of the sites from k slice_sites on.
  const std::uint8_t* slices(std::size_t k) const;
  static constexpr std::size_t sextets_per_word = 11;
  /// words x sextets_per_word x slice_sites bytes of the sites from k slice_sites on.
  const std::uint8_t* sextets(std::size_t k) const;
  /// stride() numbers; after `slices`.
  const std::int32_t* num_plus() const noexcept { return num_plus_.get(); }
  /// A row of block_sites numbers, one of the two is null; and max_j |C_ij|.
  struct ProductRow {
    const std::int8_t* bytes;  ///< (C_ij - P mod 2) / 2
    const std::int16_t* shorts;
    std::int32_t largest;
  };
  /// That of site i; after `slices`.
  ProductRow block_products(std::size_t i) const {
    const std::uint16_t largest = largest_products_[i].load(std::memory_order_acquire);
    if (largest <= largest_in_bytes) [[likely]]
      return {byte_products_.get() + i * block_sites, nullptr, largest};
    return largest <= largest_load ? ProductRow{nullptr, short_products_.get() + i * block_sites, largest}
                                   : make_block_products(i);
  }

  using JumpRow = simd::JumpRows::Row;
  /// Room for rows, while they take no more than `most_bytes`; before `jumps`.
  void reserve_jumps(double most_bytes) const;
  /// 2 C_ij of row i, made when first asked for; {null, null} where all rows of this process would take more than
  /// `most_bytes` with it.
  /// `scratch`: stride() numbers of the caller.
  /// Cost: N P / 8 byte operations once.
  JumpRow jumps(std::size_t i, double most_bytes, std::int16_t* scratch) const;
  /// The same into stride() numbers of the caller.
  void write_jumps(std::size_t i, std::int16_t* row) const;
  /// 2 C_ij = 4 bytes_ij + offset, i != j.
  std::int32_t jump_offset() const noexcept { return 2 * (patterns_->num_patterns() % 2); }
  /// Has any row been made?
  bool has_jumps() const noexcept { return has_jumps_.load(std::memory_order_relaxed); }

 private:
  struct Aligned {
    void operator()(void* p) const noexcept { ::operator delete[](p, std::align_val_t{64}); }
  };
  template <class T>
  using Buffer = std::unique_ptr<T[], Aligned>;
  template <class T>
  static Buffer<T> buffer(std::size_t size);

  static constexpr std::uint16_t largest_in_bytes = 255;
  /// In place of the largest |C_ij| of a row.
  enum RowState : std::uint16_t { being_made = 0xfffe, missing };

  void build_slices() const;
  void build_sextets() const;
  ProductRow make_block_products(std::size_t i) const;
  /// The place of a row, with `tag_shorts` added where it has 16 bits; 0 if there is no room for it.
  std::uintptr_t make_jumps(std::size_t i, std::int16_t* scratch) const;
  void correlate(std::size_t i, std::size_t block, std::int16_t* row) const;

  std::shared_ptr<const PatternSet> patterns_;
  std::size_t num_blocks_;
  mutable std::once_flag slices_once_, sextets_once_, jumps_once_;
  mutable std::atomic<bool> has_jumps_{false};
  mutable std::unique_ptr<std::atomic<std::uintptr_t>[]> jumps_;  // null: not made
  mutable RowArena row_arena_;
  mutable Buffer<std::uint8_t> slices_, sextets_;
  mutable Buffer<std::int32_t> num_plus_;
  mutable Buffer<std::int16_t> short_products_;
  mutable Buffer<std::int8_t> byte_products_;
  mutable std::unique_ptr<std::atomic<std::uint16_t>[]> largest_products_;  // or a RowState
};

/// row[j] = 2 (P - 2 d_j), d_j = number of patterns in which the site with bytes `site` differs from site j of the slice.
void correlate_with_slice(const std::uint8_t* site, const std::uint8_t* slices, std::size_t bytes,
                          std::int32_t num_patterns, std::int16_t* row);

}  // namespace mattis
