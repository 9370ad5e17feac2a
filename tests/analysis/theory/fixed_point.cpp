#include "analysis/theory/fixed_point.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using mattis::theory::AndersonMixing;

TEST_CASE("a linear map of n dimensions, not a contraction, is solved in n + 1 steps") {
  // step = b - A x with A = ((3, 1), (0, 0.01)): x + step(x) diverges in one direction and crawls in the other
  AndersonMixing mixing{5};
  std::vector<double> x{0, 0};
  for (int n = 0; n < 4; ++n) x = mixing.next(x, {5 - 3 * x[0] - x[1], 0.02 - 0.01 * x[1]}, 1e9);
  CHECK(x[0] == Approx(1).epsilon(1e-9));
  CHECK(x[1] == Approx(2).epsilon(1e-9));
}

TEST_CASE("cos x = x, and no move is longer than allowed") {
  AndersonMixing mixing{3};
  std::vector<double> x{10};
  for (int n = 0; n < 200; ++n) {
    const auto next = mixing.next(x, {std::cos(x[0]) - x[0]}, 0.5);
    CHECK(std::abs(next[0] - x[0]) <= 0.5 + 1e-15);
    x = next;
  }
  CHECK(x[0] == Approx(0.7390851332151607).epsilon(1e-14));
}
