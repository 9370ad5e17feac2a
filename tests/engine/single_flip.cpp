// Asynchronous dynamics on a ring of spins: the slow chain's trajectory, orders, ties, fixed points, resuming.
#include "engine/single_flip.hpp"

#include <gsl/gsl_cdf.h>

#include <catch2/catch.hpp>
#include <memory>

#include "reference/slow_chain.hpp"
#include "support/ring.hpp"
#include "support/significance.hpp"

using namespace mattis;
using tests::Ring;

namespace {

/// Spins whose flips all cost the same, nothing unless said otherwise; remembers who was flipped.
class FreeSpins {
 public:
  FreeSpins(SiteIndex n, std::shared_ptr<std::vector<SiteIndex>> flips, std::int64_t cost = 0)
      : spins_(static_cast<std::size_t>(n), Spin{1}), flips_(std::move(flips)), cost_(cost) {}
  SiteIndex num_spins() const { return static_cast<SiteIndex>(spins_.size()); }
  double energy_unit() const { return 1; }
  std::int64_t flip_cost(SiteIndex) const { return cost_; }
  void flip(SiteIndex i) { flips_->push_back(i); }
  Snapshot snapshot() const { return {num_spins(), 0, {}, spins_}; }

 private:
  Configuration spins_;
  std::shared_ptr<std::vector<SiteIndex>> flips_;
  std::int64_t cost_;
};

Configuration random_spins(SiteIndex n) {
  RngStream random({9, StreamDomain::tests, 0, 0, 0});
  Configuration spins(static_cast<std::size_t>(n));
  for (Spin& s : spins) s = random() % 2 ? Spin{1} : Spin{-1};
  return spins;
}

const StreamId stream{17, StreamDomain::tests, 5, 0, 0};

Configuration spins_of(const Chain& chain) {
  const auto spins = chain.snapshot().spins;
  return {spins.begin(), spins.end()};
}

}  // namespace

TEST_CASE("a chain takes the slow chain's path, whatever its dynamics") {
  for (const SiteIndex n : {2, 5, 37})
    for (const Dynamics& dynamics : tests::all_dynamics()) {
      SingleFlipChain<Ring> chain(Ring(random_spins(n)), dynamics, stream, 0);
      tests::SlowChain slow(Ring::energy, random_spins(n), dynamics, stream);
      for (int sweep = 0; sweep < 20; ++sweep) {
        REQUIRE(chain.sweep() == slow.sweep());
        REQUIRE(spins_of(chain) == slow.spins());
      }
    }
}

TEST_CASE("a chain rebuilt from its spins and sweep number continues bit for bit") {
  for (const Dynamics& dynamics : tests::all_dynamics()) {
    SingleFlipChain<Ring> chain(Ring(random_spins(37)), dynamics, stream, 0);
    for (int sweep = 0; sweep < 7; ++sweep) chain.sweep();
    CHECK(chain.sweeps_done() == 7);
    SingleFlipChain<Ring> again(Ring(spins_of(chain)), dynamics, stream, chain.sweeps_done());
    for (int sweep = 0; sweep < 7; ++sweep) REQUIRE(again.sweep() == chain.sweep());
    CHECK(spins_of(again) == spins_of(chain));
  }
}

TEST_CASE("chains of different streams part ways") {
  const Dynamics dynamics{1.0, Rule::glauber, Order::sequential, Tie::keep};
  StreamId other = stream;
  other.replica = 1;
  SingleFlipChain<Ring> a(Ring(random_spins(100)), dynamics, stream, 0),
      b(Ring(random_spins(100)), dynamics, other, 0);
  a.sweep(), b.sweep();
  CHECK(spins_of(a) != spins_of(b));
}

TEST_CASE("the census counts unstable and free sites") {
  // + + + - - +: domain walls beside sites 2, 3, 4, 5 leave those four free.
  const SingleFlipChain<Ring> walls(Ring({1, 1, 1, -1, -1, 1}), {}, stream, 0);
  CHECK(walls.field_census().unstable == 0);
  CHECK(walls.field_census().free == 4);
  const SingleFlipChain<Ring> lone(Ring({1, 1, -1, 1, 1}), {}, stream, 0);
  CHECK(lone.field_census().unstable == 1);
  CHECK(lone.field_census().free == 2);
}

TEST_CASE("at T = 0 with ties kept the energy never rises and a fixed point accepts nothing") {
  for (const Order order : {Order::sequential, Order::random, Order::permutation}) {
    SingleFlipChain<Ring> chain(Ring(random_spins(200)), {0, Rule::glauber, order, Tie::keep}, stream, 0);
    double energy = chain.snapshot().energy;
    for (int sweep = 0; sweep < 50; ++sweep) {
      const std::int64_t accepted = chain.sweep();
      CHECK((accepted == 0 ? chain.snapshot().energy == energy : chain.snapshot().energy < energy));
      energy = chain.snapshot().energy;
    }
    CHECK(chain.field_census().unstable == 0);
    CHECK(chain.sweep() == 0);
  }
}

TEST_CASE("free spins flip half the time at T > 0 and with random ties, never when ties are kept") {
  constexpr SiteIndex n = 1000;
  constexpr int sweeps = 100;
  const auto flips = [&](const Dynamics& dynamics) {
    const auto list = std::make_shared<std::vector<SiteIndex>>();
    SingleFlipChain<FreeSpins> chain(FreeSpins(n, list), dynamics, stream, 0);
    std::int64_t accepted = 0;
    for (int sweep = 0; sweep < sweeps; ++sweep) accepted += chain.sweep();
    CHECK(accepted == static_cast<std::int64_t>(list->size()));
    return accepted;
  };
  for (const Order order : {Order::sequential, Order::random, Order::permutation}) {
    CHECK(flips({0, Rule::glauber, order, Tie::keep}) == 0);
    CHECK(std::abs(tests::binomial_z(flips({0, Rule::glauber, order, Tie::random}), n * sweeps, 0.5)) < 4);
    CHECK(std::abs(tests::binomial_z(flips({0.1, Rule::glauber, order, Tie::keep}), n * sweeps, 0.5)) < 4);
    CHECK(std::abs(tests::binomial_z(flips({0.1, Rule::metropolis, order, Tie::keep}), n * sweeps, 0.5)) < 4);
  }
}

TEST_CASE(
    "sequential order is i = 0 ... N-1, a permutation has every site once, random order draws sites evenly") {
  constexpr SiteIndex n = 10;
  constexpr int sweeps = 4000;
  const auto visits = [&](Order order) {
    const auto list = std::make_shared<std::vector<SiteIndex>>();
    SingleFlipChain<FreeSpins> chain(FreeSpins(n, list, -1), {1.0, Rule::metropolis, order, Tie::keep},
                                     stream, 0);
    for (int sweep = 0; sweep < sweeps; ++sweep) chain.sweep();
    REQUIRE(list->size() == std::size_t{n} * sweeps);
    return *list;
  };
  const auto sequential = visits(Order::sequential);
  for (std::size_t k = 0; k < sequential.size(); ++k) REQUIRE(sequential[k] == static_cast<SiteIndex>(k % n));

  const auto permuted = visits(Order::permutation), drawn = visits(Order::random);
  // (position, site) tables: each of the 100 cells has probability 1/10 per sweep.
  std::vector<std::int64_t> permuted_at(n * n, 0), drawn_at(n * n, 0);
  for (std::size_t k = 0; k < permuted.size(); ++k) {
    ++permuted_at[k % n * n + static_cast<std::size_t>(permuted[k])];
    ++drawn_at[k % n * n + static_cast<std::size_t>(drawn[k])];
  }
  const auto chi_squared = [&](const std::vector<std::int64_t>& table) {
    constexpr double expected = sweeps / double{n};
    double sum = 0;
    for (const auto count : table)
      sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) / expected;
    return sum;
  };
  // Rows and columns of the table of permutations are fixed: (n-1)^2 free directions, each of variance n/(n-1).
  CHECK(gsl_cdf_chisq_Q(chi_squared(permuted_at) * (n - 1) / n, (n - 1) * (n - 1)) > 6e-5);
  CHECK(gsl_cdf_chisq_Q(chi_squared(drawn_at), n * (n - 1)) > 6e-5);
  for (std::size_t start = 0; start < permuted.size(); start += n) {
    std::uint32_t seen = 0;
    for (std::size_t k = start; k < start + n; ++k) seen |= 1u << permuted[k];
    REQUIRE(seen == (1u << n) - 1);
  }
}
