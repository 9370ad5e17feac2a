// Rejection-free chains of memories and coupled spins: exact averages, and as many flips as random order accepts.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/accumulator.hpp"
#include "models/catalogue.hpp"
#include "support/couplings.hpp"
#include "support/gibbs.hpp"
#include "support/patterns.hpp"

using namespace mattis;

namespace {

struct System {
  std::string name;
  std::shared_ptr<const DisorderSample> sample;
  double temperature;
  std::vector<std::string> observables;
};

std::vector<System> systems() {
  const auto memory = [](SiteIndex n, double bias, int zeros_of_table) {
    Ensemble ensemble;
    ensemble.bias = bias;
    if (zeros_of_table > 0)
      ensemble.table = std::make_shared<const PatternTable>(tests::random_table(3, n, 0.3, 72));
    RngStream random({71, StreamDomain::disorder, 0, static_cast<std::uint32_t>(n), 0});
    return find_model("hopfield")->draw({{"N", n}, {"P", 3}}, ensemble, random);
  };
  RngStream couplings({73, StreamDomain::disorder, 0, 0, 0}), unused({1, StreamDomain::tests, 0, 0, 0});
  Ensemble own;
  own.couplings = tests::integer_couplings(9, true, 74);
  const std::vector<std::string> of_patterns{"energy_per_spin", "energy_variance", "overlap_abs",
                                             "replica_overlap"},
      of_couplings{"energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"};
  return {
      {"hopfield", memory(8, 0, 0), 0.6, of_patterns},
      {"hopfield, biased", memory(9, 0.4, 0), 0.7, of_patterns},
      {"hopfield, with zeros", memory(10, 0, 1), 0.7, of_patterns},
      {"sk in a field", find_model("sk")->draw({{"N", 11}, {"h", 0.2}}, {}, couplings), 0.8, of_couplings},
      {"whole couplings and fields", find_model("ising")->draw({{"N", 9}}, own, unused), 4, of_couplings}};
}

void check_all(int sweeps, std::uint64_t seed) {
  for (const System& system : systems())
    for (const Rule rule : {Rule::glauber, Rule::metropolis})
      for (const double factor : {1.0, 2.0}) {
        INFO(system.name << ", rule " << static_cast<int>(rule));
        tests::check_against_enumeration(
            *system.sample,
            {factor * system.temperature, rule, Order::sequential, Tie::keep, Updates::rejection_free},
            system.observables, sweeps, ++seed);
      }
}

Average flips_per_sweep(const DisorderSample& sample, const Dynamics& dynamics, int sweeps) {
  RngStream start({75, StreamDomain::initial_state, 0, 0, 0});
  const auto chain = sample.chain(random_configuration(sample.num_spins(), start), dynamics,
                                  {76, StreamDomain::dynamics, 0, 0, 0}, 0);
  for (int k = 0; k < 500; ++k) chain->sweep();
  LogBinning flips;
  for (int k = 0; k < sweeps; ++k) flips.add(static_cast<double>(chain->sweep()));
  return flips.average();
}

}  // namespace

TEST_CASE("rejection-free chains sample the Gibbs measure at N = 8 to 11") { check_all(10000, 20261201); }

// 280 comparisons. With 200000 sweeps one of them had |z| = 4.0002 (energy_variance, biased memories, Metropolis); 28
// other chains of that system, 100000 sweeps each, had z = 0.79 together and 0.95 root mean square: chance.
TEST_CASE("rejection-free chains sample the Gibbs measure, longer", "[default]") {
  check_all(100000, 20261301);
}

TEST_CASE("as many flips per sweep as random order accepts") {
  for (const System& system : systems())
    for (const Rule rule : {Rule::glauber, Rule::metropolis}) {
      INFO(system.name << ", rule " << static_cast<int>(rule));
      Dynamics dynamics{system.temperature, rule, Order::random, Tie::keep, Updates::single};
      const Average proposed = flips_per_sweep(*system.sample, dynamics, 20000);
      dynamics.updates = Updates::rejection_free;
      const Average drawn = flips_per_sweep(*system.sample, dynamics, 20000);
      const double error = std::hypot(proposed.error, drawn.error);
      INFO(proposed.mean << " and " << drawn.mean << " +- " << error);
      CHECK(std::abs(proposed.mean - drawn.mean) < tests::significant * error);
      CHECK(error < 0.05 * proposed.mean);
    }
}
