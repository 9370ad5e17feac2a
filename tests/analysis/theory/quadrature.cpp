#include "analysis/theory/quadrature.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

using namespace mattis::theory;

TEST_CASE("integrals of polynomials, kinks and spikes") {
  CHECK(integrate([](double x) { return x * x; }, {0, 3}).value == Approx(9).epsilon(1e-14));
  CHECK(integrate([](double x) { return std::abs(x); }, {-1, 0, 2}).value == Approx(2.5).epsilon(1e-14));
  const auto spike = integrate([](double x) { return 1e4 / (1 + 1e8 * x * x); }, {-1, 0, 1});
  CHECK(spike.converged);
  CHECK(spike.value == Approx(2 * std::atan(1e4)).epsilon(1e-12));
}

TEST_CASE("an integral that does not exist says so and returns") {
  CHECK_FALSE(integrate([](double x) { return 1 / x; }, {0, 1}).converged);
  CHECK_FALSE(integrate([](double) { return std::nan(""); }, {0, 1}).converged);
}

TEST_CASE("moments of the standard normal measure: int Dz z^2k = (2k-1)!!") {
  CHECK(gaussian_average([](double) { return 1.0; }).value == Approx(1).epsilon(1e-14));
  CHECK(gaussian_average([](double z) { return z * z; }).value == Approx(1).epsilon(1e-13));
  CHECK(gaussian_average([](double z) { return std::pow(z, 8); }).value == Approx(105).epsilon(1e-12));
}

TEST_CASE("a step of any width: int Dz tanh(beta (m + a z)) tends to erf(m / (a sqrt 2))") {
  const double m = 0.9, a = 0.4;
  for (const double t : {1e-3, 1e-6, 1e-12}) {
    const auto mean =
        gaussian_average([&](double z) { return std::tanh((m + a * z) / t); }, {{-m / a, t / a}});
    CHECK(mean.converged);
    CHECK(std::abs(mean.value - std::erf(m / (a * std::numbers::sqrt2))) < t * t + 1e-14);
  }
}

TEST_CASE("Gauss-Legendre nodes integrate polynomials of degree 2 order - 1 exactly") {
  double sum = 0;
  for (const auto& node : gauss_legendre({-1, 0.5, 2}, 4)) sum += node.weight * std::pow(node.x, 7);
  CHECK(sum == Approx(255.0 / 8).epsilon(1e-13));
}
