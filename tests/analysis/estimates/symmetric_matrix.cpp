#include "analysis/estimates/symmetric_matrix.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace mattis::analysis;

TEST_CASE("the inverse is the inverse, whatever the scale of the rows", "[estimates]") {
  SymmetricMatrix a{3};
  const double scale[3] = {1e-9, 1, 1e9}, rho[3][3] = {{2, 0.5, 0.3}, {0.5, 1, -0.2}, {0.3, -0.2, 3}};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j <= i; ++j) a.set(i, j, rho[i][j] * scale[i] * scale[j]);
  const auto inverse = a.inverse();
  REQUIRE(inverse);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += a(i, k) * (*inverse)(k, j);
      CHECK(sum * scale[j] / scale[i] == Approx(i == j ? 1 : 0).margin(1e-13));
    }
  CHECK(a.form(std::vector<double>{0, 1, 0}, std::vector<double>{1e9, 1, 0}) == Approx(1.5));
}

TEST_CASE("what is not positive definite has no inverse", "[estimates]") {
  SymmetricMatrix singular{2}, indefinite{2};
  singular.set(0, 0, 1), singular.set(0, 1, 1), singular.set(1, 1, 1);
  indefinite.set(0, 0, 1), indefinite.set(0, 1, 2), indefinite.set(1, 1, 1);
  CHECK_FALSE(singular.inverse());
  CHECK_FALSE(indefinite.inverse());
  CHECK_FALSE(SymmetricMatrix{1}.inverse());
  CHECK_FALSE(
      SymmetricMatrix::diagonal(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}).inverse());
}
