// Rejection-free chains on a ring: the law of the process after one sweep, fixed points, waiting, resuming.
#include "engine/rejection_free.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "engine/make_chain.hpp"
#include "support/ring.hpp"
#include "support/significance.hpp"

using namespace mattis;
using tests::Ring;

namespace {

const StreamId stream{23, StreamDomain::tests, 8, 0, 0};

Dynamics nfold(double temperature, Rule rule, Tie tie = Tie::keep) {
  return {temperature, rule, Order::sequential, tie, Updates::rejection_free};
}

std::vector<Dynamics> all_dynamics() {
  std::vector<Dynamics> all;
  for (const Rule rule : {Rule::glauber, Rule::metropolis}) {
    for (const Tie tie : {Tie::keep, Tie::random}) all.push_back(nfold(0, rule, tie));
    for (const double t : {1e-3, 0.8, 3.0, static_cast<double>(INFINITY)}) all.push_back(nfold(t, rule));
  }
  return all;
}

Configuration random_spins(SiteIndex n) {
  RngStream random({9, StreamDomain::tests, 0, 0, 0});
  Configuration spins(static_cast<std::size_t>(n));
  for (Spin& s : spins) s = random() % 2 ? Spin{1} : Spin{-1};
  return spins;
}

Configuration spins_of(const Chain& chain) {
  const auto spins = chain.snapshot().spins;
  return {spins.begin(), spins.end()};
}

using Matrix = std::vector<std::vector<double>>;

/// exp(Q) of the generator: Q_ab = rate of a -> b, from the energies of whole configurations of N = 3.
Matrix propagator(const Dynamics& dynamics) {
  constexpr std::size_t size = 8;
  Matrix q(size, std::vector<double>(size, 0.0));
  const auto energy = [](std::uint64_t a) { return Ring::energy(unpacked({&a, 1}, 3)); };
  for (std::size_t a = 0; a < size; ++a)
    for (int i = 0; i < 3; ++i) {
      const std::size_t b = a ^ (std::size_t{1} << i);
      const double cost = energy(b) - energy(a), t = dynamics.temperature;
      const bool ties_flip = t > 0 || dynamics.tie == Tie::random;
      const double w = cost == 0                        ? (ties_flip ? 0.5 : 0)
                       : t == 0                         ? (cost < 0 ? 1 : 0)
                       : dynamics.rule == Rule::glauber ? 1 / (1 + std::exp(cost / t))
                                                        : std::min(1.0, std::exp(-cost / t));
      q[a][b] += w;
      q[a][a] -= w;
    }
  // sum_k (Q/1024)^k / k! squared ten times
  const auto product = [](const Matrix& x, const Matrix& y) {
    Matrix z(size, std::vector<double>(size, 0.0));
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t c = 0; c < size; ++c)
        for (std::size_t b = 0; b < size; ++b) z[a][b] += x[a][c] * y[c][b];
    return z;
  };
  Matrix p(size, std::vector<double>(size, 0.0)), power = p;
  for (std::size_t a = 0; a < size; ++a) p[a][a] = power[a][a] = 1;
  for (auto& row : q)
    for (double& x : row) x /= 1024;
  for (int k = 1; k < 9; ++k) {
    power = product(power, q);
    for (auto& row : power)
      for (double& x : row) x /= k;
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = 0; b < size; ++b) p[a][b] += power[a][b];
  }
  for (int doubling = 0; doubling < 10; ++doubling) p = product(p, p);
  return p;
}

}  // namespace

TEST_CASE("one sweep of a ring of three has the propagator exp(Q) of its rates", "[default]") {
  constexpr std::uint32_t runs = 100000;
  std::uint64_t seed = 20261130;
  for (const Dynamics& dynamics : all_dynamics()) {
    const Matrix p = propagator(dynamics);
    for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{5}}) {
      INFO("T = " << dynamics.temperature << ", rule " << static_cast<int>(dynamics.rule) << ", from "
                  << start);
      ++seed;
      const StreamId name{seed, StreamDomain::tests, 0, 0, 0};
      std::vector<std::int64_t> ends(8, 0);
      for (std::uint32_t run = 0; run < runs; ++run) {
        RejectionFreeChain<Ring> chain(Ring(unpacked({&start, 1}, 3)), dynamics, name, run);
        chain.sweep();
        ++ends[packed(chain.snapshot().spins).front()];
      }
      for (std::size_t end = 0; end < 8; ++end) {
        const double exact = p[start][end];
        if (exact * runs < 1e-3)
          CHECK(ends[end] == 0);
        else if (exact > 1 - 1e-3 / runs)
          CHECK(ends[end] == runs);
        else if (exact * runs > 25)
          CHECK(std::abs(tests::binomial_z(ends[end], runs, exact)) < tests::significant);
      }
    }
  }
}

TEST_CASE("a rejection-free chain goes on from spins and sweep number") {
  for (const SiteIndex n : {1, 2, 5, 37, 200})
    for (const Dynamics& dynamics : all_dynamics()) {
      const auto chain = make_chain(Ring(random_spins(n)), dynamics, stream, 0);
      for (int sweep = 0; sweep < 12; ++sweep) {
        const auto again = make_chain(Ring(spins_of(*chain)), dynamics, stream, chain->sweeps_done());
        REQUIRE(again->field_census().unstable == chain->field_census().unstable);
        REQUIRE(again->field_census().free == chain->field_census().free);
        REQUIRE(again->sweep() == chain->sweep());
        REQUIRE(spins_of(*again) == spins_of(*chain));
        REQUIRE(chain->sweeps_done() == sweep + 1);
      }
    }
}

TEST_CASE("at T = 0 the energy falls to a fixed point, and there nothing happens") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis}) {
    const auto chain = make_chain(Ring(random_spins(300)), nfold(0, rule), stream, 0);
    double energy = chain->snapshot().energy;
    int sweeps = 0;
    for (; chain->field_census().unstable > 0; ++sweeps) {
      REQUIRE(sweeps < 100);
      const std::int64_t flips = chain->sweep();
      CHECK(chain->snapshot().energy == energy - 4.0 * static_cast<double>(flips));
      energy = chain->snapshot().energy;
    }
    CHECK(sweeps > 0);
    const Configuration fixed = spins_of(*chain);
    for (int k = 0; k < 100; ++k) REQUIRE(chain->sweep() == 0);
    CHECK(spins_of(*chain) == fixed);
    CHECK_FALSE(chain->is_two_cycle());
  }
}

TEST_CASE("at T = 0 with broken ties the walls of a ring meet and vanish") {
  const auto chain = make_chain(Ring(random_spins(20)), nfold(0, Rule::glauber, Tie::random), stream, 0);
  int sweeps = 0;
  for (; chain->snapshot().energy > -20; ++sweeps) {
    REQUIRE(sweeps < 5000);
    chain->sweep();
  }
  CHECK(chain->field_census().unstable + chain->field_census().free == 0);
}

TEST_CASE("a cold memory waits: no flip in ten thousand sweeps, and the chain goes on") {
  const auto chain = make_chain(Ring(Configuration(50, Spin{1})), nfold(0.11, Rule::metropolis), stream, 0);
  for (int sweep = 0; sweep < 10000; ++sweep) REQUIRE(chain->sweep() == 0);  // W = 50 exp(-4/0.11) = 8e-15
  CHECK(chain->sweeps_done() == 10000);
}

TEST_CASE("at T = infinity every site flips at the same rate") {
  constexpr int sweeps = 2000;
  constexpr SiteIndex n = 60;
  const auto chain = make_chain(Ring(random_spins(n)), nfold(INFINITY, Rule::glauber), stream, 0);
  double flips = 0;
  for (int k = 0; k < sweeps; ++k) flips += static_cast<double>(chain->sweep());
  const double expected = 0.5 * n * sweeps;  // a Poisson number
  CHECK(std::abs(flips - expected) < tests::significant * std::sqrt(expected));
}
