#include "analysis/theory/solve.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mattis::theory;

TEST_CASE("a bracketed root to rounding, no change of sign is reported") {
  const auto root = find_root([](double x) { return x * x - 2; }, 0, 2);
  CHECK(root.converged);
  CHECK(root.x == Approx(std::sqrt(2.0)).epsilon(1e-15));
  CHECK(find_root([](double x) { return x - 1; }, 1, 2).x == 1);
  CHECK_FALSE(find_root([](double x) { return x * x + 1; }, -1, 1).converged);
  CHECK_FALSE(find_root([](double) { return std::nan(""); }, -1, 1).converged);
}

TEST_CASE("a minimum inside, at an end, and among several") {
  const auto inside = minimise([](double x) { return (x - 0.3) * (x - 0.3) + 5; }, 0, 1);
  CHECK(inside.converged);
  CHECK(inside.x == Approx(0.3).margin(1e-6));
  CHECK(inside.value == Approx(5).epsilon(1e-12));
  CHECK(minimise([](double x) { return x; }, -1, 1).x == -1);
  CHECK(minimise([](double x) { return std::cos(x) + 0.01 * x; }, 0, 12, 40).x == Approx(3.13).margin(0.01));
}

TEST_CASE("a minimum around a point, however far from the middle") {
  const auto well = [](double x) { return x < 0.1 ? 1 - x : 0.9 + 1e-3 * (x - 0.1); };
  const auto found = minimise_around(well, 0, 0.11, 1);
  CHECK(found.converged);
  CHECK(found.x == Approx(0.1).margin(1e-6));
  const auto far = minimise_around([&](double x) { return well(x - 40); }, 40, 40.11, 41, 1e-9);
  CHECK(far.converged);  // although doubles of this size cannot be told apart that finely
  CHECK(far.x == Approx(40.1).margin(4e-6));
  CHECK_FALSE(minimise_around([](double x) { return x; }, 0, 0.5, 1).converged);
  CHECK_FALSE(
      minimise_around([](double x) { return x < 0.4 ? std::nan("") : x * x - x; }, 0.3, 0.5, 1).converged);
}

TEST_CASE("a system of equations, and one without a solution") {
  const auto root = solve_system(
      [](const std::vector<double>& x) {
        return std::vector<double>{x[0] * x[0] + x[1] * x[1] - 4, x[0] * x[1] - 1};
      },
      {2, 0.3});
  CHECK(root.converged);
  CHECK(root.x[0] * root.x[1] == Approx(1).epsilon(1e-12));
  CHECK_FALSE(
      solve_system([](const std::vector<double>& x) { return std::vector<double>{1 + x[0] * x[0]}; }, {1})
          .converged);
}
