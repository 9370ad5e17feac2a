// Stored patterns xi_i^mu in {-1, 0, +1} as bits, one row of P bits per site.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/random_stream.hpp"
#include "engine/spins.hpp"
#include "models/pattern_file.hpp"

namespace mattis {

/// Immutable, shared by every chain of a disorder sample. Memory N P / 8 bytes (twice that with entries 0).
class PatternSet {
 public:
  using Word = std::uint64_t;
  static constexpr std::size_t spare_words = 8;  ///< after the last row: vectors need not end with a row

  /// Independent entries, P(xi = +1) = (1 + bias)/2, P(xi = -1) = (1 - bias)/2, -1 <= bias <= 1.
  static PatternSet rademacher(SiteIndex num_spins, SiteIndex num_patterns, double bias, RngStream& disorder);

  /// num_patterns rows of the table: all of them in their order, or a uniformly random subset in random order.
  static PatternSet from_table(const PatternTable& table, SiteIndex num_patterns, RngStream& disorder);

  SiteIndex num_spins() const noexcept { return num_spins_; }
  SiteIndex num_patterns() const noexcept { return num_patterns_; }

  int entry(SiteIndex i, SiteIndex mu) const noexcept;
  bool has_zeros() const noexcept { return !present_.empty(); }
  /// sum_i (xi_i^mu)^2 summed over mu: N P without zeros.
  std::int64_t num_nonzero() const noexcept { return num_nonzero_; }

  std::size_t words_per_site() const noexcept { return words_per_site_; }
  /// Bit mu set where xi_i^mu = +1. `spare_words` beyond the row may be read, whatever they hold.
  const Word* plus(SiteIndex i) const noexcept {
    return plus_.data() + static_cast<std::size_t>(i) * words_per_site_;
  }
  /// Bit mu set where xi_i^mu is not 0; only if has_zeros().
  const Word* present(SiteIndex i) const noexcept {
    return present_.data() + static_cast<std::size_t>(i) * words_per_site_;
  }

 private:
  PatternSet(SiteIndex num_spins, SiteIndex num_patterns);
  void set(SiteIndex i, SiteIndex mu, int value);
  std::size_t num_words() const noexcept { return words_per_site_ * static_cast<std::size_t>(num_spins_); }
  Word last_word() const noexcept;  // the bits of a row's last word that belong to patterns

  SiteIndex num_spins_, num_patterns_;
  std::size_t words_per_site_;
  std::int64_t num_nonzero_;
  std::vector<Word> plus_, present_;
};

}  // namespace mattis
