// A sweep over cached fields: the decisions of the rule, where single precision leaves them open too.
#include "engine/simd/cached_sweep.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "support/targets.hpp"

using namespace mattis;

namespace {

/// Free spins whose costs lie at the thresholds of their own proposals or next to them; which of them flip?
void check_flips_at_thresholds(const Dynamics& dynamics, SiteIndex num_spins, std::int64_t sweep) {
  const SweepRandomness random(0xfeedf00dULL, sweep);
  const simd::BlockThresholds law(dynamics, 1.0);
  ProposalNumbers number(random);
  const auto n = static_cast<std::size_t>(num_spins), padded = n + simd::field_padding;
  std::vector<std::int32_t> fields(padded), signs(padded), no_jumps(n);
  std::vector<SiteIndex> expected, made;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t r = number(static_cast<std::uint32_t>(i));
    const std::int32_t cost = law.theta(r) + static_cast<std::int32_t>(i % 4) - 1;
    if (law.accepts(cost, r)) expected.push_back(static_cast<SiteIndex>(i));
    signs[i] = i % 3 == 0 ? -1 : 0;
    fields[i] = signs[i] == 0 ? cost : -cost;
  }
  std::vector<simd::Flip> flips(n);
  const simd::JumpMatrix<std::int32_t> free{no_jumps.data(), 0};  // all rows are this one
  const std::size_t num_flips =
      simd::cached_sweep({fields.data(), signs.data(), num_spins}, free, nullptr, law, random, flips.data());
  for (std::size_t k = 0; k < num_flips; ++k) made.push_back(flips[k].site);
  REQUIRE(made == expected);
}

}  // namespace

TEST_CASE("a spin flips iff its cost is at most its threshold, however close, on every target") {
  tests::for_each_target([](const char* target) {
    for (const Rule rule : {Rule::glauber, Rule::metropolis})
      for (const double temperature : {0.3, 40.0, 3e4, 2e6, 5e7})  // in quanta: the last two beyond 24 bits
        for (std::int64_t sweep = 0; sweep < 20; ++sweep) {
          INFO(target << ", T = " << temperature << ", rule " << static_cast<int>(rule));
          check_flips_at_thresholds({temperature, rule}, 1000 + static_cast<SiteIndex>(sweep), sweep);
        }
  });
}

TEST_CASE("and in 10^8 proposals", "[default]") {
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const double temperature : {2e6, 5e7})
      for (std::int64_t sweep = 0; sweep < 25000; ++sweep)
        check_flips_at_thresholds({temperature, rule}, 1000, sweep);
}
