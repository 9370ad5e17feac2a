// Dense memories: energies by hand, the pairwise memory at p = 2, the path of the slow chain, exact averages.
#include "models/dense.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/catalogue.hpp"
#include "reference/slow_chain.hpp"
#include "support/gibbs.hpp"
#include "support/patterns.hpp"

using namespace mattis;

namespace {

enum Form { distinct, power, exponential, rectified };

Numbers numbers(double n, double k, Form form, double p) {
  return dense().resolve({{"N", n}, {"K", k}, {"form", form}, {"p", form == exponential ? NAN : p}});
}

std::shared_ptr<const DisorderSample> stored(const std::vector<std::vector<int>>& patterns, Form form,
                                             double p) {
  auto table = std::make_shared<PatternTable>();
  table->rows = patterns.size();
  table->columns = patterns.front().size();
  for (const auto& pattern : patterns)
    for (const int entry : pattern) table->entries.push_back(static_cast<std::int8_t>(entry));
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  return dense().draw(numbers(static_cast<double>(table->columns), static_cast<double>(table->rows), form, p),
                      {"file", 0, table}, random);
}

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, SiteIndex k, Form form, double p,
                                            std::uint32_t sample = 0, double bias = 0) {
  RngStream random({91, StreamDomain::disorder, 0, sample, 0});
  return dense().draw(numbers(n, k, form, p), {"rademacher", bias, nullptr, nullptr}, random);
}

double energy(const DisorderSample& sample, const Configuration& s) {
  const auto chain = sample.chain(s, {}, {}, 0);
  CHECK(chain->snapshot().energy == Approx(sample.reference_energy()(s)).margin(1e-12));
  return chain->snapshot().energy;
}

/// Energies of one pattern on four sites at M = 4, 2, 0, -2, -4.
void check_energies(Form form, double p, const std::vector<double>& expected) {
  const auto sample = stored({{1, 1, 1, 1}}, form, p);
  Configuration s(4, Spin{1});
  for (std::size_t flipped = 0; flipped <= 4; ++flipped) {
    INFO("form " << form << ", p = " << p << ", " << flipped << " sites flipped");
    CHECK(energy(*sample, s) == Approx(expected[flipped]).margin(1e-14));
    if (flipped < 4) s[flipped] = -1;
  }
}

void check_trajectory(const DisorderSample& sample, int sweeps) {
  const StreamId stream{93, StreamDomain::tests, 0, 0, 0};
  for (const Dynamics& dynamics : tests::all_dynamics()) {
    RngStream random({94, StreamDomain::tests, 0, 0, 0});
    const Configuration start = random_configuration(sample.num_spins(), random);
    const auto through = sample.chain(start, dynamics, stream, 0);
    tests::SlowChain slow(sample.reference_energy(), start, dynamics, stream);
    Configuration spins = start;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const auto piece = sample.chain(spins, dynamics, stream, sweep);
      const auto accepted = slow.sweep();
      REQUIRE(through->sweep() == accepted);
      REQUIRE(piece->sweep() == accepted);
      const auto shown = piece->snapshot().spins;
      spins.assign(shown.begin(), shown.end());
      REQUIRE(spins == slow.spins());
      REQUIRE(piece->snapshot().energy == through->snapshot().energy);
    }
  }
}

/// Of all energies; and a temperature at which valleys and holes are left within some tens of sweeps.
struct Range {
  double lowest = INFINITY, highest = -INFINITY, temperature = 0;
};

Range range_of(const DisorderSample& sample) {
  Range range;
  const auto h = sample.reference_energy();
  std::vector<double> all;
  for (std::uint64_t state = 0; state < std::uint64_t{1} << sample.num_spins(); ++state) {
    all.push_back(h(unpacked({&state, 1}, sample.num_spins())));
    range.lowest = std::min(range.lowest, all.back());
    range.highest = std::max(range.highest, all.back());
  }
  double squares = 0;
  for (std::size_t state = 0; state < all.size(); ++state)
    squares += std::pow(all[state] - all[state ^ 1], 2);
  const double typical_cost = std::sqrt(squares / static_cast<double>(all.size()));
  range.temperature = std::max(typical_cost, (range.highest - range.lowest) / 5);
  return range;
}

/// |z| < 4 and standard errors below 1 % of the range of the observable, for every rule, order and rejection-free chains.
void check_gibbs(const DisorderSample& sample, int sweeps, std::uint64_t seed) {
  const std::vector<std::string> observables{"energy_per_spin", "overlap_abs", "overlap_squared",
                                             "replica_overlap"};
  const Range range = range_of(sample);
  std::vector<Dynamics> all{{0, Rule::glauber, Order::sequential, Tie::keep, Updates::rejection_free}};
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Order order : {Order::sequential, Order::random, Order::permutation})
      all.push_back({0, rule, order, Tie::keep});
  std::vector<Measured> truth;
  for (Dynamics dynamics : all) {
    dynamics.temperature = range.temperature;
    const MeasurementPlan plan = tests::plan_of(sample, dynamics, observables);
    if (truth.empty()) truth = exact_averages(tests::enumerable(sample), std::vector{plan}).front();
    const auto run = tests::simulated(sample, dynamics, plan, sweeps, ++seed);
    for (const Measured& exact : truth) {
      const bool is_joint = exact.observable == "replica_overlap";
      const Measured& a = tests::find(is_joint ? run.joint : run.first, exact);
      const Measured& b = tests::find(is_joint ? run.joint : run.second, exact);
      const double mean = (a.value + b.value) / 2;
      const double error = is_joint ? a.error : std::hypot(a.error, b.error) / 2;
      const double span = exact.observable == "energy_per_spin"
                              ? (range.highest - range.lowest) / sample.num_spins()
                          : is_joint && exact.component == "1" ? 2
                                                               : 1;
      INFO(exact.observable << " " << exact.component << " at T = " << dynamics.temperature << ", rule "
                            << static_cast<int>(dynamics.rule) << ", order "
                            << static_cast<int>(dynamics.order) << ", updates "
                            << static_cast<int>(dynamics.updates) << ": " << mean << " +- " << error
                            << ", exactly " << exact.value);
      CHECK(std::abs(mean - exact.value) < tests::significant * error);
      CHECK(error < 0.01 * span);
    }
  }
}

void check_gibbs_of_all(SiteIndex n, SiteIndex k, std::initializer_list<int> orders, int sweeps) {
  std::uint64_t seed = 20261125 + 1000 * static_cast<std::uint64_t>(n);
  for (const Form form : {distinct, power, exponential, rectified})
    for (const int p : orders) {
      if (form == exponential && p != *orders.begin()) continue;
      INFO("form " << form << ", p = " << p << ", N = " << n << ", K = " << k);
      check_gibbs(*drawn(n, k, form, p), sweeps, seed);
      seed += 100;
    }
}

std::string refused(const Numbers& asked) {
  try {
    dense().resolve(asked);
  } catch (const ParameterError& error) {
    return error.key;
  }
  return "not refused";
}

}  // namespace

TEST_CASE("one pattern on four sites, by hand") {
  check_energies(distinct, 2, {-1.5, 0, 0.5, 0, -1.5});
  check_energies(distinct, 3, {-0.75, 0.375, 0, -0.375, 0.75});
  check_energies(distinct, 4, {-0.1875, 0.1875, -0.1875, 0.1875, -0.1875});
  check_energies(power, 2, {-1.5, 0, 0.5, 0, -1.5});
  check_energies(power, 3, {-2, -0.25, 0, 0.25, 2});
  check_energies(power, 4, {-1.6875, 0.1875, 0.3125, 0.1875, -1.6875});
  check_energies(exponential, 0,
                 {-2, -2 * std::exp(-2), -2 * std::exp(-4), -2 * std::exp(-6), -2 * std::exp(-8)});
  check_energies(rectified, 2, {-1.75, -0.25, 0.25, 0.25, 0.25});
  check_energies(rectified, 3, {-1.8125, -0.0625, 0.1875, 0.1875, 0.1875});
}

TEST_CASE("two patterns on four sites, and one of three entries") {
  CHECK(energy(*stored({{1, 1, 1, 1}, {1, 1, 1, -1}}, distinct, 3), {1, 1, 1, 1}) == Approx(-0.375));
  CHECK(energy(*stored({{1, 1, 1, 1}, {1, 1, 1, -1}}, power, 3), {1, 1, 1, 1}) == Approx(-2.25));
  // (+++0): one triple, so H = -6/32 at the pattern; M = 3: -(4/2) (27/64).
  CHECK(energy(*stored({{1, 1, 1, 0}}, distinct, 3), {1, 1, 1, -1}) == Approx(-0.1875));
  CHECK(energy(*stored({{1, 1, 1, 0}}, power, 3), {1, 1, 1, -1}) == Approx(-0.84375));
}

TEST_CASE("at p = 2 both forms are the pairwise memory, bit for bit") {
  for (const Form form : {distinct, power}) {
    RngStream one({95, StreamDomain::tests, 0, 0, 0}), other({95, StreamDomain::tests, 0, 0, 0});
    const auto pairwise = find_model("hopfield")->draw({{"N", 150}, {"P", 20}}, {}, one);
    const auto sample = dense().draw(numbers(150, 20, form, 2), {}, other);
    const Dynamics dynamics{0.4, Rule::glauber, Order::sequential, Tie::keep};
    const Configuration start(150, Spin{1});
    const auto a = pairwise->chain(start, dynamics, {96, StreamDomain::tests, 0, 0, 0}, 0);
    const auto b = sample->chain(start, dynamics, {96, StreamDomain::tests, 0, 0, 0}, 0);
    for (int sweep = 0; sweep < 50; ++sweep) {
      REQUIRE(a->sweep() == b->sweep());
      REQUIRE(packed(a->snapshot().spins) == packed(b->snapshot().spins));
      REQUIRE(a->snapshot().energy == b->snapshot().energy);
    }
    CHECK(sample->kernels(dynamics) == pairwise->kernels(dynamics));
    CHECK(dense().memory(numbers(150, 20, form, 2)) ==
          find_model("hopfield")->memory({{"N", 150}, {"P", 20}}));
    CHECK(dense().same_as(numbers(150, 20, form, 2))->first == "hopfield");
    CHECK(dense().same_as(numbers(150, 20, form, 2))->second ==
          find_model("hopfield")->resolve({{"N", 150}, {"P", 20}}));
  }
  CHECK_FALSE(dense().same_as(numbers(150, 20, rectified, 2)));
  CHECK_FALSE(dense().same_as(numbers(150, 20, distinct, 3)));
}

TEST_CASE("loads mean numbers of patterns") {
  const auto patterns = [](Numbers asked) { return dense().resolve(asked).at("P"); };
  CHECK(patterns({{"N", 100}, {"p", 3}, {"form", distinct}, {"alpha", 0.06}}) == 600);
  CHECK(patterns({{"N", 100}, {"p", 3}, {"form", distinct}, {"gamma", 0.18}}) == 600);
  CHECK(patterns({{"N", 30}, {"p", 4}, {"form", power}, {"gamma", 1}}) == 2250);
  CHECK(patterns({{"N", 10}, {"p", 3}, {"form", power}, {"alpha", 0.145}}) == 15);
  CHECK(patterns({{"N", 100}, {"p", NAN}, {"form", exponential}, {"rate", 0.05}}) == 148);
  const Numbers actual = dense().resolve({{"N", 100}, {"p", 3}, {"form", distinct}, {"K", 600}});
  CHECK(actual.at("alpha_actual") == Approx(0.06));
  CHECK(actual.at("gamma_actual") == Approx(0.18));
}

TEST_CASE("numbers that make no dense memory are refused by name") {
  CHECK(refused({{"N", 100}, {"p", NAN}, {"form", distinct}, {"K", 5}}) == "p");
  CHECK(refused({{"N", 100}, {"p", 9}, {"form", distinct}, {"K", 5}}) == "p");
  CHECK(refused({{"N", 100}, {"p", 2.5}, {"form", power}, {"K", 5}}) == "p");
  CHECK(refused({{"N", 3}, {"p", 4}, {"form", distinct}, {"K", 5}}) == "p");
  CHECK(refused({{"N", 100}, {"p", 3}, {"form", exponential}, {"K", 5}}) == "p");
  CHECK(refused({{"N", 100}, {"p", NAN}, {"form", exponential}, {"alpha", 5}}) == "alpha");
  CHECK(refused({{"N", 100}, {"p", 3}, {"form", distinct}, {"rate", 0.1}}) == "rate");
  CHECK(refused({{"N", 100}, {"p", 3}, {"form", distinct}, {"K", 5.5}}) == "K");
  CHECK(refused({{"N", 100}, {"p", 3}, {"form", distinct}, {"gamma", 0}}) == "gamma");
  CHECK(refused({{"N", 100000}, {"p", 8}, {"form", power}, {"K", 5}}) == "N");
  CHECK(refused({{"N", 5000}, {"p", 4}, {"form", distinct}, {"alpha", 1}}) == "alpha");
}

TEST_CASE("dense chains take the path of the slow chain and continue bit for bit") {
  for (const Form form : {distinct, power, rectified})
    for (const int p : {3, 4, 7}) {
      INFO("form " << form << ", p = " << p);
      check_trajectory(*drawn(9, 5, form, p), 4);
    }
  check_trajectory(*drawn(8, 5, exponential, 0), 6);
  check_trajectory(*drawn(10, 4, distinct, 3, 1, 0.5), 4);
}

TEST_CASE("dense chains take the path of the slow chain on patterns with zeros") {
  const auto table = std::make_shared<PatternTable>(tests::random_table(6, 9, 0.4, 97));
  for (const Form form : {distinct, power, exponential, rectified}) {
    RngStream random({98, StreamDomain::tests, 0, 0, 0});
    check_trajectory(*dense().draw(numbers(9, 4, form, 3), {"file", 0, table}, random), 4);
  }
}

TEST_CASE("synchronous steps at T = 0 flip what lowers the energy") {
  const Dynamics dynamics{0, Rule::glauber, Order::sequential, Tie::keep, Updates::synchronous};
  for (const Form form : {distinct, power, exponential, rectified}) {
    const auto sample = drawn(10, 7, form, 3);
    const auto h = sample->reference_energy();
    RngStream random({99, StreamDomain::tests, 0, 0, 0});
    for (int trial = 0; trial < 10; ++trial) {
      Configuration s = random_configuration(10, random), next = s;
      for (std::size_t i = 0; i < s.size(); ++i) {
        Configuration flipped = s;
        flipped[i] = static_cast<Spin>(-s[i]);
        if (h(flipped) - h(s) < -1e-12) next[i] = flipped[i];
      }
      const auto chain = sample->chain(s, dynamics, {}, 0);
      chain->sweep();
      const auto shown = chain->snapshot().spins;
      CHECK(Configuration(shown.begin(), shown.end()) == next);
    }
  }
}

TEST_CASE("a large memory keeps its energies exact") {
  for (const Form form : {distinct, power, rectified})
    for (const int p : {3, 5, 8}) {
      INFO("form " << form << ", p = " << p);
      const auto sample = drawn(500, 300, form, p);
      const Dynamics dynamics{0.5, Rule::metropolis, Order::sequential, Tie::keep};
      RngStream random({100, StreamDomain::tests, 0, 0, 0});
      const auto chain = sample->chain(cued_configuration(*sample, 0, 0.8, random), dynamics, {}, 0);
      for (int sweep = 0; sweep < 5; ++sweep) chain->sweep();
      const auto shown = chain->snapshot().spins;
      const auto rebuilt = sample->chain({shown.begin(), shown.end()}, dynamics, {}, 5);
      CHECK(rebuilt->snapshot().energy == chain->snapshot().energy);
      if (form == distinct) continue;  // its slow energy takes 500^p steps
      CHECK(chain->snapshot().energy == Approx(sample->reference_energy()(shown)).epsilon(1e-9));
    }
}

/// exp(M) of N = 2000 spins overflows and underflows a double: e^{+-2000}.
TEST_CASE("an exponential memory retrieves whatever its size") {
  const auto sample = drawn(2000, 500, exponential, 0);
  for (const double overlap : {1.0, 0.5, 0.2}) {
    RngStream random({101, StreamDomain::tests, 0, 0, 0});
    const auto chain = sample->chain(cued_configuration(*sample, 3, overlap, random), {}, {}, 0);
    chain->sweep();
    CHECK(chain->snapshot().overlap_counts[3] == 2000);
    CHECK(chain->snapshot().energy == Approx(-1000));
    CHECK(chain->field_census().unstable == 0);
    CHECK(chain->field_census().free == 0);
  }
}

TEST_CASE("dense memories sample the Gibbs measure at N = 8") { check_gibbs_of_all(8, 3, {3}, 40000); }

TEST_CASE("dense memories of all orders sample the Gibbs measure at N = 8", "[default]") {
  check_gibbs_of_all(8, 4, {2, 3, 4, 6}, 80000);
}

TEST_CASE("dense memories of all orders sample the Gibbs measure at N = 11", "[default]") {
  check_gibbs_of_all(11, 6, {2, 3, 4, 6}, 80000);
}

TEST_CASE("dense memories sample the Gibbs measure at N = 12 and K = N", "[default]") {
  check_gibbs_of_all(12, 12, {3, 4}, 80000);
}
