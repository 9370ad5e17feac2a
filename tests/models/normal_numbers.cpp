// Normal numbers: their moments, their distribution, their bits.
#include "models/normal_numbers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace mattis;

namespace {

std::vector<double> normal_numbers(std::size_t count) {
  RngStream random({31, StreamDomain::tests, 0, 0, 0});
  NormalNumbers normal(random);
  std::vector<double> numbers(count);
  for (double& x : numbers) x = normal();
  return numbers;
}

}  // namespace

TEST_CASE("moments of a million normal numbers are 0, 1, 0, 3, neighbours uncorrelated") {
  const auto numbers = normal_numbers(1000000);
  const auto n = static_cast<double>(numbers.size());
  double first = 0, second = 0, third = 0, fourth = 0, neighbours = 0;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double x = numbers[k];
    first += x / n, second += x * x / n, third += x * x * x / n, fourth += x * x * x * x / n;
    if (k > 0) neighbours += x * numbers[k - 1] / n;
  }
  // Variances of x, x^2, x^3, x^4: 1, 2, 15, 96.
  CHECK(std::abs(first) < 4 * std::sqrt(1 / n));
  CHECK(std::abs(second - 1) < 4 * std::sqrt(2 / n));
  CHECK(std::abs(third) < 4 * std::sqrt(15 / n));
  CHECK(std::abs(fourth - 3) < 4 * std::sqrt(96 / n));
  CHECK(std::abs(neighbours) < 4 * std::sqrt(1 / n));
}

TEST_CASE("the distribution is normal: Kolmogorov and Smirnov's distance") {
  auto numbers = normal_numbers(1000000);
  std::sort(numbers.begin(), numbers.end());
  const auto n = static_cast<double>(numbers.size());
  double distance = 0;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double below = 0.5 * std::erfc(-numbers[k] / std::sqrt(2.0));
    distance =
        std::max({distance, below - static_cast<double>(k) / n, static_cast<double>(k + 1) / n - below});
  }
  CHECK(std::sqrt(n) * distance < 2.27);  // exceeded with probability 2 exp(-2 * 2.27^2) = 7e-5
}

TEST_CASE("normal numbers have these bits on every machine") {
  CHECK(normal_numbers(4) == std::vector<double>{0x1.28ef8c84f7d18p-1, 0x1.44fb1f2ca6e13p+0,
                                                 -0x1.b1b01844159c1p-1, -0x1.ffc442571dbadp+0});
}
