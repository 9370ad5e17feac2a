// The pairwise memory: energies by hand, and the path of the slow chain on its reference energy.
#include "models/hopfield.hpp"

#include <catch2/catch.hpp>

#include "models/start.hpp"
#include "reference/slow_chain.hpp"
#include "support/patterns.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const DisorderSample> stored(const std::vector<std::vector<int>>& patterns) {
  auto table = std::make_shared<PatternTable>();
  table->rows = patterns.size();
  table->columns = patterns.front().size();
  for (const auto& pattern : patterns)
    for (const int entry : pattern) table->entries.push_back(static_cast<std::int8_t>(entry));
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  return hopfield().draw({{"N", table->columns}, {"P", table->rows}}, {"file", 0, table}, random);
}

double energy(const DisorderSample& sample, const Configuration& s) {
  const auto chain = sample.chain(s, {}, {}, 0);
  CHECK(chain->snapshot().energy == Approx(sample.reference_energy()(s)).margin(1e-14));
  return chain->snapshot().energy;
}

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, SiteIndex p, double bias) {
  RngStream random({2, StreamDomain::tests, 0, 0, 0});
  return hopfield().draw({{"N", n}, {"P", p}}, {"rademacher", bias, nullptr, nullptr}, random);
}

void check_trajectory(const DisorderSample& sample, int sweeps) {
  const StreamId stream{3, StreamDomain::tests, 0, 0, 0};
  for (const Dynamics& dynamics : tests::all_dynamics()) {
    RngStream random({4, StreamDomain::tests, 0, 0, 0});
    const Configuration start = random_configuration(sample.num_spins(), random);
    const auto chain = sample.chain(start, dynamics, stream, 0);
    tests::SlowChain slow(sample.reference_energy(), start, dynamics, stream);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      REQUIRE(chain->sweep() == slow.sweep());
      const auto spins = chain->snapshot().spins;
      REQUIRE(Configuration(spins.begin(), spins.end()) == slow.spins());
    }
  }
}

}  // namespace

TEST_CASE("one pattern on three sites: H = -(M^2 - 3)/6") {
  const auto sample = stored({{1, 1, 1}});
  CHECK(energy(*sample, {1, 1, 1}) == Approx(-1));
  CHECK(energy(*sample, {-1, -1, -1}) == Approx(-1));
  CHECK(energy(*sample, {1, 1, -1}) == Approx(1.0 / 3));
  CHECK(energy(*sample, {1, -1, -1}) == Approx(1.0 / 3));
}

TEST_CASE("two patterns on three sites") {
  // J_12 = J_23 = 0, J_13 = 2/3.
  const auto sample = stored({{1, 1, 1}, {1, -1, 1}});
  CHECK(energy(*sample, {1, 1, 1}) == Approx(-2.0 / 3));
  CHECK(energy(*sample, {1, -1, 1}) == Approx(-2.0 / 3));
  CHECK(energy(*sample, {-1, 1, 1}) == Approx(2.0 / 3));
  CHECK(energy(*sample, {-1, -1, 1}) == Approx(2.0 / 3));
}

TEST_CASE("three patterns on three sites, one of them diluted") {
  // Patterns (+++), (+-+), (+0-): J_12 = 0, J_23 = 0, J_13 = (1 + 1 - 1)/3.
  const auto sample = stored({{1, 1, 1}, {1, -1, 1}, {1, 0, -1}});
  CHECK(energy(*sample, {1, 1, 1}) == Approx(-1.0 / 3));
  CHECK(energy(*sample, {1, 1, -1}) == Approx(1.0 / 3));
  CHECK(energy(*sample, {-1, -1, 1}) == Approx(1.0 / 3));
  const auto alone = stored({{1, 0, -1}});
  CHECK(energy(*alone, {1, 1, 1}) == Approx(1.0 / 3));
  CHECK(energy(*alone, {1, -1, -1}) == Approx(-1.0 / 3));
}

TEST_CASE("a single spin has no energy") {
  const auto sample = stored({{1}, {-1}});
  CHECK(energy(*sample, {1}) == 0);
  CHECK(sample->chain({1}, {}, {}, 0)->field_census().free == 1);
}

TEST_CASE("a lone pattern is a fixed point; a flipped site is unstable") {
  const auto sample = stored({{1, -1, 1, 1, -1, 1, -1}});
  CHECK(sample->chain({1, -1, 1, 1, -1, 1, -1}, {}, {}, 0)->field_census().unstable == 0);
  CHECK(sample->chain({-1, -1, 1, 1, -1, 1, -1}, {}, {}, 0)->field_census().unstable == 1);
}

TEST_CASE("chains take the path of the slow chain bit for bit") {
  check_trajectory(*drawn(13, 3, 0), 15);
  check_trajectory(*drawn(24, 4, 0.4), 6);
  const auto table = std::make_shared<PatternTable>(tests::random_table(5, 15, 0.4, 8));
  RngStream random({5, StreamDomain::tests, 0, 0, 0});
  check_trajectory(*hopfield().draw({{"N", 15}, {"P", 4}}, {"file", 0, table}, random), 10);
}

TEST_CASE("chains take the path of the slow chain over more than one word of patterns", "[default]") {
  check_trajectory(*drawn(70, 65, 0), 30);
  check_trajectory(*drawn(63, 130, 0.2), 30);
  check_trajectory(*drawn(128, 6, 0), 20);
}
