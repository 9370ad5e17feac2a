// Patterns as bits: their entries, their statistics, and subsets of the user's own.
#include "models/pattern_set.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "support/patterns.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

RngStream disorder(std::uint32_t sample) { return RngStream({21, StreamDomain::tests, 0, sample, 0}); }

PatternSet rademacher(SiteIndex n, SiteIndex p, double bias, std::uint32_t sample = 0) {
  RngStream random = disorder(sample);
  return PatternSet::rademacher(n, p, bias, random);
}

}  // namespace

TEST_CASE("entries are those of the table, zeros included, at every number of patterns") {
  for (const SiteIndex p : {1, 2, 63, 64, 65, 127, 128, 129, 200})
    for (const double zeros : {0.0, 0.3}) {
      const PatternTable table = tests::random_table(p, 17, zeros, 5);
      RngStream random = disorder(1);
      const PatternSet patterns = PatternSet::from_table(table, p, random);
      CHECK(patterns.num_spins() == 17);
      CHECK(patterns.num_patterns() == p);
      std::int64_t nonzero = 0;
      for (SiteIndex mu = 0; mu < p; ++mu)
        for (SiteIndex i = 0; i < 17; ++i) {
          const int entry = table.at(static_cast<std::size_t>(mu), static_cast<std::size_t>(i));
          REQUIRE(patterns.entry(i, mu) == entry);
          nonzero += entry != 0;
        }
      CHECK(patterns.num_nonzero() == nonzero);
      CHECK(patterns.has_zeros() == (nonzero < 17 * p));
    }
}

TEST_CASE("bits beyond the last pattern are zero") {
  for (const SiteIndex p : {1, 63, 64, 65, 127, 128, 130})
    for (const double bias : {0.0, 0.4}) {
      const PatternSet patterns = rademacher(5, p, bias);
      for (SiteIndex i = 0; i < 5; ++i)
        for (SiteIndex mu = p; mu < static_cast<SiteIndex>(64 * patterns.words_per_site()); ++mu)
          REQUIRE(((patterns.plus(i)[mu / 64] >> (mu % 64)) & 1) == 0);
    }
}

TEST_CASE("random patterns have the bias asked for, and no other") {
  for (const double bias : {-1.0, -0.5, 0.0, 0.2, 0.4, 0.9, 1.0}) {
    constexpr SiteIndex n = 300, p = 100;
    const PatternSet patterns = rademacher(n, p, bias);
    CHECK_FALSE(patterns.has_zeros());
    CHECK(patterns.num_nonzero() == n * p);
    std::int64_t plus = 0, along_site = 0, along_pattern = 0;
    for (SiteIndex i = 0; i < n; ++i)
      for (SiteIndex mu = 0; mu < p; ++mu) {
        plus += patterns.entry(i, mu) == 1;
        if (i > 0) along_site += patterns.entry(i, mu) == patterns.entry(i - 1, mu);
        if (mu > 0) along_pattern += patterns.entry(i, mu) == patterns.entry(i, mu - 1);
      }
    const double probability = (1 + bias) / 2;
    INFO("bias " << bias);
    if (probability == 0 || probability == 1) {
      CHECK(plus == std::int64_t{n} * p * static_cast<int>(probability));
      continue;
    }
    CHECK(std::abs(tests::binomial_z(plus, n * p, probability)) < tests::significant);
    if (bias != 0) continue;
    CHECK(std::abs(tests::binomial_z(along_site, (n - 1) * p, 0.5)) < tests::significant);
    CHECK(std::abs(tests::binomial_z(along_pattern, n * (p - 1), 0.5)) < tests::significant);
  }
}

TEST_CASE("samples differ, equal streams give equal patterns") {
  const auto word = [](const PatternSet& patterns) { return patterns.plus(0)[0]; };
  CHECK(word(rademacher(4, 64, 0, 1)) == word(rademacher(4, 64, 0, 1)));
  CHECK(word(rademacher(4, 64, 0, 1)) != word(rademacher(4, 64, 0, 2)));
}

TEST_CASE("a subset has no row twice and treats all rows alike") {
  constexpr SiteIndex rows = 12, chosen = 5, columns = 8;
  PatternTable table{rows, columns, {}, 0};  // row r spells r in binary
  for (int r = 0; r < rows; ++r)
    for (int i = 0; i < columns; ++i) table.entries.push_back((r >> i) & 1 ? 1 : -1);
  constexpr int draws = 4000;
  std::vector<std::int64_t> times(rows, 0), times_first(rows, 0);
  for (std::uint32_t sample = 0; sample < draws; ++sample) {
    RngStream random = disorder(sample);
    const PatternSet patterns = PatternSet::from_table(table, chosen, random);
    std::set<int> seen;
    for (SiteIndex mu = 0; mu < chosen; ++mu) {
      int row = 0;
      for (SiteIndex i = 0; i < columns; ++i) row |= (patterns.entry(i, mu) == 1) << i;
      seen.insert(row);
      ++times[static_cast<std::size_t>(row)];
      if (mu == 0) ++times_first[static_cast<std::size_t>(row)];
    }
    REQUIRE(seen.size() == chosen);
  }
  for (std::size_t r = 0; r < rows; ++r) {
    CHECK(std::abs(tests::binomial_z(times[r], draws, double{chosen} / rows)) < tests::significant);
    CHECK(std::abs(tests::binomial_z(times_first[r], draws, 1.0 / rows)) < tests::significant);
  }
}
