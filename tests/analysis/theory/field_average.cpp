#include "analysis/theory/field_average.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/quadrature.hpp"

using namespace mattis::theory;

TEST_CASE("averages of one spin in a random field agree with adaptive quadrature") {
  for (const double b : {0.0, 0.3, 1.0, 4.0, 30.0})
    for (const double c : {1e-3, 0.1, 0.5, 0.999, 1.001, 1.5, 3.0, 20.0, 500.0}) {
      CAPTURE(b, c);
      const auto average = [&](auto g) {
        return gaussian_average([&](double z) { return g(b + c * z); }, {{-b / c, 1 / c}}).value;
      };
      const auto sech2 = [](double x) { return std::pow(std::cosh(std::min(std::abs(x), 350.0)), -2); };
      const auto got = field_averages(b, c);
      CHECK(got.tanh == Approx(average([](double x) { return std::tanh(x); })).margin(1e-13));
      CHECK(got.one_minus_tanh == Approx(1 - got.tanh).margin(1e-13));
      CHECK(got.tanh2 == Approx(average([](double x) { return std::tanh(x) * std::tanh(x); })).margin(1e-13));
      CHECK(got.sech2 == Approx(average(sech2)).epsilon(1e-12).margin(1e-16));
      CHECK(got.sech4 ==
            Approx(average([&](double x) { return sech2(x) * sech2(x); })).epsilon(1e-12).margin(1e-16));
      CHECK(got.tanh_sech2 ==
            Approx(average([&](double x) { return std::tanh(x) * sech2(x); })).margin(1e-14));
      CHECK(field_entropy(b, c).ln_2cosh == Approx(average(ln_2cosh)).epsilon(1e-13));
      CHECK(field_entropy(b, c).entropy ==
            Approx(average([](double x) { return ln_2cosh(x) - x * std::tanh(x); })).margin(1e-12));
    }
}

TEST_CASE("derivatives of the susceptibility by mean and width") {
  for (const double c : {0.4, 0.9, 1.1, 7.0}) {
    const double b = 0.8, step = 1e-5;
    const auto at = field_averages(b, c);
    CHECK(-2 * at.tanh_sech2 ==
          Approx((field_averages(b + step, c).sech2 - field_averages(b - step, c).sech2) / (2 * step))
              .margin(1e-9));
    CHECK(at.sech2_by_width ==
          Approx((field_averages(b, c + step).sech2 - field_averages(b, c - step).sech2) / (2 * step))
              .margin(1e-9));
  }
}

TEST_CASE("1 - m keeps its digits where it is tiny") {
  // c -> 0: 1 - tanh b = 2 / (1 + e^{2b}); c large: erfc(b / (c sqrt 2))
  CHECK(field_averages(30, 0).one_minus_tanh == Approx(2 / (1 + std::exp(60.0))).epsilon(1e-13));
  CHECK(field_averages(1e10, 1e9).one_minus_tanh == Approx(std::erfc(10 / std::sqrt(2.0))).epsilon(1e-12));
}

TEST_CASE("ln 2cosh does not overflow") {
  CHECK(ln_2cosh(0) == Approx(std::log(2.0)));
  CHECK(ln_2cosh(-1e300) == 1e300);
  CHECK(mean_absolute(0.7, 0) == 0.7);
}
