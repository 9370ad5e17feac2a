// The p-spin glass: energies by hand, the path of the slow chain, an identity that holds at every N, exact averages.
#include "models/pspin.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/pspin_system.hpp"
#include "reference/slow_chain.hpp"
#include "support/gibbs.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, int p, std::uint32_t sample = 0) {
  RngStream random({111, StreamDomain::disorder, 0, sample, 0});
  return pspin().draw({{"N", n}, {"p", p}}, {}, random);
}

std::string refused(const Numbers& asked) {
  try {
    pspin().resolve(asked);
  } catch (const ParameterError& error) {
    return error.key;
  }
  return "not refused";
}

}  // namespace

TEST_CASE("four couplings of three spins on four sites, by hand") {
  auto couplings = std::make_shared<PspinCouplings>(4, 3, 0.5);
  const std::vector<std::vector<SiteIndex>> triples{{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1, 2, 3}};
  for (std::size_t k = 0; k < triples.size(); ++k) couplings->set(triples[k], static_cast<int>(k) + 1);
  for (std::size_t k = 0; k < triples.size(); ++k)
    CHECK(couplings->coupling(triples[k]) == static_cast<int>(k) + 1);
  CHECK(couplings->largest_row() == 9);  // of the last site: 2 + 3 + 4
  PspinSystem system(couplings, {1, 1, 1, 1});
  CHECK(system.snapshot().energy == -5);
  CHECK(system.flip_cost(0) == 6);
  CHECK(system.flip_cost(3) == 9);
  system.flip(0);  // -1 - 2 - 3 + 4
  CHECK(system.snapshot().energy == 1);
  CHECK(system.flip_cost(0) == -6);
  CHECK(system.flip_cost(3) == -1);
  system.flip(3);  // -1 + 2 + 3 - 4
  CHECK(system.snapshot().energy == 0);
}

TEST_CASE("p-spin chains take the path of the slow chain and continue bit for bit") {
  for (const int p : {3, 4, 5}) {
    INFO("p = " << p);
    const auto sample = drawn(9, p);
    const StreamId stream{113, StreamDomain::tests, 0, 0, 0};
    for (const Dynamics& dynamics : tests::all_dynamics()) {
      RngStream random({114, StreamDomain::tests, 0, 0, 0});
      const Configuration start = random_configuration(9, random);
      const auto through = sample->chain(start, dynamics, stream, 0);
      tests::SlowChain slow(sample->reference_energy(), start, dynamics, stream);
      Configuration spins = start;
      for (int sweep = 0; sweep < 6; ++sweep) {
        const auto piece = sample->chain(spins, dynamics, stream, sweep);
        const auto accepted = slow.sweep();
        REQUIRE(through->sweep() == accepted);
        REQUIRE(piece->sweep() == accepted);
        const auto shown = piece->snapshot().spins;
        spins.assign(shown.begin(), shown.end());
        REQUIRE(spins == slow.spins());
        REQUIRE(piece->snapshot().energy == through->snapshot().energy);
        REQUIRE(piece->snapshot().energy == Approx(sample->reference_energy()(spins)).margin(1e-9));
      }
    }
  }
}

/// <e> = -(1/T) sum over couplings of their variance (1 - <s s s s>^2), and sum <s s s s>^2 = <e_4(N q)>, with
/// 24 e_4(M) = M^4 - (6N - 8) M^2 + 3 N^2 - 6 N.
TEST_CASE("p = 4: on the disorder average the energy is a function of the replica overlap at every N") {
  constexpr SiteIndex n = 7;
  constexpr int samples = 3000;
  const double temperature = 0.6, size = n;
  Dynamics dynamics;
  dynamics.temperature = temperature;
  double sum = 0, squares = 0;
  for (int sample = 0; sample < samples; ++sample) {
    const auto disorder = drawn(n, 4, static_cast<std::uint32_t>(sample));
    const auto exact =
        exact_averages(
            tests::enumerable(*disorder),
            std::vector{tests::plan_of(*disorder, dynamics, {"energy_per_spin", "replica_overlap"})})
            .front();
    const auto moment = [&](const char* component) {
      return tests::find(exact, {"replica_overlap", component, 0, 0, 0}).value;
    };
    const double couplings = size * (size - 1) * (size - 2) * (size - 3) / 24;
    const double repeated = (std::pow(size, 4) * moment("4") - (6 * size - 8) * size * size * moment("2") +
                             3 * size * size - 6 * size) /
                            24;
    const double expected = -(12 / std::pow(size, 4)) / temperature * (couplings - repeated);
    const double difference = tests::find(exact, {"energy_per_spin", "", 0, 0, 0}).value - expected;
    sum += difference, squares += difference * difference;
  }
  const double mean = sum / samples, error = std::sqrt((squares / samples - mean * mean) / samples);
  INFO(mean << " +- " << error);
  CHECK(std::abs(mean) < tests::significant * error);
  CHECK(error < 0.005);
}

TEST_CASE("p spins sample the Gibbs measure at N = 8") {
  std::uint64_t seed = 20261126;
  for (const int p : {3, 4})
    for (const Rule rule : {Rule::glauber, Rule::metropolis})
      for (const Order order : {Order::sequential, Order::random, Order::permutation})
        tests::check_against_enumeration(
            *drawn(8, p), {0.8, rule, order, Tie::keep},
            {"energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"}, 20000, ++seed);
}

TEST_CASE("p spins sample the Gibbs measure at N = 12", "[default]") {
  std::uint64_t seed = 20261127;
  for (const int p : {3, 4})
    for (const Updates updates : {Updates::single, Updates::rejection_free})
      tests::check_against_enumeration(
          *drawn(12, p, 1), {0.8, Rule::glauber, Order::sequential, Tie::keep, updates},
          {"energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"}, 100000, ++seed);
}

TEST_CASE("orders and sizes without p-spin couplings are refused by name") {
  CHECK(pspin().resolve({{"N", 100}, {"p", 3}}) == Numbers{{"N", 100}, {"p", 3}});
  CHECK(refused({{"N", 100}, {"p", 2}}) == "p");
  CHECK(refused({{"N", 100}, {"p", 3.5}}) == "p");
  CHECK(refused({{"N", 3}, {"p", 4}}) == "N");
  CHECK(refused({{"N", 100000}, {"p", 4}}) == "N");
  // Each of C(100, 4) couplings is kept four times.
  CHECK(pspin().memory({{"N", 100}, {"p", 4}}).first == Approx(4 * 4 * 3921225.0).epsilon(1e-3));
}
