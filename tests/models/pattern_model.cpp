// The load alpha = P / N: how many patterns it means, and what makes no sense.
#include "models/pattern_model.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mattis;
using Catch::Matchers::Contains;

namespace {

double patterns_at(double n, double alpha) {
  return resolve_load_per_spin({{"N", n}, {"alpha", alpha}}).at("P");
}

}  // namespace

TEST_CASE("P is the nearest integer to alpha N, half up, in decimals as they are written") {
  CHECK(patterns_at(1000, 0.1) == 100);
  CHECK(patterns_at(1000, 0.1004) == 100);
  CHECK(patterns_at(1000, 0.1006) == 101);
  CHECK(patterns_at(200, 0.0025) == 1);
  CHECK(patterns_at(10, 0.05) == 1);
  CHECK(patterns_at(100, 0.145) == 15);  // 0.145 * 100 is 14.499999999999998 in binary
  CHECK(patterns_at(100, 0.285) == 29);
  CHECK(patterns_at(500, 0.139) == 70);
  CHECK(patterns_at(500, 0.137) == 69);
  // Every half in 1/2000 steps at N = 1000 is rounded up.
  for (int k = 1; k < 2000; k += 2) CHECK(patterns_at(1000, k / 2000.0) == (k + 1) / 2);
}

TEST_CASE("results hold the actual load") {
  const Numbers actual = resolve_load_per_spin({{"N", 300}, {"alpha", 0.1379}});
  CHECK(actual.at("P") == 41);
  CHECK(actual.at("alpha_actual") == 41.0 / 300);
  CHECK(resolve_load_per_spin({{"N", 300}, {"P", 41}}) == actual);
}

TEST_CASE("loads that store nothing, part of a pattern, or too much are refused by name") {
  const auto refused = [](const Numbers& asked, const char* key) {
    try {
      resolve_load_per_spin(asked);
      FAIL("not refused");
    } catch (const ParameterError& error) {
      CHECK(error.key == key);
      CHECK_FALSE(error.reason.empty());
    }
  };
  refused({{"N", 100}, {"P", 0}}, "P");
  refused({{"N", 100}, {"P", -3}}, "P");
  refused({{"N", 100}, {"P", 2.5}}, "P");
  refused({{"N", 100}, {"P", 1e12}}, "P");
  refused({{"N", 100}, {"P", INFINITY}}, "P");
  refused({{"N", 100}, {"alpha", 0}}, "alpha");
  refused({{"N", 100}, {"alpha", 0.004}}, "alpha");
  refused({{"N", 100}, {"alpha", -0.1}}, "alpha");
  refused({{"N", 100}, {"alpha", INFINITY}}, "alpha");
  CHECK_THROWS_WITH(resolve_load_per_spin({{"N", 100}, {"alpha", 0.004}}), Contains("alpha >= 0.005"));
}

TEST_CASE("memory of ten thousand spins and a thousand patterns is a few megabytes") {
  const auto [sample, chain] = pattern_memory({{"N", 10000}, {"P", 1000}}, 4);
  CHECK(sample == 10000 * 8 * 16);
  CHECK(chain == 10000 + 4 * 1000);
}
