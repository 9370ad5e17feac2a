// The pattern machine against energies by double sums over sites, in exact integers.
#include "models/pattern_system.hpp"

#include <catch2/catch.hpp>

#include "models/start.hpp"
#include "support/patterns.hpp"

using namespace mattis;

namespace {

/// F(M) = -M^2 / 2N: the counts are the forces.
struct Pairwise {
  using Force = std::int32_t;
  static constexpr bool pairwise = true;
  double num_spins;
  double unit() const { return 2 / num_spins; }
  Force force(std::int32_t count) const { return count; }
  Force curvature(std::int32_t) const { return 1; }
  double total(std::span<const std::int32_t> counts, std::int64_t nonzero) const {
    double squares = 0;
    for (const double m : counts) squares += m * m;
    return -(squares - static_cast<double>(nonzero)) / (2 * num_spins);
  }
};

/// F(M) = -M^4 in units of 1: forces and curvatures that are not the counts.
struct Quartic {
  using Force = std::int64_t;
  static constexpr bool pairwise = false;
  static std::int64_t power(std::int64_t m) { return -m * m * m * m; }
  double unit() const { return 1; }
  Force force(std::int32_t m) const { return (power(m - 2) - power(m + 2)) / 2; }
  Force curvature(std::int32_t m) const { return (2 * power(m) - power(m - 2) - power(m + 2)) / 2; }
  double total(std::span<const std::int32_t> counts, std::int64_t) const {
    double sum = 0;
    for (const std::int64_t m : counts) sum += static_cast<double>(power(m));
    return sum;
  }
};

std::vector<std::int64_t> slow_counts(const PatternSet& patterns, const Configuration& s) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(patterns.num_patterns()), 0);
  for (SiteIndex mu = 0; mu < patterns.num_patterns(); ++mu)
    for (SiteIndex i = 0; i < patterns.num_spins(); ++i)
      counts[static_cast<std::size_t>(mu)] += patterns.entry(i, mu) * s[static_cast<std::size_t>(i)];
  return counts;
}

/// N J_ij = sum_mu xi_i xi_j, no diagonal; N H = -sum_{i < j} N J_ij s_i s_j.
class SlowHopfield {
 public:
  explicit SlowHopfield(const PatternSet& patterns)
      : n_(static_cast<std::size_t>(patterns.num_spins())), coupling_(n_ * n_, 0) {
    for (SiteIndex mu = 0; mu < patterns.num_patterns(); ++mu) {
      std::vector<int> xi;
      for (SiteIndex i = 0; i < patterns.num_spins(); ++i) xi.push_back(patterns.entry(i, mu));
      for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t j = 0; j < i; ++j) coupling_[i * n_ + j] += xi[i] * xi[j];
    }
  }
  std::int64_t times_n(const Configuration& s) const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < i; ++j) sum -= coupling_[i * n_ + j] * s[i] * s[j];
    return sum;
  }

 private:
  std::size_t n_;
  std::vector<int> coupling_;
};

Configuration flipped(Configuration s, SiteIndex i) {
  auto& spin = s[static_cast<std::size_t>(i)];
  spin = static_cast<Spin>(-spin);
  return s;
}

enum class Kind { random, biased, diluted };

std::shared_ptr<const PatternSet> patterns_of(Kind kind, SiteIndex n, SiteIndex p) {
  RngStream random({31, StreamDomain::tests, static_cast<std::uint64_t>(kind), static_cast<std::uint32_t>(n),
                    static_cast<std::uint32_t>(p)});
  if (kind == Kind::diluted)
    return std::make_shared<PatternSet>(
        PatternSet::from_table(tests::random_table(p, n, 0.4, random()), p, random));
  return std::make_shared<PatternSet>(PatternSet::rademacher(n, p, kind == Kind::biased ? 0.4 : 0.0, random));
}

void check_pairwise(Kind kind, SiteIndex n, SiteIndex p) {
  const auto patterns = patterns_of(kind, n, p);
  RngStream random(
      {32, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(p)});
  const Configuration start = random_configuration(n, random);
  PatternSystem<Pairwise> system(patterns, {static_cast<double>(n)}, start);
  const SlowHopfield slow(*patterns);
  const std::int64_t energy = slow.times_n(start);
  REQUIRE(system.snapshot().energy == static_cast<double>(energy) / n);
  for (const SiteIndex i : {0, n / 2, n - 1}) {
    const Configuration there = flipped(start, i);
    const std::int64_t difference = slow.times_n(there) - energy;
    REQUIRE(2 * system.flip_cost(i) == difference);
    system.flip(i);
    REQUIRE(system.snapshot().energy == static_cast<double>(energy + difference) / n);
    REQUIRE(2 * system.flip_cost(i) == -difference);
    system.flip(i);
    REQUIRE(system.snapshot().energy == static_cast<double>(energy) / n);
  }
}

template <class Energy>
void check_counts_after_flips(Kind kind, Energy energy, int flips) {
  constexpr SiteIndex n = 70, p = 130;
  const auto patterns = patterns_of(kind, n, p);
  RngStream random({33, StreamDomain::tests, 0, 0, 0});
  Configuration spins = random_configuration(n, random);
  PatternSystem<Energy> system(patterns, energy, spins);
  for (int k = 0; k < flips; ++k) {
    const auto i = static_cast<SiteIndex>(random() % n);
    system.flip(i);
    spins = flipped(spins, i);
  }
  const Snapshot now = system.snapshot();
  const auto counts = slow_counts(*patterns, spins);
  REQUIRE(now.overlap_counts.size() == counts.size());
  CHECK(std::equal(counts.begin(), counts.end(), now.overlap_counts.begin()));
  CHECK(std::equal(spins.begin(), spins.end(), now.spins.begin()));
  const PatternSystem<Energy> rebuilt(patterns, energy, spins);
  CHECK(rebuilt.snapshot().energy == now.energy);
  for (SiteIndex i = 0; i < n; ++i) CHECK(rebuilt.flip_cost(i) == system.flip_cost(i));
}

constexpr Kind kinds[] = {Kind::random, Kind::biased, Kind::diluted};

}  // namespace

TEST_CASE(
    "costs and energies are those of the double sum, for every N to 70 around every word boundary of P") {
  for (const Kind kind : kinds)
    for (SiteIndex n = 1; n <= 70; ++n)
      for (const SiteIndex p : {1, 2, 3, 31, 33, 63, 64, 65, 127, 128, 129, 200}) check_pairwise(kind, n, p);
}

TEST_CASE("costs and energies are those of the double sum, for every N to 70 and P to 200", "[default]") {
  for (const Kind kind : kinds)
    for (SiteIndex n = 1; n <= 70; ++n)
      for (SiteIndex p = 1; p <= 200; ++p) check_pairwise(kind, n, p);
}

TEST_CASE("sums stay exact over more patterns than one flush of lanes holds") {
  for (const Kind kind : kinds)
    for (const SiteIndex p : {1023, 1024, 1025, 2500}) check_pairwise(kind, 9, p);
}

TEST_CASE("forces that are not counts: a quartic energy, all sites") {
  for (const Kind kind : kinds)
    for (const SiteIndex n : {1, 2, 7, 64, 65})
      for (const SiteIndex p : {1, 5, 63, 64, 65, 130}) {
        const auto patterns = patterns_of(kind, n, p);
        RngStream random({34, StreamDomain::tests, 0, 0, 0});
        const Configuration start = random_configuration(n, random);
        PatternSystem<Quartic> system(patterns, {}, start);
        const auto energy = [&](const Configuration& s) {
          std::int64_t sum = 0;
          for (const std::int64_t m : slow_counts(*patterns, s)) sum += Quartic::power(m);
          return sum;
        };
        for (SiteIndex i = 0; i < n; ++i)
          REQUIRE(system.flip_cost(i) == energy(flipped(start, i)) - energy(start));
        system.flip(n - 1);
        const Configuration there = flipped(start, n - 1);
        for (SiteIndex i = 0; i < n; ++i)
          REQUIRE(system.flip_cost(i) == energy(flipped(there, i)) - energy(there));
      }
}

TEST_CASE("counts are exact after a hundred thousand flips") {
  for (const Kind kind : kinds) {
    check_counts_after_flips(kind, Pairwise{70}, 100000);
    check_counts_after_flips(kind, Quartic{}, 20000);
  }
}
