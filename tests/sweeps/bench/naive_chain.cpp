// The naive baseline is a right simulation: its energies against a double sum, its averages against enumeration.
#include "sweeps/bench/naive_chain.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/catalogue.hpp"
#include "support/gibbs.hpp"

using namespace mattis;
using bench::NaiveChain;
using bench::NaiveCouplings;

namespace {

std::shared_ptr<const DisorderSample> sample_of(const std::string& model, const Numbers& actual) {
  RngStream random({71, StreamDomain::disorder, 0, 0, 0});
  return find_model(model)->draw(actual, {}, random);
}

std::vector<std::pair<std::string, std::shared_ptr<const DisorderSample>>> samples(double n, double p) {
  return {{"hopfield", sample_of("hopfield", {{"N", n}, {"P", p}})},
          {"sk in a field", sample_of("sk", {{"N", n}, {"h", 0.3}})}};
}

Configuration start_of(const DisorderSample& sample) {
  RngStream random({72, StreamDomain::initial_state, 0, 0, 0});
  return random_configuration(sample.num_spins(), random);
}

/// |z| < 4 for the mean energy, its error from the spread of long bins.
void check_mean_energy(const DisorderSample& sample, double temperature, Order order, std::uint64_t seed) {
  const Dynamics dynamics{temperature, Rule::metropolis, order, Tie::keep};
  const std::vector<MeasurementPlan> plans{tests::plan_of(sample, dynamics, {"energy_per_spin"})};
  const double exact = exact_averages(tests::enumerable(sample), plans).front().front().value;
  NaiveChain chain(std::make_shared<const NaiveCouplings>(sample), start_of(sample), temperature, order,
                   seed);
  for (int sweep = 0; sweep < 500; ++sweep) chain.sweep();
  constexpr int bins = 100,
                sweeps = 500;  // a bin is far longer than any memory of eight spins at these temperatures
  double sum = 0, squares = 0;
  for (int bin = 0; bin < bins; ++bin) {
    double mean = 0;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      chain.sweep();
      mean += chain.energy() / sample.num_spins() / sweeps;
    }
    sum += mean;
    squares += mean * mean;
  }
  const double mean = sum / bins, error = std::sqrt((squares / bins - mean * mean) / (bins - 1));
  INFO(mean << " +- " << error << ", exactly " << exact);
  CHECK(error > 0);
  CHECK(error < 0.05);
  CHECK(std::abs(mean - exact) < tests::significant * error);
}

}  // namespace

TEST_CASE("energies of the naive chain are those of a double sum over sites") {
  for (const auto& [name, sample] : samples(131, 17))
    for (const Order order : {Order::sequential, Order::random}) {
      INFO(name);
      const auto energy = sample->reference_energy();
      NaiveChain chain(std::make_shared<const NaiveCouplings>(*sample), start_of(*sample), 0.7, order, 7301);
      CHECK(chain.energy() == Approx(energy(chain.spins())).epsilon(1e-5));
      std::int64_t accepted = 0;
      for (int sweep = 0; sweep < 50; ++sweep) accepted += chain.sweep();
      CHECK(accepted > 131);
      CHECK(chain.energy() == Approx(energy(chain.spins())).epsilon(1e-5));
    }
}

TEST_CASE("naive couplings are those of the model") {
  for (const auto& [name, sample] : samples(40, 70)) {
    INFO(name);
    const NaiveCouplings naive(*sample);
    const auto energy = sample->reference_energy();
    Configuration spins = start_of(*sample);
    // J_ij from the energies of four configurations that differ at i and j
    for (const auto& [i, j] : {std::pair<std::size_t, std::size_t>{0, 1}, {3, 39}, {38, 5}}) {
      double mixed = 0;
      for (const int si : {-1, 1})
        for (const int sj : {-1, 1}) {
          spins[i] = static_cast<Spin>(si);
          spins[j] = static_cast<Spin>(sj);
          mixed -= si * sj * energy(spins) / 4;
        }
      CHECK(naive.unit * naive.row(static_cast<SiteIndex>(i))[j] == Approx(mixed).margin(1e-6));
      CHECK(naive.row(static_cast<SiteIndex>(i))[i] == 0);
    }
  }
}

TEST_CASE("the naive chain samples the Gibbs measure at N = 8") {
  std::uint64_t seed = 20261123;
  for (const auto& [name, sample] : samples(8, 3))
    for (const Order order : {Order::sequential, Order::random})
      for (const double temperature : {0.6, 1.2}) {
        INFO(name << ", order " << static_cast<int>(order) << ", T = " << temperature);
        check_mean_energy(*sample, temperature, order, ++seed);
      }
}

TEST_CASE("at T = 0 the naive chain only ever goes down, and stops") {
  for (const auto& [name, sample] : samples(60, 5)) {
    INFO(name);
    NaiveChain chain(std::make_shared<const NaiveCouplings>(*sample), start_of(*sample), 0, Order::sequential,
                     7302);
    double energy = chain.energy();
    std::int64_t accepted = 1;
    for (int sweep = 0; sweep < 100 && accepted > 0; ++sweep) {
      accepted = chain.sweep();
      CHECK(chain.energy() <= energy + 1e-4);
      energy = chain.energy();
    }
    CHECK(accepted == 0);
  }
}

TEST_CASE("xoshiro256++ from a known state") {
  // splitmix64 of seed 0 begins e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f f88bb8a8724c81ec (Vigna's splitmix64.c)
  constexpr std::uint64_t s0 = 0xe220a8397b1dcdafULL, s3 = 0xf88bb8a8724c81ecULL;
  bench::Xoshiro random(0);
  const std::uint64_t sum = s0 + s3;
  CHECK(random() == ((sum << 23) | (sum >> 41)) + s0);
}
