// Synchronous dynamics on memories and coupled spins: its law, its averages and its cycles, against its definition.
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/error.hpp"
#include "engine/stationary_law.hpp"
#include "models/catalogue.hpp"
#include "support/couplings.hpp"
#include "support/gibbs.hpp"

using namespace mattis;

namespace {

constexpr SiteIndex n = 8;
constexpr std::uint64_t num_states = 1 << n;

struct System {
  std::string name;
  std::shared_ptr<const DisorderSample> sample;
  double temperature;
};

std::shared_ptr<const DisorderSample> given(tests::CouplingTablePointer table) {
  Ensemble ensemble;
  ensemble.couplings = std::move(table);
  RngStream unused({1, StreamDomain::tests, 0, 0, 0});
  return find_model("ising")->draw({{"N", n}}, ensemble, unused);
}

std::vector<System> systems() {
  RngStream patterns({61, StreamDomain::disorder, 0, 0, 0}), couplings({62, StreamDomain::disorder, 0, 0, 0});
  return {{"hopfield", find_model("hopfield")->draw({{"N", n}, {"P", 3}}, {}, patterns), 0.7},
          {"sk in a field", find_model("sk")->draw({{"N", n}, {"h", 0.2}}, {}, couplings), 0.8},
          {"whole couplings and fields", given(tests::integer_couplings(n, true, 63)), 3},
          {"real couplings and fields", given(tests::real_couplings(n, true, 1, 64)), 1.2},
          {"real couplings", given(tests::real_couplings(n, false, 1, 65)), 1.2}};
}

Configuration state_of(std::uint64_t bits) { return unpacked({&bits, 1}, n); }
std::uint64_t bits_of(std::span<const Spin> s) { return packed(s).front(); }

std::vector<double> energies(const DisorderSample& sample) {
  const auto energy = sample.reference_energy();
  std::vector<double> all;
  for (std::uint64_t s = 0; s < num_states; ++s) all.push_back(energy(state_of(s)));
  return all;
}

/// h_i(s) = s_i [H(s with s_i -> -s_i) - H(s)] / 2.
std::vector<std::vector<double>> local_fields(const DisorderSample& sample) {
  const auto energy = energies(sample);
  std::vector<std::vector<double>> h(num_states, std::vector<double>(n));
  for (std::uint64_t s = 0; s < num_states; ++s)
    for (std::size_t i = 0; i < n; ++i) h[s][i] = state_of(s)[i] * (energy[s ^ (1u << i)] - energy[s]) / 2;
  return h;
}

/// P(s'|s) = prod_i exp(beta s'_i h_i(s)) / 2 cosh(beta h_i(s)).
std::vector<std::vector<double>> transition_matrix(const DisorderSample& sample, double temperature) {
  const auto h = local_fields(sample);
  std::vector<std::vector<double>> p(num_states, std::vector<double>(num_states, 1.0));
  for (std::uint64_t s = 0; s < num_states; ++s)
    for (std::uint64_t next = 0; next < num_states; ++next)
      for (std::size_t i = 0; i < n; ++i)
        p[s][next] *=
            std::exp(state_of(next)[i] * h[s][i] / temperature) / (2 * std::cosh(h[s][i] / temperature));
  return p;
}

std::vector<double> law(const DisorderSample& sample, double temperature) {
  const auto table = energies(sample);
  const StationaryLaw weights(table, n, temperature, Updates::synchronous);
  std::vector<double> pi;
  double sum = 0;
  for (std::uint64_t s = 0; s < num_states; ++s) sum += pi.emplace_back(weights.weight(s));
  for (double& x : pi) x /= sum;
  return pi;
}

Dynamics synchronous(double temperature, Tie tie = Tie::keep) {
  return {temperature, Rule::glauber, Order::sequential, tie, Updates::synchronous};
}

/// s'_i = sign h_i(s); a tie keeps its spin.
std::vector<std::uint64_t> zero_temperature_map(const DisorderSample& sample) {
  const auto h = local_fields(sample);
  std::vector<std::uint64_t> next;
  for (std::uint64_t s = 0; s < num_states; ++s) {
    Configuration spins = state_of(s);
    for (std::size_t i = 0; i < n; ++i)
      if (std::abs(h[s][i]) > 1e-10) spins[i] = h[s][i] > 0 ? Spin{1} : Spin{-1};
    next.push_back(bits_of(spins));
  }
  return next;
}

}  // namespace

TEST_CASE("local fields from energies are sum_j J_ij s_j + h_i, and the law is theirs") {
  const auto table = tests::real_couplings(n, true, 1, 64);
  const auto sample = given(table);
  const auto h = local_fields(*sample);
  std::vector<double> weight(num_states, 1.0);
  double sum = 0;
  for (std::uint64_t s = 0; s < num_states; ++s) {
    const Configuration spins = state_of(s);
    for (std::size_t i = 0; i < n; ++i) {
      double field = table->fields[i];
      for (std::size_t j = 0; j < n; ++j) field += table->couplings[i * n + j] * spins[j];
      REQUIRE(h[s][i] == Approx(field).margin(1e-12));
      weight[s] *= std::exp(table->fields[i] * spins[i] / 1.2) * 2 * std::cosh(field / 1.2);
    }
    sum += weight[s];
  }
  const auto pi = law(*sample, 1.2);
  for (std::uint64_t s = 0; s < num_states; ++s) REQUIRE(pi[s] == Approx(weight[s] / sum).epsilon(1e-10));
}

TEST_CASE("one parallel step leaves the stated law as it is, and is reversible") {
  for (const System& system : systems()) {
    INFO(system.name);
    const auto p = transition_matrix(*system.sample, system.temperature);
    const auto pi = law(*system.sample, system.temperature);
    std::vector<double> after(num_states, 0.0);
    double imbalance = 0;
    for (std::uint64_t s = 0; s < num_states; ++s)
      for (std::uint64_t next = 0; next < num_states; ++next) {
        after[next] += pi[s] * p[s][next];
        imbalance = std::max(imbalance, std::abs(pi[s] * p[s][next] - pi[next] * p[next][s]));
      }
    CHECK(imbalance < 1e-12);
    for (std::uint64_t s = 0; s < num_states; ++s) REQUIRE(std::abs(after[s] - pi[s]) < 1e-12);
  }
}

TEST_CASE("step overlaps are those of the transition matrix and of its square") {
  for (const System& system : systems()) {
    INFO(system.name);
    const auto p = transition_matrix(*system.sample, system.temperature);
    const auto pi = law(*system.sample, system.temperature);
    const auto overlap = [](std::uint64_t a, std::uint64_t b) { return 1 - 2.0 * std::popcount(a ^ b) / n; };
    double one = 0, two = 0;
    for (std::uint64_t s = 0; s < num_states; ++s)
      for (std::uint64_t next = 0; next < num_states; ++next) {
        one += pi[s] * p[s][next] * overlap(s, next);
        for (std::uint64_t third = 0; third < num_states; third += 1)
          two += pi[s] * p[s][next] * p[next][third] * overlap(s, third);
      }
    const std::vector<MeasurementPlan> plans{
        tests::plan_of(*system.sample, synchronous(system.temperature), {"step_overlap"})};
    const auto exact = exact_averages(tests::enumerable(*system.sample), plans).front();
    CHECK(tests::find(exact, {"step_overlap", "1", 0, 0, 0}).value == Approx(one).margin(1e-12));
    CHECK(tests::find(exact, {"step_overlap", "2", 0, 0, 0}).value == Approx(two).margin(1e-12));
  }
}

TEST_CASE("simulated averages of parallel steps agree with the law") {
  std::uint64_t seed = 20261124;
  for (const System& system : systems())
    for (const double factor : {1.0, 2.0}) {
      INFO(system.name);
      tests::check_against_enumeration(*system.sample, synchronous(factor * system.temperature),
                                       {"energy_per_spin", "energy_variance", "magnetisation", "overlap_abs",
                                        "step_overlap", "replica_overlap"},
                                       60000, ++seed);
    }
}

TEST_CASE("exp(-H/T) is another law: the comparison would see it") {
  const System system = systems().front();
  const auto exact = [&](Updates updates) {
    Dynamics dynamics = synchronous(system.temperature);
    dynamics.updates = updates;
    const std::vector<MeasurementPlan> plans{tests::plan_of(*system.sample, dynamics, {"energy_per_spin"})};
    return exact_averages(tests::enumerable(*system.sample), plans).front().front().value;
  };
  CHECK(std::abs(exact(Updates::single) - exact(Updates::synchronous)) > 0.02);
}

TEST_CASE("at T = 0 every state steps as the map says; cycles of length two are recognised, and only they") {
  int cycles = 0;
  for (const System& system : systems()) {
    INFO(system.name);
    const auto next = zero_temperature_map(*system.sample);
    for (std::uint64_t s = 0; s < num_states; ++s) {
      const auto chain = system.sample->chain(state_of(s), synchronous(0), {}, 0);
      const bool is_cycle = next[s] != s && next[next[s]] == s;
      cycles += is_cycle;
      REQUIRE(chain->is_two_cycle() == is_cycle);
      REQUIRE((chain->field_census().unstable == 0) == (next[s] == s));
      const double one = chain->snapshot().step_overlap().one;
      REQUIRE(one == Approx(1 - 2.0 * std::popcount(s ^ next[s]) / n));
      chain->sweep();
      REQUIRE(bits_of(chain->snapshot().spins) == next[s]);
      for (std::uint64_t step = 0; step < num_states; ++step) chain->sweep();
      REQUIRE(chain->is_two_cycle() != (chain->field_census().unstable == 0));
    }
  }
  CHECK(cycles > 0);
}

TEST_CASE("two spins that copy each other: a fixed point and a two-cycle by hand") {
  auto table = std::make_shared<CouplingTable>();
  *table = {2, {0, 1, 1, 0}, {}, 0};
  Ensemble ensemble;
  ensemble.couplings = table;
  RngStream unused({1, StreamDomain::tests, 0, 0, 0});
  const auto sample = find_model("ising")->draw({{"N", 2}}, ensemble, unused);
  CHECK_FALSE(sample->chain({1, 1}, synchronous(0), {}, 0)->is_two_cycle());
  const auto chain = sample->chain({1, -1}, synchronous(0), {}, 0);
  CHECK(chain->is_two_cycle());
  CHECK(chain->snapshot().step_overlap().one == -1);
  CHECK(chain->snapshot().step_overlap().two == 1);
  CHECK_FALSE(sample->chain({1, -1}, synchronous(0.1), {}, 0)->is_two_cycle());
  CHECK_FALSE(sample->chain({1, -1}, {}, {}, 0)->is_two_cycle());
}

TEST_CASE("a tie that is broken by a coin makes no cycle certain") {
  // Site 2 has no coupling: free for ever.
  auto table = std::make_shared<CouplingTable>();
  *table = {3, {0, 1, 0, 1, 0, 0, 0, 0, 0}, {}, 0};
  Ensemble ensemble;
  ensemble.couplings = table;
  RngStream unused({1, StreamDomain::tests, 0, 0, 0});
  const auto sample = find_model("ising")->draw({{"N", 3}}, ensemble, unused);
  CHECK(sample->chain({1, -1, 1}, synchronous(0), {}, 0)->is_two_cycle());
  const auto coin = sample->chain({1, -1, 1}, synchronous(0, Tie::random), {}, 0);
  CHECK_FALSE(coin->is_two_cycle());
  CHECK(coin->snapshot().step_overlap().two == Approx(2.0 / 3));
  CHECK(coin->field_census().free == 1);
}

TEST_CASE("synchronous updates have a heat bath only, and no law at T = 0") {
  const System system = systems().front();
  CHECK_THROWS_AS(
      system.sample->chain(state_of(0),
                           {1, Rule::metropolis, Order::sequential, Tie::keep, Updates::synchronous}, {}, 0),
      InternalError);
  CHECK_THROWS_AS(law(*system.sample, 0), InputError);
}
