#include "analysis/theory/one_step_field.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/theory/field_average.hpp"
#include "analysis/theory/quadrature.hpp"

using namespace mattis::theory;

namespace {

/// < < g >_y > by nested adaptive quadrature; `combine` acts on the inner average.
template <class G, class Combine>
double nested(const TwoLevelField& f, G g, Combine combine) {
  const double t = f.temperature, shift = f.tilt * f.inner;
  const auto energy = [&](double h) { return t > 0 ? t * ln_2cosh(h / t) : std::abs(h); };
  const auto inner = [&](double u) {
    const double reference = f.tilt * std::abs(u) + shift * shift / 2;
    std::vector<double> points;
    for (const double y : {-13., -6., 0., 6., 13.})
      for (const int side : {-1, 1}) points.push_back(y + side * shift);
    for (const double s : {-20., -5., -1., 0., 1., 5., 20.}) points.push_back((s * t - u) / f.inner);
    std::sort(points.begin(), points.end());
    const auto average = [&](auto what) {
      return integrate(
                 [&](double y) {
                   const double h = u + f.inner * y;
                   return std::exp(-y * y / 2 + f.tilt * energy(h) - reference) * what(h);
                 },
                 points, 1e-12)
                 .value /
             std::sqrt(2 * std::numbers::pi);
    };
    const double z = average([](double) { return 1.0; });
    return combine(average([&](double h) { return g(h, energy(h)); }) / z,
                   (std::log(z) + reference) / f.tilt);
  };
  if (f.outer == 0) return inner(f.mean);
  const double width = std::max(t, std::min(1 / f.tilt, f.inner)) / f.outer;
  return gaussian_average([&](double z) { return inner(f.mean + f.outer * z); }, {{-f.mean / f.outer, width}},
                          1e-11)
      .value;
}

}  // namespace

TEST_CASE("averages over two levels of field agree with nested adaptive quadrature") {
  const TwoLevelField fields[] = {
      {0, 1, 0.7, 1.3, 0.5},       {0.3, 0.5, 0.7, 0.4, 0.5}, {0.9, 0.3, 0.05, 20, 0.01},
      {0.9, 0.3, 0.05, 20, 0.2},   {0, 0.5, 0.5, 1.5, 0.3},   {0, 0, 1, 0.9, 0.6},
      {0.9, 0.35, 0.01, 99, 1e-3}, {0.9, 0.35, 0.01, 99, 0},  {0, 0.8, 0.6, 1.1, 0}};
  for (const auto& field : fields) {
    const double t = field.temperature;
    CAPTURE(field.mean, field.outer, field.inner, field.tilt, t);
    const auto got = one_step_averages(field);
    const auto tanh_at = [&](double h, double) { return t > 0 ? std::tanh(h / t) : (h > 0 ? 1.0 : -1.0); };
    const auto tanh2_at = [&](double h, double e) { return std::pow(tanh_at(h, e), 2); };
    CHECK(got.m == Approx(nested(field, tanh_at, [](double a, double) { return a; })).margin(1e-10));
    CHECK(got.q0 == Approx(nested(field, tanh_at, [](double a, double) { return a * a; })).margin(1e-10));
    CHECK(got.one_minus_q0 == Approx(1 - got.q0).margin(1e-13));
    CHECK(1 - t * got.susceptibility ==
          Approx(nested(field, tanh2_at, [](double a, double) { return a; })).margin(1e-10));
    CHECK(got.log_moment == Approx(nested(field, tanh_at, [](double, double g) { return g; })).margin(1e-10));
    const double slope = nested(
        field, [](double, double e) { return e; }, [&](double e, double g) { return (e - g) / field.tilt; });
    CHECK(got.tilt_slope == Approx(slope - field.inner * field.inner / 2).margin(1e-10));
  }
}

TEST_CASE(
    "derivatives of the log moment: by the field m, by the tilt, by T the entropy, by the widths the "
    "overlaps") {
  const TwoLevelField field{0.4, 0.6, 0.5, 1.7, 0.3};
  const auto derivative = [&](double TwoLevelField::*member) {
    const auto at = [&](double shift) {
      auto moved = field;
      moved.*member += shift;
      return one_step_averages(moved).log_moment;
    };
    return (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
  };
  const auto at = one_step_averages(field);
  CHECK(derivative(&TwoLevelField::mean) == Approx(at.m).epsilon(1e-10));
  CHECK(derivative(&TwoLevelField::temperature) == Approx(at.entropy).epsilon(1e-10));
  CHECK(derivative(&TwoLevelField::tilt) ==
        Approx(at.tilt_slope + field.inner * field.inner / 2).epsilon(1e-10));
  CHECK(derivative(&TwoLevelField::outer) ==
        Approx(field.outer * (at.susceptibility + field.tilt * at.overlap_step)).epsilon(1e-10));
  CHECK(derivative(&TwoLevelField::inner) ==
        Approx(field.inner * (at.susceptibility + field.tilt * (1 - field.temperature * at.susceptibility)))
            .epsilon(1e-10));
}
