#include "models/pattern_set.hpp"

#include <algorithm>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <numeric>

#include "engine/error.hpp"

namespace mattis {

PatternSet::PatternSet(SiteIndex num_spins, SiteIndex num_patterns)
    : num_spins_(num_spins),
      num_patterns_(num_patterns),
      words_per_site_((static_cast<std::size_t>(num_patterns) + 63) / 64),
      num_nonzero_(std::int64_t{num_spins} * num_patterns),
      plus_(num_words() + spare_words, 0) {}

PatternSet::Word PatternSet::last_word() const noexcept {
  return ~Word{0} >> ((64 - num_patterns_ % 64) % 64);
}

PatternSet PatternSet::rademacher(SiteIndex num_spins, SiteIndex num_patterns, double bias,
                                  RngStream& disorder) {
  PatternSet patterns(num_spins, num_patterns);
  const std::size_t words = patterns.words_per_site_;
  const Word last = patterns.last_word();
  boost::random::bernoulli_distribution<double> is_plus((1 + bias) / 2);
  for (std::size_t w = 0; w < patterns.num_words(); ++w) {
    Word& word = patterns.plus_[w];
    if (bias == 0) {
      word = disorder();
    } else {
      for (int k = 0; k < 64; ++k) word |= Word{is_plus(disorder)} << k;
    }
    if (w % words == words - 1) word &= last;
  }
  return patterns;
}

PatternSet PatternSet::from_table(const PatternTable& table, SiteIndex num_patterns, RngStream& disorder) {
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto chosen = static_cast<std::size_t>(num_patterns);
  MATTIS_CHECK(chosen <= table.rows);
  if (chosen < table.rows) {
    for (std::size_t k = 0; k < chosen; ++k) {
      boost::random::uniform_int_distribution<std::size_t> pick(k, table.rows - 1);
      std::swap(rows[k], rows[pick(disorder)]);
    }
  }
  PatternSet patterns(static_cast<SiteIndex>(table.columns), num_patterns);
  for (SiteIndex mu = 0; mu < num_patterns; ++mu)
    for (SiteIndex i = 0; i < patterns.num_spins_; ++i)
      patterns.set(
          i, mu,
          table.entries[rows[static_cast<std::size_t>(mu)] * table.columns + static_cast<std::size_t>(i)]);
  return patterns;
}

void PatternSet::set(SiteIndex i, SiteIndex mu, int value) {
  const std::size_t w = static_cast<std::size_t>(i) * words_per_site_ + static_cast<std::size_t>(mu) / 64;
  const Word bit = Word{1} << (mu % 64);
  if (value > 0) plus_[w] |= bit;
  if (value != 0) return;
  if (present_.empty()) {
    present_.assign(plus_.size(), ~Word{0});
    for (std::size_t end = words_per_site_; end <= num_words(); end += words_per_site_)
      present_[end - 1] = last_word();
  }
  present_[w] &= ~bit;
  --num_nonzero_;
}

int PatternSet::entry(SiteIndex i, SiteIndex mu) const noexcept {
  const std::size_t w = static_cast<std::size_t>(mu) / 64;
  const auto shift = static_cast<unsigned>(mu) % 64;
  if (has_zeros() && !((present(i)[w] >> shift) & 1)) return 0;
  return (plus(i)[w] >> shift) & 1 ? 1 : -1;
}

}  // namespace mattis
