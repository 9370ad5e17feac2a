#include "analysis/estimates/linear_fit.hpp"

#include "analysis/estimates/coverage.hpp"

using namespace mattis;
using namespace mattis::analysis;

TEST_CASE("a line through exact points", "[estimates]") {
  const std::vector<std::vector<double>> design{{1, 0.001}, {1, 0.002}, {1, 0.004}};
  const std::vector<double> y{2.003, 2.006, 2.012}, errors{0.1, 0.2, 0.1}, freedom(3, infinity);
  const auto fit = fit_linear(design, y, errors, freedom);
  REQUIRE(fit);
  CHECK(fit->parameters[0] == Approx(2));
  CHECK(fit->parameters[1] == Approx(3));
  CHECK(fit->quality.value == Approx(0).margin(1e-15));
  CHECK(fit->quality.dof == 1);
  CHECK(fit->weights[0][0] + fit->weights[0][1] + fit->weights[0][2] == Approx(1));
  const std::vector<std::vector<double>> flat{{1, 1}, {1, 1}, {1, 1}};
  CHECK_FALSE(fit_linear(flat, y, errors, freedom));
}

TEST_CASE("the weighted mean of two correlated numbers", "[estimates]") {
  SymmetricMatrix c{2};
  c.set(0, 0, 1), c.set(0, 1, 0.5), c.set(1, 1, 4);
  const auto fit = fit_linear({{1}, {1}}, std::vector<double>{0, 1}, c);
  REQUIRE(fit);
  CHECK(fit->parameters[0] == Approx(0.125));        // weight (1 - 0.5) / (1 + 4 - 2 * 0.5)
  CHECK(fit->covariance(0, 0) == Approx(3.75 / 4));  // det C / (1 + 4 - 1)
  CHECK(fit->quality.value == Approx(1 / 4.0));      // var(y1 - y0) = 4
}

TEST_CASE("p-values of fits with estimated errors are uniform, intercepts cover", "[estimates]") {
  tests::Random random{20261126};
  tests::Uniform uniform;
  tests::Pulls pulls;
  constexpr int samples = 40;
  const std::vector<double> sizes{250, 500, 1000, 2000, 4000};
  for (int t = 0; t < 3000; ++t) {
    std::vector<std::vector<double>> design;
    std::vector<double> y, errors, freedom;
    for (const double N : sizes) {
      double sum = 0, squares = 0;
      for (int s = 0; s < samples; ++s) {
        const double x = 0.9 - 3 / N + 2 / std::sqrt(N) * tests::gaussian(random);
        sum += x, squares += x * x;
      }
      design.push_back({1, 1 / N});
      y.push_back(sum / samples);
      errors.push_back(std::sqrt((squares - sum * sum / samples) / (samples * (samples - 1.0))));
      freedom.push_back(samples - 1);
    }
    const auto fit = fit_linear(design, y, errors, freedom);
    REQUIRE(fit);
    uniform.add(fit->quality.p_value);
    pulls.add(fit->parameters[0], std::sqrt(fit->covariance(0, 0)), 0.9);
  }
  uniform.check();
  pulls.check();
}
