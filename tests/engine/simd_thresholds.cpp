// Thresholds in blocks: the decisions of the reference, on every instruction set.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/simd/numbers.hpp"
#include "engine/simd/thresholds.hpp"
#include "support/targets.hpp"

using namespace mattis;
using simd::BlockThresholds;
using simd::ProposalBlock;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t half = 0x80000000u;

bool accepts(const ProposalBlock& block, bool is_monotone, std::size_t k, std::int32_t cost) {
  return cost <= block.theta[k] && (is_monotone || cost != 0 || block.refuses_free[k] == 0);
}

/// As single_flip.hpp decides.
bool accepts(const Dynamics& dynamics, double unit, std::uint32_t number, std::int32_t cost) {
  if (cost == 0) return (dynamics.temperature > 0 || dynamics.tie == Tie::random) && number < half;
  if (dynamics.temperature == 0) return cost < 0;
  return cost <= Thresholds(dynamics.rule, dynamics.temperature, unit)(number);
}

void check_block(const Dynamics& dynamics, double unit, std::int64_t sweep, std::size_t first,
                 std::size_t end) {
  const SweepRandomness random(0x123456789abcdefULL, sweep);
  const BlockThresholds thresholds(dynamics, unit);
  ProposalBlock block;
  thresholds.draw(random, first, end, block);
  bool is_right = true;
  for (std::size_t k = 0; k < ProposalBlock::size; ++k) {
    const std::uint32_t number = ProposalNumbers(random)(static_cast<std::uint32_t>(first + k));
    const std::int64_t theta = block.theta[k];
    for (const std::int64_t any :
         {std::int64_t{-2000000000}, std::int64_t{-12345}, std::int64_t{-2}, std::int64_t{-1},
          std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::int64_t{777}, std::int64_t{2000000000},
          theta - 1, theta, theta + 1}) {
      if (std::abs(any) >= ProposalBlock::largest) continue;
      const auto cost = static_cast<std::int32_t>(any);
      const bool expected = first + k < end && accepts(dynamics, unit, number, cost);
      is_right = is_right && accepts(block, thresholds.is_monotone(), k, cost) == expected;
    }
  }
  INFO("T = " << dynamics.temperature << ", rule " << static_cast<int>(dynamics.rule) << ", unit " << unit);
  REQUIRE(is_right);
}

}  // namespace

TEST_CASE("block thresholds decide as the reference does, on every target") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const double temperature : {0.0, 1e-9, 1e-3, 0.1, 0.5, 2.0, 1e3, 1e9, infinity})
      for (const Rule rule : {Rule::glauber, Rule::metropolis})
        for (const Tie tie : {Tie::keep, Tie::random})
          for (const double unit : {2.0 / 3, 2e-3, 1e-4, 1e-9})
            for (std::int64_t sweep = 0; sweep < 4; ++sweep)
              for (const std::size_t end : {1, 127, 128, 300})
                for (std::size_t first = 0; first < end; first += ProposalBlock::size)
                  check_block({temperature, rule, Order::sequential, tie}, unit, sweep, first, end);
  });
}

TEST_CASE("many numbers at once are the numbers one by one, on every target") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    const SweepRandomness random(0xfedcba9876543210ULL, (std::int64_t{1} << 40) + 5);
    for (const std::size_t blocks : {1, 2, 7, 8, 9, 31, 32, 100})
      for (const std::uint32_t first : {0u, 5u, 0xfffffff0u}) {
        alignas(64) std::uint32_t numbers[512];
        simd::draw_numbers(random, SweepRandomness::Purpose::order, first, blocks, numbers);
        for (std::size_t b = 0; b < blocks; ++b) {
          const auto block =
              random.block(SweepRandomness::Purpose::order, first + static_cast<std::uint32_t>(b));
          for (std::size_t k = 0; k < 4; ++k) REQUIRE(numbers[4 * b + k] == block[k]);
        }
      }
  });
}

TEST_CASE("numbers of many proposals and sites in random order are those one by one, on every target") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    const SweepRandomness random(0xfedcba9876543210ULL, 7);
    for (const std::size_t size : {1, 15, 16, 17, 128, 1000, 1024, 1025, 3000})
      for (const std::size_t first : {0, 16, 4096}) {
        std::vector<std::uint32_t> numbers(simd::padded_numbers(size));
        simd::draw_proposal_numbers(random, first, size, numbers.data());
        alignas(64) std::uint8_t leading[4096];
        simd::draw_leading(random, first, size, leading);
        ProposalNumbers number(random);
        for (std::size_t k = 0; k < size; ++k) {
          REQUIRE(numbers[k] == number(static_cast<std::uint32_t>(first + k)));
          REQUIRE(leading[k] == numbers[k] >> 24);
        }
        std::vector<SiteIndex> sites(size);
        simd::draw_sites(random, size, sites.data());
        for (std::size_t k = 0; k < size; ++k) {
          const auto block = random.block(SweepRandomness::Purpose::order, static_cast<std::uint32_t>(k / 4));
          REQUIRE(sites[k] == static_cast<SiteIndex>(std::uint64_t{block[k % 4]} * size >> 32));
        }
      }
  });
}

TEST_CASE("a leading byte never refuses what its number would accept") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Tie tie : {Tie::keep, Tie::random})
      for (const double temperature : {0.0, 1e-9, 0.1, 2.0, 1e9, infinity}) {
        Dynamics dynamics{temperature, rule};
        dynamics.tie = tie;
        const BlockThresholds law(dynamics, 2e-3);
        for (std::uint32_t leading = 0; leading < 256; ++leading) {
          const std::size_t entry = std::min<std::size_t>(leading, law.num_leading - 1);
          for (const std::uint32_t rest : {0u, 1u, 0x7fffffu, 0xffffffu}) {
            const std::int32_t theta = law.theta_of(leading << 24 | rest);
            REQUIRE(theta <= law.largest_thetas()[entry]);
            for (const double cost : {-1e9, -0.5, 0.0, 0.5, theta - 0.5, theta + 0.0, theta + 0.999, 1e12})
              if (law.accepts(cost, leading << 24 | rest))
                REQUIRE_FALSE(law.refuses(static_cast<float>(cost), leading));
          }
        }
      }
}

namespace {

/// How often costs are accepted among `draws` proposals at a temperature in quanta, against the rule: |z| < 4 for each.
void check_frequencies(Rule rule, double temperature, const std::vector<double>& probabilities,
                       std::int64_t draws) {
  const BlockThresholds thresholds({temperature, rule}, 1.0);
  std::vector<std::int32_t> costs;
  for (const double p : probabilities)
    costs.push_back(static_cast<std::int32_t>(
        std::lround(temperature * (rule == Rule::glauber ? std::log((1 - p) / p) : -std::log(p)))));
  std::vector<std::int64_t> accepted(costs.size(), 0);
  ProposalBlock block;
  constexpr std::size_t per_sweep = 1 << 20;
  std::int64_t done = 0;
  for (std::int64_t sweep = 0; done < draws; ++sweep) {
    const SweepRandomness random(20261123, sweep);
    for (std::size_t first = 0; first < per_sweep; first += ProposalBlock::size) {
      thresholds.draw(random, first, per_sweep, block);
      for (std::size_t c = 0; c < costs.size(); ++c) {
        std::int32_t count = 0;
        for (std::size_t k = 0; k < ProposalBlock::size; ++k)
          count += costs[c] <= block.theta[k] &&
                   (costs[c] != 0 || thresholds.is_monotone() || block.refuses_free[k] == 0);
        accepted[c] += count;
      }
    }
    done += per_sweep;
  }
  for (std::size_t c = 0; c < costs.size(); ++c) {
    const double x = costs[c] / temperature;
    const double p = costs[c] == 0 ? 0.5 : rule == Rule::glauber ? 1 / (1 + std::exp(x)) : std::exp(-x);
    const double mean = p * static_cast<double>(done);
    const double z = (static_cast<double>(accepted[c]) - mean) / std::sqrt(mean * (1 - p));
    INFO("rule " << static_cast<int>(rule) << ", p = " << p << ": " << accepted[c] << " of " << done
                 << ", z = " << z);
    CHECK(std::abs(z) < 4);
  }
}

}  // namespace

TEST_CASE("acceptance frequencies are those of the rule in 10^7 draws") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    check_frequencies(rule, 1e5, {1e-4, 0.1, 0.5, 0.7, 1 - 1e-3}, 10000000);
}

TEST_CASE("acceptance frequencies are those of the rule in 10^9 draws", "[default]") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    check_frequencies(rule, 1e5, {1e-6, 1e-5, 1e-3, 0.03, 0.2, 0.5, 0.8, 0.99, 1 - 1e-4}, 1000000000);
  // So close to 1 Metropolis has whole costs only at 10^6 quanta, where double precision decides.
  check_frequencies(Rule::glauber, 1e5, {1 - 1e-6}, 1000000000);
  check_frequencies(Rule::metropolis, 2e6, {1 - 1e-6}, 1000000000);
}

TEST_CASE("single precision never leaves its bounds: numbers from 0 to 2^32", "[default]") {
  // A wrong bound on the error of ln would show as a wrong floor for some of the numbers.
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const double scale : {997.0, 31.0}) {
      const Dynamics dynamics{scale, rule};
      const BlockThresholds thresholds(dynamics, 1.0);
      std::int64_t wrong = 0;
      constexpr std::int64_t stride = 61;  // every 61st: coprime to the powers of two
      alignas(64) std::uint32_t numbers[ProposalBlock::size];
      ProposalBlock block;
      for (std::int64_t start = 0; start < (std::int64_t{1} << 32); start += stride * 128) {
        for (std::int64_t k = 0; k < 128; ++k) numbers[k] = static_cast<std::uint32_t>(start + stride * k);
        thresholds.of_numbers(numbers, block);
        for (std::size_t k = 0; k < 128; ++k) wrong += block.theta[k] != thresholds.theta(numbers[k]);
      }
      CHECK(wrong == 0);
    }
}
