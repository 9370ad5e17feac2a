// Acceptance probabilities of the threshold rule against the rules of the textbooks.
#include "engine/threshold.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/random_stream.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

constexpr double states = 0x1p32;  // of a 32-bit random number

/// The temperature at which cost 1 (in units of `unit`) is accepted with probability p.
double temperature_for(Rule rule, double p, double unit) {
  return unit / (rule == Rule::glauber ? std::log((1 - p) / p) : -std::log(p));
}

double exact_rule(Rule rule, double cost, double temperature) {
  if (rule == Rule::glauber) return 1 / (1 + std::exp(cost / temperature));
  return cost <= 0 ? 1 : std::exp(-cost / temperature);
}

/// How many of the 2^32 random numbers accept: theta falls with r, so the boundary is found by bisection.
double accepting_numbers(const Thresholds& thresholds, double cost) {
  std::uint64_t accepting = 0, beyond = std::uint64_t{1} << 32;
  while (accepting < beyond) {
    const std::uint64_t middle = (accepting + beyond) / 2;
    if (cost <= thresholds(static_cast<std::uint32_t>(middle)))
      accepting = middle + 1;
    else
      beyond = middle;
  }
  return static_cast<double>(accepting);
}

double frequency_z(Rule rule, double p, std::uint32_t draws) {
  const double cost = p < 0.5 ? 1 : -1;  // downhill costs reach the probabilities above one half
  const double p_uphill = p < 0.5 ? p : 1 - p, unit = 0.02;
  const Thresholds thresholds(rule, temperature_for(rule, p_uphill, unit), unit);
  const SweepRandomness random(stream_key({11, StreamDomain::tests, 0, 0, static_cast<std::uint32_t>(rule)}),
                               0);
  std::int64_t accepted = 0;
  for (std::uint32_t k = 0; k < draws / 4; ++k)
    for (const std::uint32_t r : random.block(SweepRandomness::Purpose::threshold, k))
      accepted += cost <= thresholds(r);
  return tests::binomial_z(accepted, draws, p);
}

/// Both rules where they are probabilities between 0 and 1; Metropolis accepts all that costs nothing.
void check_frequencies(std::uint32_t draws) {
  for (const double p : {1e-6, 1e-4, 0.01, 0.1, 0.4, 0.6, 0.9, 0.99, 1 - 1e-4, 1 - 1e-6}) {
    INFO("p = " << p);
    CHECK(std::abs(frequency_z(Rule::glauber, p, draws)) < tests::significant);
  }
  for (const double p : {1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.3, 0.4, 0.49}) {
    INFO("p = " << p);
    CHECK(std::abs(frequency_z(Rule::metropolis, p, draws)) < tests::significant);
  }
}

}  // namespace

TEST_CASE("the logarithm is that of the C library to a few units in the last place") {
  std::vector<double> arguments{1.0,
                                0.5,
                                2.0,
                                0x1p-33,
                                0x1p33,
                                std::sqrt(0.5),
                                std::sqrt(2.0),
                                1.4142135623730951,
                                std::nextafter(1.0, 2),
                                std::nextafter(1.0, 0),
                                1e-300,
                                1e300};
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  for (int k = 0; k < 200000; ++k)
    arguments.push_back(
        std::ldexp(1 + static_cast<double>(random() >> 12) * 0x1p-52, static_cast<int>(random() % 80) - 40));
  double largest = 0;
  for (const double x : arguments) {
    const double exact = static_cast<double>(std::log(static_cast<long double>(x)));
    const double ulp = std::nextafter(std::abs(exact), INFINITY) - std::abs(exact);
    largest = std::max(largest, std::abs(natural_log(x) - exact) / ulp);
    if (exact != 0) REQUIRE(std::abs(natural_log(x) / exact - 1) < 1e-15);
  }
  CHECK(largest <= 4);
  CHECK(natural_log(1.0) == 0);
}

TEST_CASE("the logarithm rises over every power of two and over the seam at the root of two") {
  for (const double seam : {0.25, 0.5, 1.0, 2.0, 4.0, 1.4142135623730951, 0.7071067811865476}) {
    double x = seam;
    for (int k = 0; k < 20; ++k) x = std::nextafter(x, 0);
    for (int k = 0; k < 40; ++k, x = std::nextafter(x, 8))
      CHECK(natural_log(x) <= natural_log(std::nextafter(x, 8)));
  }
}

TEST_CASE("of the 2^32 random numbers exactly the rule's share accepts") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const double temperature : {0.05, 0.3, 1.0, 4.0})
      for (const double unit : {0.002, 0.02, 2.0 / 3})
        for (int cost = -40; cost <= 40; ++cost) {
          const double p = exact_rule(rule, cost * unit, temperature);
          const Thresholds thresholds(rule, temperature, unit);
          INFO("cost " << cost << ", unit " << unit << ", T = " << temperature);
          // A number accepts iff its cell's middle does: half a cell of rounding at the boundary, 1e-15 of the rest.
          REQUIRE(std::abs(accepting_numbers(thresholds, cost) - p * states) <= 0.51 + 1e-5);
        }
}

TEST_CASE("nothing rarer than 2^-33 happens") {
  const Thresholds thresholds(Rule::metropolis, 1.0, 1.0);
  CHECK(accepting_numbers(thresholds, 33 * std::log(2.0) - 1e-9) == 1);
  CHECK(accepting_numbers(thresholds, 33 * std::log(2.0) + 1e-9) == 0);
}

TEST_CASE("at infinite temperature heat bath flips half, Metropolis all, whatever the cost") {
  const Thresholds heat_bath(Rule::glauber, INFINITY, 0.02), metropolis(Rule::metropolis, INFINITY, 0.02);
  for (const double cost : {-1e9, -1.0, 0.0, 1.0, 1e9}) {
    CHECK(accepting_numbers(heat_bath, cost) == states / 2);
    CHECK(accepting_numbers(metropolis, cost) == states);
  }
}

TEST_CASE("at tiny temperatures costs are refused, gains taken, and ties broken as the rule says") {
  for (const double temperature : {1e-3, 1e-12, 1e-300}) {
    const Thresholds heat_bath(Rule::glauber, temperature, 2.0),
        metropolis(Rule::metropolis, temperature, 2.0);
    CHECK(accepting_numbers(heat_bath, 1) == 0);
    CHECK(accepting_numbers(heat_bath, 0) == states / 2);
    CHECK(accepting_numbers(heat_bath, -1) == states);
    CHECK(accepting_numbers(metropolis, 1) == 0);
    CHECK(accepting_numbers(metropolis, 0) == states);
    CHECK(accepting_numbers(metropolis, -1) == states);
  }
}

TEST_CASE("acceptance frequencies follow the rule") { check_frequencies(1000000); }

TEST_CASE("acceptance frequencies follow the rule over 1e8 draws", "[default]") {
  check_frequencies(100000000);
}
