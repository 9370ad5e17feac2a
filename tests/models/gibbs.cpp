// Chains on explicit couplings sample exp(-H/T)/Z: against the sum over all states, for every rule and order.
#include <catch2/catch.hpp>

#include "models/catalogue.hpp"
#include "support/couplings.hpp"
#include "support/gibbs.hpp"

using namespace mattis;

namespace {

struct System {
  std::string name;
  std::shared_ptr<const DisorderSample> sample;
  double field;  ///< typical local field, sqrt((N-1) var J): the glass temperature of large systems
};

std::vector<System> systems(SiteIndex n) {
  const auto size = static_cast<std::size_t>(n);
  const auto given = [&](tests::CouplingTablePointer table) {
    Ensemble ensemble;
    ensemble.couplings = std::move(table);
    RngStream unused({1, StreamDomain::tests, 0, 0, 0});
    return find_model("ising")->draw({{"N", n}}, ensemble, unused);
  };
  const auto drawn = [&](double h) {
    RngStream random({51, StreamDomain::disorder, 0, static_cast<std::uint32_t>(n), 0});
    return find_model("sk")->draw({{"N", n}, {"h", h}}, {}, random);
  };
  return {{"sk", drawn(0), std::sqrt((n - 1.0) / n)},
          {"sk in a field", drawn(0.3), std::sqrt((n - 1.0) / n)},
          {"whole couplings and fields", given(tests::integer_couplings(size, true, 52)),
           std::sqrt(2.0 * (n - 1))},
          {"real couplings and fields", given(tests::real_couplings(size, true, 1, 53)),
           std::sqrt((n - 1) / 3.0)}};
}

/// Temperatures in units of the typical local field.
void check_all(SiteIndex n, std::initializer_list<double> temperatures, int sweeps) {
  std::uint64_t seed = 20261123;
  for (const System& system : systems(n))
    for (const Rule rule : {Rule::glauber, Rule::metropolis})
      for (const Order order : {Order::sequential, Order::random, Order::permutation})
        for (const double temperature : temperatures) {
          INFO(system.name << ", rule " << static_cast<int>(rule) << ", order " << static_cast<int>(order));
          tests::check_against_enumeration(
              *system.sample, {temperature * system.field, rule, order, Tie::keep},
              {"energy_per_spin", "energy_variance", "magnetisation", "replica_overlap", "overlap_histogram"},
              sweeps, ++seed);
        }
}

}  // namespace

TEST_CASE("coupled spins sample the Gibbs measure at N = 8") { check_all(8, {0.8, 1.6}, 20000); }

TEST_CASE("coupled spins sample the Gibbs measure at N = 11 and 14", "[default]") {
  check_all(11, {0.8, 1.6}, 40000);
  check_all(14, {0.8, 1.6}, 40000);
}

/// Valleys are left once in some thousand sweeps: shorter runs see too few visits for an error bar to mean anything.
TEST_CASE("coupled spins sample the Gibbs measure at half the glass temperature", "[default]") {
  check_all(8, {0.5}, 1000000);
}
