// Forces in 16 bits against the tables they stand for.
#include "models/narrow_forces.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/dense_table.hpp"
#include "support/targets.hpp"

using namespace mattis;

namespace {

struct Forces {
  DenseTable table;
  std::shared_ptr<const NarrowLaw> law;
  Forces(DenseForm form, int p, SiteIndex n)
      : table(form, p, n, std::vector<int>{n}),
        law(std::make_shared<const NarrowLaw>(n, table.forces().data() + n, table.curvatures().data() + n)) {}
};

}  // namespace

TEST_CASE("16 bits and what they lack are the numbers of the table") {
  for (const DenseForm form : {DenseForm::distinct, DenseForm::power, DenseForm::rectified})
    for (int p = 2; p <= 8; ++p)
      for (const SiteIndex n : {8, 9, 50, 199, 500}) {
        const Forces forces(form, p, n);
        INFO("form " << static_cast<int>(form) << ", p = " << p << ", N = " << n);
        for (int m = -n; m <= n; m += 2) {
          const auto v = static_cast<std::int32_t>((m - n % 2) / 2);
          const auto narrow = forces.law->narrow(v), beyond = forces.law->beyond(v);
          const auto x = static_cast<std::size_t>(n + m);
          REQUIRE(narrow.force == static_cast<std::int16_t>(narrow.force));
          REQUIRE(narrow.curvature == static_cast<std::int16_t>(narrow.curvature));
          REQUIRE(narrow.force + beyond.force == forces.table.forces()[x]);
          REQUIRE(narrow.curvature + beyond.curvature == forces.table.curvatures()[x]);
          if (std::abs(v) <= forces.law->largest()) {
            REQUIRE(beyond.force == 0);
            REQUIRE(beyond.curvature == 0);
          }
        }
      }
}

TEST_CASE("G of distinct sites and of powers is a polynomial modulo 2^16") {
  for (const DenseForm form : {DenseForm::distinct, DenseForm::power})
    for (const int p : {3, 4})
      for (const SiteIndex n : {100, 101, 500, 1001})
        CHECK(Forces(form, p, n).law->polynomials().force.size() == static_cast<std::size_t>(p));
  CHECK(Forces(DenseForm::rectified, 3, 100).law->polynomials().force.empty());
}

TEST_CASE("forces in 16 bits serve sizes where almost all patterns fit") {
  CHECK(Forces(DenseForm::distinct, 3, 500).law->is_useful(12500));
  CHECK(Forces(DenseForm::distinct, 4, 200).law->is_useful(400000));
  CHECK_FALSE(Forces(DenseForm::distinct, 4, 2000).law->is_useful(100));
  CHECK_FALSE(Forces(DenseForm::distinct, 8, 300).law->is_useful(2147483647));
}

TEST_CASE("flips keep sums, counts and forces") {
  for (const DenseForm form : {DenseForm::distinct, DenseForm::power, DenseForm::rectified})
    for (const int p : {3, 4, 6})
      for (const SiteIndex n : {12, 61})
        for (const SiteIndex k : {1, 16, 511, 512, 1300}) {
          INFO("form " << static_cast<int>(form) << ", p = " << p << ", N = " << n << ", K = " << k);
          const Forces of(form, p, n);
          RngStream random({20261130, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
          const auto patterns = std::make_shared<const PatternSet>(PatternSet::rademacher(n, k, 0.3, random));
          Configuration s(static_cast<std::size_t>(n), Spin{1});
          const auto counts_of = [&] {
            std::vector<std::int32_t> counts(static_cast<std::size_t>(k), 0);
            for (SiteIndex mu = 0; mu < k; ++mu)
              for (SiteIndex i = 0; i < n; ++i)
                counts[static_cast<std::size_t>(mu)] +=
                    patterns->entry(i, mu) * s[static_cast<std::size_t>(i)];
            return counts;
          };
          tests::for_each_target([&](const char* target) {
            INFO(target);
            NarrowForces forces(of.law, patterns);
            forces.follow(counts_of());
            for (int step = 0; step < 40; ++step) {
              const auto i = static_cast<SiteIndex>(random() % static_cast<std::uint64_t>(n));
              forces.flip(i, s[static_cast<std::size_t>(i)]);
              s[static_cast<std::size_t>(i)] = static_cast<Spin>(-s[static_cast<std::size_t>(i)]);
              const std::vector<std::int32_t> counts = counts_of();
              std::vector<std::int32_t> written(counts.size());
              forces.write(written);
              REQUIRE(written == counts);
              const std::vector<SiteIndex> sites{0, i, n - 1, i, 1, 2, 3, 4, 5};
              std::vector<std::int64_t> sums(sites.size()), expected(sites.size(), 0);
              std::int64_t all = 0, curvatures = 0;
              for (SiteIndex mu = 0; mu < k; ++mu) {
                const auto x = static_cast<std::size_t>(n + counts[static_cast<std::size_t>(mu)]);
                all += of.table.forces()[x];
                curvatures += of.table.curvatures()[x];
                for (std::size_t r = 0; r < sites.size(); ++r)
                  if (patterns->entry(sites[r], mu) > 0) expected[r] += of.table.forces()[x];
              }
              forces.sum_over_plus(sites, sums.data());
              REQUIRE(sums == expected);
              REQUIRE(forces.force_sum() == all);
              REQUIRE(forces.curvature_sum() == curvatures);
            }
          });
        }
}
