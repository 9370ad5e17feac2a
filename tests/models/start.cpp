// Where chains start: the overlap asked for, exactly, on sites chosen evenly.
#include "models/start.hpp"

#include <catch2/catch.hpp>

#include "models/hopfield.hpp"
#include "support/patterns.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

RngStream stream(std::uint32_t sample) { return RngStream({41, StreamDomain::tests, 0, sample, 0}); }

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, SiteIndex p) {
  RngStream random = stream(0);
  return hopfield().draw({{"N", n}, {"P", p}}, {}, random);
}

SiteIndex disagreeing(const DisorderSample& sample, SiteIndex mu, const Configuration& s) {
  SiteIndex count = 0;
  for (SiteIndex i = 0; i < sample.num_spins(); ++i)
    count += s[static_cast<std::size_t>(i)] != sample.pattern_entry(i, mu);
  return count;
}

}  // namespace

TEST_CASE("a cued start has exactly the overlap asked for") {
  for (const SiteIndex n : {1, 2, 10, 63, 64, 100}) {
    const auto sample = drawn(n, 3);
    // Every attainable overlap 1 - 2k/N, and nothing but its k flips.
    for (SiteIndex k = 0; k <= n; ++k) {
      RngStream random = stream(1);
      REQUIRE(disagreeing(*sample, 2, cued_configuration(*sample, 2, 1 - 2.0 * k / n, random)) == k);
    }
  }
}

TEST_CASE("half a flip is rounded up, however its decimals are rounded") {
  const auto flips = [](SiteIndex n, double overlap) {
    const auto sample = drawn(n, 1);
    RngStream random = stream(2);
    return disagreeing(*sample, 0, cued_configuration(*sample, 0, overlap, random));
  };
  CHECK(flips(10, 0.9) == 1);     // 0.5
  CHECK(flips(10, 0.7) == 2);     // 1.5
  CHECK(flips(100, 0.71) == 15);  // 14.5
  CHECK(flips(100, 0.43) == 29);  // 28.5
  CHECK(flips(10, 0.91) == 0);    // 0.45
  CHECK(flips(10, 0.89) == 1);    // 0.55
}

TEST_CASE("flipped sites are chosen evenly and anew for each stream") {
  constexpr SiteIndex n = 20;
  constexpr int draws = 4000;
  const auto sample = drawn(n, 1);
  std::vector<std::int64_t> times(n, 0);
  for (std::uint32_t d = 0; d < draws; ++d) {
    RngStream random = stream(d);
    const Configuration s = cued_configuration(*sample, 0, 0.5, random);
    for (std::size_t i = 0; i < n; ++i)
      times[i] += s[i] != sample->pattern_entry(static_cast<SiteIndex>(i), 0);
  }
  for (const auto count : times) CHECK(std::abs(tests::binomial_z(count, draws, 0.25)) < tests::significant);
}

TEST_CASE("sites where the pattern is silent start at random") {
  const auto table = std::make_shared<PatternTable>(PatternTable{1, 5, {1, 0, -1, 0, 1}, 0});
  RngStream disorder = stream(0);
  const auto sample = hopfield().draw({{"N", 5}, {"P", 1}}, {"file", 0, table}, disorder);
  constexpr int draws = 4000;
  std::int64_t up[2] = {0, 0}, equal = 0;
  for (std::uint32_t d = 0; d < draws; ++d) {
    RngStream random = stream(d);
    const Configuration s = cued_configuration(*sample, 0, 1, random);
    REQUIRE((s[0] == 1 && s[2] == -1 && s[4] == 1));
    up[0] += s[1] > 0, up[1] += s[3] > 0, equal += s[1] == s[3];
  }
  for (const auto count : {up[0], up[1], equal}) CHECK(std::abs(tests::binomial_z(count, draws, 0.5)) < 4);
}

TEST_CASE("random starts are fair at every site") {
  constexpr int draws = 4000;
  std::vector<std::int64_t> up(70, 0);
  for (std::uint32_t d = 0; d < draws; ++d) {
    RngStream random = stream(d);
    const Configuration s = random_configuration(70, random);
    for (std::size_t i = 0; i < s.size(); ++i) up[i] += s[i] > 0;
  }
  for (const auto count : up) CHECK(std::abs(tests::binomial_z(count, draws, 0.5)) < tests::significant);
}
