// What a flip changes, by tables, against the forces before and after it.
#include "models/force_changes.hpp"

#include <catch2/catch.hpp>

#include "models/dense_table.hpp"
#include "support/targets.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const NarrowLaw> law_of(DenseForm form, int p, SiteIndex n) {
  const DenseTable table(form, p, n, std::vector<int>{n});
  return std::make_shared<const NarrowLaw>(n, table.forces().data() + n, table.curvatures().data() + n);
}

/// K patterns, the first `num_aligned` of them near the state 1 1 1 ..., in which |M| is then near N.
std::shared_ptr<const PatternSet> patterns_of(SiteIndex n, SiteIndex k, SiteIndex num_aligned, double bias,
                                              RngStream& random) {
  PatternTable table;
  table.rows = static_cast<std::size_t>(k);
  table.columns = static_cast<std::size_t>(n);
  for (SiteIndex mu = 0; mu < k; ++mu)
    for (SiteIndex i = 0; i < n; ++i) {
      const double plus = mu < num_aligned ? 0.98 : 0.5 * (1 + bias);
      table.entries.push_back(static_cast<double>(random() >> 11) * 0x1p-53 < plus ? 1 : -1);
    }
  return std::make_shared<const PatternSet>(PatternSet::from_table(table, k, random));
}

void check(DenseForm form, int p, SiteIndex n, SiteIndex k, SiteIndex num_aligned, double bias, int flips) {
  INFO("form " << static_cast<int>(form) << ", p = " << p << ", N = " << n << ", K = " << k << ", "
               << num_aligned << " aligned");
  const auto law = law_of(form, p, n);
  RngStream random({20261201, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
  const auto patterns = patterns_of(n, k, num_aligned, bias, random);
  const auto views = std::make_shared<const PatternViews>(patterns);
  Configuration s(static_cast<std::size_t>(n), Spin{1});
  std::vector<std::int32_t> counts(static_cast<std::size_t>(k), 0);
  for (SiteIndex mu = 0; mu < k; ++mu)
    for (SiteIndex i = 0; i < n; ++i) counts[static_cast<std::size_t>(mu)] += patterns->entry(i, mu);
  const std::vector<std::int32_t> at_start = counts;
  tests::for_each_target([&](const char* target) {
    INFO(target);
    std::fill(s.begin(), s.end(), Spin{1});
    counts = at_start;
    NarrowForces forces(law, patterns);
    forces.follow(counts);
    ForceChanges changes(law, views);
    for (int step = 0; step < flips; ++step) {
      const auto i = static_cast<SiteIndex>(random() % static_cast<std::uint64_t>(n));
      Spin& spin = s[static_cast<std::size_t>(i)];
      if (step % 5 == 4) {  // the plain flip in between
        forces.flip(i, spin);
        for (SiteIndex mu = 0; mu < k; ++mu)
          counts[static_cast<std::size_t>(mu)] -= 2 * spin * patterns->entry(i, mu);
        spin = static_cast<Spin>(-spin);
        continue;
      }
      std::vector<std::int64_t> expected(static_cast<std::size_t>(n), 0);
      for (SiteIndex mu = 0; mu < k; ++mu) {
        std::int32_t& count = counts[static_cast<std::size_t>(mu)];
        const std::int32_t before = count;
        count -= 2 * spin * patterns->entry(i, mu);
        const std::int64_t change =
            law->force((count - law->odd()) / 2) - law->force((before - law->odd()) / 2);
        for (SiteIndex j = 0; j < n; ++j)
          if (patterns->entry(j, mu) > 0) expected[static_cast<std::size_t>(j)] += change;
      }
      const auto found = changes.flip(forces, i, spin);
      REQUIRE(std::vector<std::int64_t>(found.begin(), found.end()) == expected);
      spin = static_cast<Spin>(-spin);
      std::vector<std::int32_t> written(counts.size());
      forces.write(written);
      REQUIRE(written == counts);
    }
  });
}

}  // namespace

TEST_CASE("changes of three-body forces are small and regular, those of others need not be") {
  for (const DenseForm form : {DenseForm::distinct, DenseForm::power})
    for (const SiteIndex n : {12, 13, 200, 201, 500, 999, 1000}) {
      const auto law = law_of(form, 3, n);
      const ChangeLaw change(*law, n, 1000);
      INFO("N = " << n);
      CHECK(change.is_useful);
      for (std::int32_t v = -law->largest(); v < law->largest(); ++v) {
        const auto lower = static_cast<std::int16_t>(law->force(v)),
                   upper = static_cast<std::int16_t>(law->force(v + 1));
        REQUIRE(change.offset + change.factor() * change.number(lower, upper) == upper - lower);
        REQUIRE(change.offset + change.factor() * change.number(upper, lower) == lower - upper);
      }
    }
  CHECK_FALSE(ChangeLaw(*law_of(DenseForm::distinct, 4, 200), 200, 1000).is_useful);
  CHECK_FALSE(ChangeLaw(*law_of(DenseForm::distinct, 8, 200), 200, 1000).is_useful);
  CHECK_FALSE(ChangeLaw(*law_of(DenseForm::distinct, 3, 10000), 10000, 1000).is_useful);
  CHECK_FALSE(ChangeLaw(*law_of(DenseForm::distinct, 3, 200), 200, 2147483647).is_useful);
}

TEST_CASE("tables of changes are the changes of the forces") {
  for (const DenseForm form : {DenseForm::distinct, DenseForm::power})
    for (const SiteIndex n : {12, 61, 64, 65, 200})
      for (const SiteIndex k : {1, 16, 511, 512, 1300}) check(form, 3, n, k, 0, 0, 10);
}

TEST_CASE("patterns that exceed a byte or 16 bits keep the tables exact") {
  for (const SiteIndex n : {200, 401, 600}) {
    check(DenseForm::distinct, 3, n, 700, 0, 0.5, 10);  // all patterns large
    check(DenseForm::distinct, 3, n, 700, 1, 0, 10);    // one retrieved: alone in its table
    check(DenseForm::distinct, 3, n, 700, 40, 0, 10);   // and several
    check(DenseForm::power, 3, n, 700, 3, 0, 10);
  }
  check(DenseForm::rectified, 3, 100, 600, 2, 0, 10);  // no polynomials
  check(DenseForm::distinct, 4, 100, 600, 2, 0, 10);   // not useful, but right
}

TEST_CASE("many patterns fill sums of bytes and of 16 bits") {
  check(DenseForm::distinct, 3, 40, 30000, 0, 0, 3);
  check(DenseForm::distinct, 3, 250, 8000, 0, 0.4, 3);
}
