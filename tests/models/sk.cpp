// The spin glass: what is drawn, what it depends on, and an identity that holds at every N.
#include "models/sk.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "reference/slow_chain.hpp"
#include "support/gibbs.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, double h, std::uint32_t sample = 0) {
  RngStream random({41, StreamDomain::disorder, 0, sample, 0});
  return sk().draw({{"N", n}, {"h", h}}, {}, random);
}

double value(const std::vector<Measured>& all, const std::string& observable, const std::string& component) {
  return tests::find(all, {observable, component, 0, 0, 0}).value;
}

}  // namespace

TEST_CASE("the field changes nothing that is drawn") {
  const auto without = drawn(20, 0), with = drawn(20, -0.75);
  RngStream random({42, StreamDomain::tests, 0, 0, 0});
  for (int trial = 0; trial < 100; ++trial) {
    const Configuration s = random_configuration(20, random);
    double sum = 0;
    for (const Spin spin : s) sum += spin;
    CHECK(with->reference_energy()(s) - without->reference_energy()(s) == Approx(0.75 * sum).margin(1e-12));
    CHECK(with->chain(s, {}, {}, 0)->snapshot().energy == Approx(with->reference_energy()(s)).margin(2e-7));
  }
}

TEST_CASE("on the disorder average e = -(beta/2) (1 - <q^2>) - h <M> at every N") {
  constexpr SiteIndex n = 6;
  constexpr int samples = 4000;
  const double h = 0.4, temperature = 0.8;
  Dynamics dynamics;
  dynamics.temperature = temperature;
  double sum = 0, squares = 0;
  for (int sample = 0; sample < samples; ++sample) {
    const auto disorder = drawn(n, h, static_cast<std::uint32_t>(sample));
    const std::vector<MeasurementPlan> plans{
        tests::plan_of(*disorder, dynamics, {"energy_per_spin", "magnetisation", "replica_overlap"})};
    const auto exact = exact_averages(tests::enumerable(*disorder), plans).front();
    const double difference = value(exact, "energy_per_spin", "") + h * value(exact, "magnetisation", "") +
                              (1 - value(exact, "replica_overlap", "2")) / (2 * temperature);
    sum += difference, squares += difference * difference;
  }
  const double mean = sum / samples, error = std::sqrt((squares / samples - mean * mean) / samples);
  INFO(mean << " +- " << error);
  CHECK(std::abs(mean) < tests::significant * error);
  CHECK(error < 0.01);
}

TEST_CASE("chains on drawn couplings take the path of the slow chain and continue bit for bit") {
  const auto sample = drawn(13, 0.3);
  const StreamId stream{43, StreamDomain::tests, 0, 0, 0};
  for (const Dynamics& dynamics : tests::all_dynamics()) {
    RngStream random({44, StreamDomain::tests, 0, 0, 0});
    const Configuration start = random_configuration(13, random);
    const auto through = sample->chain(start, dynamics, stream, 0);
    tests::SlowChain slow(sample->reference_energy(), start, dynamics, stream);
    Configuration spins = start;
    for (int sweep = 0; sweep < 10; ++sweep) {
      const auto piece = sample->chain(spins, dynamics, stream, sweep);
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

TEST_CASE("a drawn sample and its trajectory have these bits on every machine") {
  const auto sample = drawn(100, 0.25);
  const auto chain =
      sample->chain(Configuration(100, Spin{1}), {0.5, Rule::glauber, Order::sequential, Tie::keep},
                    {45, StreamDomain::tests, 0, 0, 0}, 0);
  for (int sweep = 0; sweep < 100; ++sweep) chain->sweep();
  CHECK(chain->snapshot().energy == -0x1.20c9328p+6);
  CHECK(packed(chain->snapshot().spins).front() == 0x2f783bdb7ebaaf54);
}

TEST_CASE("a lone spin has its field only") {
  const auto sample = drawn(1, 0.5);
  CHECK(sample->chain({1}, {}, {}, 0)->snapshot().energy == Approx(-0.5).epsilon(1e-7));
}

TEST_CASE("fields and sizes beyond the machine are refused by name") {
  const auto refused = [](const Numbers& asked) {
    try {
      sk().resolve(asked);
    } catch (const ParameterError& error) {
      return error.key;
    }
    return std::string("not refused");
  };
  CHECK(sk().resolve({{"N", 100}, {"h", -0.5}}) == Numbers{{"N", 100}, {"h", -0.5}});
  CHECK(refused({{"N", 100}, {"h", 501}}) == "h");
  CHECK(refused({{"N", 100}, {"h", NAN}}) == "h");
  CHECK(refused({{"N", 65537}, {"h", 0}}) == "N");
}
