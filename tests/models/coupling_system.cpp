// The coupling machine: energies by hand, fields that stay exact, chains that continue bit for bit.
#include "models/coupling_system.hpp"

#include <catch2/catch.hpp>

#include "models/ising.hpp"
#include "models/model.hpp"
#include "models/start.hpp"
#include "reference/slow_chain.hpp"
#include "support/couplings.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const DisorderSample> given(tests::CouplingTablePointer table) {
  Ensemble ensemble;
  ensemble.couplings = std::move(table);
  RngStream unused({1, StreamDomain::tests, 0, 0, 0});
  return ising().draw({{"N", ensemble.couplings->size}}, ensemble, unused);
}

std::shared_ptr<const DisorderSample> three_spins(double unit) {
  auto table = std::make_shared<CouplingTable>();
  table->size = 3;
  table->couplings = {0, 1, -2, 1, 0, 3, -2, 3, 0};
  table->fields = {0.5, -1, 2};
  for (auto* numbers : {&table->couplings, &table->fields})
    for (double& x : *numbers) x *= unit;
  return given(table);
}

double energy(const DisorderSample& sample, const Configuration& s) {
  const double value = sample.chain(s, {}, {}, 0)->snapshot().energy;
  CHECK(value == Approx(sample.reference_energy()(s)).epsilon(1e-13));
  return value;
}

Configuration random_spins(SiteIndex n) {
  RngStream random({6, StreamDomain::tests, 0, 0, 0});
  return random_configuration(n, random);
}

template <class Coupling, class Field>
void check_fields_after_flips(Couplings<Coupling, Field> given_couplings) {
  const auto couplings = std::make_shared<const Couplings<Coupling, Field>>(std::move(given_couplings));
  const SiteIndex n = couplings->num_spins;
  CouplingSystem<Coupling, Field> system(couplings, random_spins(n));
  RngStream random({7, StreamDomain::tests, 0, 0, 0});
  for (int flip = 0; flip < 100000; ++flip)
    system.flip(static_cast<SiteIndex>(random() % static_cast<unsigned>(n)));
  const Snapshot shown = system.snapshot();
  const CouplingSystem<Coupling, Field> rebuilt(couplings,
                                                Configuration(shown.spins.begin(), shown.spins.end()));
  for (SiteIndex i = 0; i < n; ++i) REQUIRE(system.flip_cost(i) == rebuilt.flip_cost(i));
  CHECK(shown.energy == rebuilt.snapshot().energy);
}

/// Runs through, or stops after each of the first sweeps and is rebuilt from spins and sweep number.
void check_stop_and_resume(const DisorderSample& sample) {
  const StreamId stream{8, StreamDomain::tests, 0, 0, 0};
  std::vector<Dynamics> all = tests::all_dynamics();
  for (const double t : {0.0, 0.5})
    all.push_back({t, Rule::glauber, Order::sequential, Tie::random, Updates::synchronous});
  for (const Dynamics& dynamics : all) {
    const auto through = sample.chain(random_spins(sample.num_spins()), dynamics, stream, 0);
    Configuration spins = random_spins(sample.num_spins());
    for (int sweep = 0; sweep < 10; ++sweep) {
      const auto piece = sample.chain(spins, dynamics, stream, sweep);
      REQUIRE(piece->sweep() == through->sweep());
      const Snapshot a = piece->snapshot(), b = through->snapshot();
      REQUIRE(std::equal(a.spins.begin(), a.spins.end(), b.spins.begin()));
      REQUIRE(a.energy == b.energy);
      spins.assign(a.spins.begin(), a.spins.end());
    }
  }
}

void check_trajectory(const DisorderSample& sample, int sweeps) {
  const StreamId stream{9, StreamDomain::tests, 0, 0, 0};
  for (const Dynamics& dynamics : tests::all_dynamics()) {
    const auto chain = sample.chain(random_spins(sample.num_spins()), dynamics, stream, 0);
    tests::SlowChain slow(sample.reference_energy(), random_spins(sample.num_spins()), dynamics, stream);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      REQUIRE(chain->sweep() == slow.sweep());
      const auto spins = chain->snapshot().spins;
      REQUIRE(Configuration(spins.begin(), spins.end()) == slow.spins());
    }
  }
}

}  // namespace

TEST_CASE("three spins in fields by hand, as multiples of a unit and as real numbers") {
  for (const double unit : {1.0, 0.1, 3e-7}) {
    const auto sample = three_spins(unit);
    CHECK(energy(*sample, {1, 1, 1}) == Approx(-3.5 * unit));
    CHECK(energy(*sample, {-1, -1, -1}) == Approx(-0.5 * unit));
    CHECK(energy(*sample, {1, -1, 1}) == Approx(2.5 * unit));
    CHECK(energy(*sample, {1, 1, -1}) == Approx(2.5 * unit));
    CHECK(energy(*sample, {-1, 1, 1}) == Approx(-4.5 * unit));
  }
  auto table = std::make_shared<CouplingTable>();
  *table = {2, {0, M_PI, M_PI, 0}, {M_E, -1}, 0};
  CHECK(energy(*given(table), {1, 1}) == Approx(-M_PI - M_E + 1).epsilon(1e-14));
  CHECK(energy(*given(table), {1, -1}) == Approx(M_PI - M_E - 1).epsilon(1e-14));
}

TEST_CASE("whole couplings have exact ties") {
  auto table = std::make_shared<CouplingTable>();
  *table = {3, {0, 0.1, 0.2, 0.1, 0, 0.3, 0.2, 0.3, 0}, {0.1, 0, 0}, 0};
  // Site 0 in (+ - -): 0.1 - 0.1 - 0.2 = -0.2; in (+ + -): 0.1 + 0.1 - 0.2 = 0.
  CHECK(given(table)->chain({1, 1, -1}, {}, {}, 0)->field_census().free == 1);
  CHECK(given(table)->chain({1, -1, -1}, {}, {}, 0)->field_census().free == 0);
}

TEST_CASE("a single spin feels its field alone") {
  auto table = std::make_shared<CouplingTable>();
  *table = {1, {0}, {-0.7}, 0};
  CHECK(energy(*given(table), {1}) == Approx(0.7));
  CHECK(given(table)->chain({1}, {}, {}, 0)->field_census().unstable == 1);
}

TEST_CASE("local fields after 100000 flips are the fields of the spins, whatever the number type") {
  const auto whole = tests::integer_couplings(61, true, 3);
  check_fields_after_flips(in_quanta<std::int32_t, std::int32_t>(*whole, 1));
  check_fields_after_flips(in_quanta<std::int64_t, std::int64_t>(*whole, 1));
  const auto real = tests::real_couplings(61, true, 1, 4);
  check_fields_after_flips(in_quanta<std::int64_t, std::int64_t>(*real, quantisation(*real).quantum));
  const auto narrow = in_quanta<std::int32_t, std::int32_t>(*real, 0x1p-20);
  check_fields_after_flips(Couplings<std::int32_t, std::int64_t>{
      61, 0x1p-20, narrow.jumps, {narrow.fields.begin(), narrow.fields.end()}});
}

TEST_CASE("a chain stopped after any sweep continues bit for bit") {
  check_stop_and_resume(*given(tests::integer_couplings(40, true, 5)));
  check_stop_and_resume(*given(tests::real_couplings(40, true, 1, 6)));
}

TEST_CASE("chains on given couplings take the path of the slow chain") {
  check_trajectory(*given(tests::integer_couplings(13, true, 7)), 10);
  check_trajectory(*given(tests::integer_couplings(12, false, 8)), 10);
  check_trajectory(*given(tests::real_couplings(13, true, 1, 9)), 10);
}
