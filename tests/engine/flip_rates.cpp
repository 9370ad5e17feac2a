// Rates as whole numbers against the exact acceptance; draws of sites and waiting times.
#include "engine/flip_rates.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "engine/random_stream.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

Dynamics at(double temperature, Rule rule, Tie tie = Tie::keep) {
  return {temperature, rule, Order::sequential, tie, Updates::rejection_free};
}

long double exact(const Dynamics& dynamics, double cost, double unit) {
  const long double t = dynamics.temperature;
  if (cost == 0) return t > 0 || dynamics.tie == Tie::random ? 0.5L : 0;
  if (t == 0) return cost < 0 ? 1 : 0;
  const long double boltzmann = std::exp(-std::abs(static_cast<long double>(cost)) * unit / t);
  if (dynamics.rule == Rule::metropolis) return cost < 0 ? 1 : boltzmann;
  return (cost < 0 ? 1 : boltzmann) / (1 + boltzmann);
}

std::vector<Dynamics> all_dynamics() {
  std::vector<Dynamics> all;
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Tie tie : {Tie::keep, Tie::random})
      for (const double t : {0.0, 5e-324, 1e-3, 0.1, 0.7, 30.0, 1e300, static_cast<double>(INFINITY)})
        all.push_back(at(t, rule, tie));
  return all;
}

}  // namespace

TEST_CASE("exp(-x) to the last digits, from 0 to 700") {
  long double worst = 0;
  for (double x = 0; x <= 700; x += x < 2 ? 0x1p-12 : 0.0137) {
    const long double truth = std::exp(-static_cast<long double>(x));
    worst = std::max(worst, std::abs(exp_minus(x) - truth) / truth);
  }
  CHECK(worst < 1e-15L);
  CHECK(exp_minus(0) == 1);
}

TEST_CASE("rates are the acceptance, to the nearest multiple of 2^-R") {
  const double unit = 0.02;
  for (const SiteIndex n : {1, 64, 2047, 2048, 100000}) {
    const int bits = n < 2048 ? 52 : n == 2048 ? 51 : 46;
    std::vector<double> costs(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < costs.size(); ++i)
      costs[i] = std::round(std::sinh(30 * (static_cast<double>(i % 4099) / 2049.5 - 1)));
    for (const Dynamics& dynamics : all_dynamics()) {
      INFO("N = " << n << ", T = " << dynamics.temperature);
      FlipRates rates(dynamics, unit, n);
      rates.set_costs(costs);
      long double worst = 0, sum = 0;
      int off_grid = 0;
      for (SiteIndex i = 0; i < n; ++i) {
        const double rate = rates.rate(i);
        sum += rate;
        off_grid += std::ldexp(rate, bits) != std::floor(std::ldexp(rate, bits));
        worst = std::max(worst, std::abs(rate - exact(dynamics, costs[static_cast<std::size_t>(i)], unit)));
      }
      REQUIRE(off_grid == 0);
      REQUIRE(worst < std::ldexp(0.5L, -bits) + 5e-16L);
      REQUIRE(std::ldexp(static_cast<long double>(rates.total()), -bits) == sum);
    }
  }
}

TEST_CASE("rates follow their costs whatever they were before") {
  RngStream random({3, StreamDomain::tests, 0, 0, 0});
  const Dynamics dynamics = at(1, Rule::glauber);
  FlipRates followed(dynamics, 1, 200);
  std::vector<double> costs(200);
  for (int step = 0; step < 300; ++step) {
    for (int k = 0; k < 3; ++k) costs[random() % 200] = static_cast<double>(random() % 41) - 20;
    followed.set_costs(costs);
    FlipRates fresh(dynamics, 1, 200);
    fresh.set_costs(costs);
    REQUIRE(followed.total() == fresh.total());
    for (SiteIndex i = 0; i < 200; ++i) REQUIRE(followed.rate(i) == fresh.rate(i));
  }
}

TEST_CASE("the numbers 0 ... 2^64-1 are shared out among the sites by their rates") {
  const Dynamics dynamics = at(1, Rule::metropolis);
  FlipRates rates(dynamics, 1, 150);
  std::vector<double> costs(150, 1e6);  // rate 0
  costs[3] = 2, costs[64] = -1, costs[70] = 0, costs[149] = 5;
  rates.set_costs(costs);
  const double w = rates.rate(3) + rates.rate(64) + rates.rate(70) + rates.rate(149);
  CHECK(std::ldexp(static_cast<double>(rates.total()), -52) == w);
  double before = 0;
  for (const SiteIndex i : {3, 64, 70, 149}) {
    const double middle = (before + rates.rate(i) / 2) / w;
    CHECK(rates.site(static_cast<std::uint64_t>(std::ldexp(middle, 64))) == i);
    before += rates.rate(i);
    if (i != 149) {
      CHECK(rates.site(static_cast<std::uint64_t>(std::ldexp(before / w - 1e-12, 64))) == i);
      CHECK(rates.site(static_cast<std::uint64_t>(std::ldexp(before / w + 1e-12, 64))) > i);
    }
  }
  CHECK(rates.site(0) == 3);
  CHECK(rates.site(~std::uint64_t{0}) == 149);
}

TEST_CASE("waiting times are -(ln u)/W, positive and finite for the largest and smallest W") {
  constexpr std::uint64_t last = ~std::uint64_t{0};
  FlipRates rates(at(1, Rule::metropolis), 1, 2);
  const auto with = [&](double first, double second) {
    rates.set_costs(std::vector<double>{first, second});
    return rates;
  };
  for (const double cost : {-1.0, 1.0, 10.0, 36.0}) {
    const FlipRates now = with(cost, 100);
    const double w = std::ldexp(static_cast<double>(now.total()), -52);
    REQUIRE(now.total() > 0);
    CHECK(now.waiting_time(std::uint64_t{1} << 63) == Approx(std::log(2) / w));
    CHECK(now.waiting_time(0) == Approx(53 * std::log(2) / w));
    CHECK(now.waiting_time(last) == Approx(0x1p-53 / w));
    CHECK(std::isfinite(now.waiting_time(0)));
    CHECK(now.waiting_time(last) > 0);
  }
  CHECK(with(36, 100).total() == 1);  // the smallest there is: exp(-36) = 1.04 * 2^-52
  CHECK(with(37, 100).total() == 0);
  CHECK(with(-1, -1).waiting_time(last) > 0);
}

TEST_CASE("drawn sites and times have their frequencies") {
  FlipRates rates(at(1, Rule::glauber), 1, 100);
  std::vector<double> costs;
  for (int i = 0; i < 100; ++i) costs.push_back(i % 9 - 2);
  rates.set_costs(costs);
  const double w = std::ldexp(static_cast<double>(rates.total()), -52);
  constexpr int draws = 200000;
  std::vector<std::int64_t> hits(100, 0);
  std::int64_t late = 0;
  RngStream random({7, StreamDomain::tests, 0, 0, 0});
  for (int k = 0; k < draws; ++k) {
    ++hits[static_cast<std::size_t>(rates.site(random()))];
    late += rates.waiting_time(random()) > 1.3 / w;
  }
  for (SiteIndex i = 0; i < 100; ++i)
    CHECK(std::abs(tests::binomial_z(hits[static_cast<std::size_t>(i)], draws, rates.rate(i) / w)) <
          tests::significant);
  CHECK(std::abs(tests::binomial_z(late, draws, std::exp(-1.3))) < tests::significant);
}
