// Parallel steps on a ring: each site from the old configuration, its own random number, ties, cycles, resuming.
#include "engine/parallel_flip.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "engine/error.hpp"
#include "engine/make_chain.hpp"
#include "support/ring.hpp"
#include "support/significance.hpp"

using namespace mattis;
using tests::Ring;

namespace {

const StreamId stream{17, StreamDomain::tests, 6, 0, 0};

Dynamics synchronous(double temperature, Tie tie = Tie::keep) {
  return {temperature, Rule::glauber, Order::sequential, tie, Updates::synchronous};
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

/// One step as the textbook says it: s'_i = +1 with probability exp(beta h_i) / 2 cosh(beta h_i), by flipping with
/// probability 1 / (1 + exp(dE/T)) iff u_i < it; a tie iff u_i < 1/2.
Configuration step(const Configuration& s, const Dynamics& dynamics, std::int64_t sweep) {
  const std::size_t n = s.size();
  Configuration next = s;
  for (std::size_t i = 0; i < n; ++i) {
    const SweepRandomness random(stream_key(stream), sweep);
    const double u = (ProposalNumbers(random)(static_cast<std::uint32_t>(i)) + 0.5) / 4294967296.0;
    const int cost = 2 * s[i] * (s[(i + 1) % n] + s[(i + n - 1) % n]);
    const bool tie_flips = dynamics.temperature > 0 || dynamics.tie == Tie::random;
    const bool flips = cost == 0                   ? tie_flips && u < 0.5
                       : dynamics.temperature == 0 ? cost < 0
                                                   : u < 1 / (1 + std::exp(cost / dynamics.temperature));
    if (flips) next[i] = static_cast<Spin>(-next[i]);
  }
  return next;
}

}  // namespace

TEST_CASE("a parallel step takes every field from the configuration before it") {
  for (const SiteIndex n : {2, 5, 37})
    for (const Dynamics& dynamics : {synchronous(0), synchronous(0, Tie::random), synchronous(0.7),
                                     synchronous(1e-3), synchronous(INFINITY)}) {
      const auto chain = make_chain(Ring(random_spins(n)), dynamics, stream, 0);
      Configuration spins = random_spins(n);
      for (int sweep = 0; sweep < 20; ++sweep) {
        const Configuration next = step(spins, dynamics, sweep);
        std::int64_t different = 0;
        for (std::size_t i = 0; i < spins.size(); ++i) different += spins[i] != next[i];
        REQUIRE(chain->sweep() == different);
        REQUIRE(spins_of(*chain) == next);
        spins = next;
        const auto again = make_chain(Ring(spins), dynamics, stream, chain->sweeps_done());
        REQUIRE(again->sweeps_done() == sweep + 1);
        REQUIRE(again->field_census().free == chain->field_census().free);
        REQUIRE(again->field_census().unstable == chain->field_census().unstable);
      }
    }
}

TEST_CASE("an antiferromagnetic state of an even ring is a two-cycle of the ferromagnet") {
  const ParallelFlipChain<Ring> chain(Ring({1, -1, 1, -1}), synchronous(0), stream, 0);
  CHECK(chain.is_two_cycle());
  CHECK(chain.field_census().unstable == 4);
  CHECK(chain.snapshot().step_overlap().one == -1);
  CHECK(chain.snapshot().step_overlap().two == 1);
  CHECK_FALSE(ParallelFlipChain<Ring>(Ring({1, 1, 1, 1}), synchronous(0), stream, 0).is_two_cycle());
  CHECK_FALSE(ParallelFlipChain<Ring>(Ring({1, -1, 1, -1}), synchronous(0.1), stream, 0).is_two_cycle());
  CHECK_FALSE(SingleFlipChain<Ring>(Ring({1, -1, 1, -1}), {}, stream, 0).is_two_cycle());
  CHECK_FALSE(SingleFlipChain<Ring>(Ring({1, -1, 1, -1}), {}, stream, 0).snapshot().step_overlap);
}

TEST_CASE("step overlaps of a configuration are means over its next steps") {
  constexpr int trials = 20000;
  constexpr SiteIndex n = 12;
  const Configuration start = random_spins(n);
  const Dynamics dynamics = synchronous(1.7);
  double sum = 0, squares = 0;
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    ParallelFlipChain<Ring> chain(Ring(start), dynamics, stream, trial);
    const double overlap = 1 - 2.0 * static_cast<double>(chain.sweep()) / n;
    sum += overlap, squares += overlap * overlap;
  }
  const double mean = sum / trials, error = std::sqrt((squares / trials - mean * mean) / trials);
  const StepOverlap q = ParallelFlipChain<Ring>(Ring(start), dynamics, stream, 0).snapshot().step_overlap();
  CHECK(std::abs(mean - q.one) < tests::significant * error);
}

TEST_CASE("Metropolis has no parallel form") {
  Dynamics dynamics = synchronous(1);
  dynamics.rule = Rule::metropolis;
  CHECK_THROWS_AS(make_chain(Ring({1, 1}), dynamics, stream, 0), InternalError);
}
