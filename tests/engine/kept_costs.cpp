// The sweep that keeps costs makes the flips of the plain one.
#include "engine/kept_costs.hpp"

#include <catch2/catch.hpp>

#include "support/targets.hpp"

using namespace mattis;

namespace {

/// N spins on a ring with a field: H = -sum s_i s_{i+1} - h sum s_i, h = `field` quanta.
class Ring {
 public:
  Ring(SiteIndex n, std::int64_t field) : spins_(static_cast<std::size_t>(n)), field_(field) {
    for (std::size_t i = 0; i < spins_.size(); ++i) spins_[i] = i % 3 == 0 ? Spin{-1} : Spin{1};
  }
  SiteIndex num_spins() const { return static_cast<SiteIndex>(spins_.size()); }
  std::int64_t flip_cost(SiteIndex i) const {
    const auto n = spins_.size(), k = static_cast<std::size_t>(i);
    ++*computed_;
    return spins_[k] * (spins_[(k + 1) % n] + spins_[(k + n - 1) % n] + field_);
  }
  void flip_costs(std::span<const SiteIndex> sites, std::int64_t* costs) const {
    for (const SiteIndex i : sites) *costs++ = flip_cost(i);
  }
  void flip(SiteIndex i) {
    spins_[static_cast<std::size_t>(i)] = static_cast<Spin>(-spins_[static_cast<std::size_t>(i)]);
  }
  std::int64_t field() const { return field_; }
  const std::vector<Spin>& spins() const { return spins_; }
  std::int64_t computed() const { return *computed_; }

  KeptCosts<std::int64_t> kept;

 private:
  std::vector<Spin> spins_;
  std::int64_t field_;
  std::shared_ptr<std::int64_t> computed_ = std::make_shared<std::int64_t>(0);
};

/// A ring that knows what a flip changes: the costs of the neighbours.
class ChangingRing : public Ring {
 public:
  using Ring::flip;
  using Ring::Ring;
  std::size_t costs_of_a_change() const { return 3; }
  void flip(SiteIndex i, std::span<std::int64_t> costs, std::span<float> rounded) {
    for (std::size_t j = 0; j < costs.size(); ++j) REQUIRE(costs[j] == cost(j));
    flip(i);
    for (std::size_t j = 0; j < costs.size(); ++j) rounded[j] = static_cast<float>(costs[j] = cost(j));
    ++changes;
  }
  int changes = 0;

 private:
  std::int64_t cost(std::size_t k) const {
    const std::size_t n = spins().size();
    return spins()[k] * (spins()[(k + 1) % n] + spins()[(k + n - 1) % n] + field());
  }
};

template <class Ring>
std::int64_t plain_sweep(Ring& ring, const SiteIndex* sites, const simd::BlockThresholds& law,
                         const SweepRandomness& random) {
  std::int64_t accepted = 0;
  ProposalNumbers number(random);
  for (SiteIndex proposal = 0; proposal < ring.num_spins(); ++proposal) {
    const auto k = static_cast<std::uint32_t>(proposal);
    const SiteIndex i = sites != nullptr ? sites[k] : proposal;
    if (!law.accepts(ring.flip_cost(i), number(k))) continue;
    ring.flip(i);
    ++accepted;
  }
  return accepted;
}

}  // namespace

TEST_CASE("kept costs give the flips of the plain sweep, at every size and temperature") {
  tests::for_each_target([](const char* target) {
    for (const Rule rule : {Rule::glauber, Rule::metropolis})
      for (const Tie tie : {Tie::keep, Tie::random})
        for (const double temperature :
             {0.0, 1e-31, 0.2, 0.7, 3.0, 1e31, std::numeric_limits<double>::infinity()})
          for (const SiteIndex n : {3, 4, 17, 127, 128, 129, 300}) {
            Dynamics dynamics{temperature, rule};
            dynamics.tie = tie;
            const simd::BlockThresholds law(dynamics, 1.0);
            Ring plain(n, n % 2), kept(n, n % 2);
            ChangingRing changing(n, n % 2);
            INFO(target << " N = " << n << " T = " << temperature);
            RngStream order({20261131, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
            std::vector<SiteIndex> listed(static_cast<std::size_t>(n));
            for (std::int64_t t = 0; t < 30; ++t) {
              const SweepRandomness random(77, t);
              for (SiteIndex& site : listed)
                site = static_cast<SiteIndex>(order() % static_cast<std::uint64_t>(n));
              const SiteIndex* sites = t % 3 == 0 ? listed.data() : nullptr;
              const std::int64_t expected = plain_sweep(plain, sites, law, random);
              REQUIRE(kept.kept.sweep(kept, sites, law, random) == expected);
              REQUIRE(kept.spins() == plain.spins());
              REQUIRE(changing.kept.sweep(changing, sites, law, random) == expected);
              REQUIRE(changing.spins() == plain.spins());
            }
          }
  });
}

TEST_CASE("without flips a cost is computed once") {
  Ring ring(200, 3);
  const simd::BlockThresholds law(Dynamics{0.01, Rule::metropolis}, 1.0);
  for (std::int64_t t = 0; t < 100; ++t) ring.kept.sweep(ring, nullptr, law, SweepRandomness(5, t));
  const std::int64_t before = ring.computed();
  for (std::int64_t t = 100; t < 1000; ++t)
    CHECK(ring.kept.sweep(ring, nullptr, law, SweepRandomness(5, t)) == 0);
  CHECK(ring.computed() == before);
}

TEST_CASE("costs change together where flips are rare, and only there") {
  const auto changes_at = [](double temperature) {
    ChangingRing ring(200, 1);
    const simd::BlockThresholds law(Dynamics{temperature, Rule::metropolis}, 1.0);
    std::int64_t flips = 0;
    for (std::int64_t t = 0; t < 200; ++t)
      flips += ring.kept.sweep(ring, nullptr, law, SweepRandomness(5, t));
    REQUIRE(flips > 100);
    return static_cast<double>(ring.changes) / static_cast<double>(flips);
  };
  CHECK(changes_at(1e6) < 0.01);
  CHECK(changes_at(0.6) > 0.3);  // most flips go back at once, and cost nothing
}

/// One spin in the field of the others: it flips at high temperature and comes back.
TEST_CASE("a spin that flips back brings the costs back") {
  struct OneFreeSpin {
    std::int64_t computed = 0;
    SiteIndex num_spins() const { return 300; }
    void flip_costs(std::span<const SiteIndex> sites, std::int64_t* costs) {
      computed += static_cast<std::int64_t>(sites.size());
      for (const SiteIndex i : sites) *costs++ = i == 7 ? -1 : 1000;
    }
    void flip(SiteIndex i) { REQUIRE(i == 7); }
  } system;
  KeptCosts<std::int64_t> kept;
  const simd::BlockThresholds law(Dynamics{0.01, Rule::metropolis}, 1.0);
  for (std::int64_t t = 0; t < 50; ++t) CHECK(kept.sweep(system, nullptr, law, SweepRandomness(5, t)) == 1);
  CHECK(system.computed <= 2 * 308);  // both states once, and what a batch looks ahead
}
