#include "analysis/estimates/advice.hpp"

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/disorder_average.hpp"
#include "analysis/estimates/synthetic_table.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

Estimate estimate(double disorder, double thermal, int samples, const std::string& name = "energy_per_spin") {
  Estimate e;
  e.observable = name;
  e.error = std::hypot(disorder, thermal);
  e.error_disorder = disorder;
  e.error_thermal = thermal;
  e.samples = samples;
  return e;
}

/// error^2 of S samples of B + n sweeps at a budget C, for a spread D and a noise V/n.
double error_squared(double D, double V, double B, double n, double C) { return (D + V / n) * (B + n) / C; }

/// Samples of spread sqrt(D), with chains of noise sqrt(V/n) that know it.
Estimate measured(tests::Random& random, double D, double V, double n, int samples) {
  auto table = tests::empty_table({"energy_per_spin"});
  std::vector<double> x;
  for (int s = 0; s < samples; ++s) x.push_back(std::sqrt(D + V / n) * tests::gaussian(random));
  tests::add_series(table, tests::add_point(table, 100, 0.1, 0.5), 0, x, std::sqrt(V / n));
  return disorder_average(table).at(0);
}

}  // namespace

TEST_CASE("disorder alone wants samples, noise alone wants sweeps where burn-in is dear", "[estimates]") {
  const auto disorder = advise(estimate(0.3, 0, 20), {100, 1000}).value();
  CHECK(disorder.remedy == Remedy::samples);
  CHECK(disorder.disorder_share == 1);
  CHECK(disorder.gain == 0);
  CHECK(disorder.best_sweeps == 0);
  const auto noise = advise(estimate(0, 0.3, 20), {1000, 500}).value();
  CHECK(noise.remedy == Remedy::sweeps);
  CHECK(noise.disorder_share == 0);
  CHECK(noise.gain == Approx(3));
  CHECK(noise.best_sweeps == infinity);
  CHECK(advise(estimate(0, 0.3, 1000), {0, 500}).value().remedy ==
        Remedy::either);  // no burn-in: all the same
  CHECK(advise(estimate(0.2, 0.3, 1000), {0, 500}).value().remedy == Remedy::samples);
}

TEST_CASE("the gain is the derivative of the error by computer time, and n* its optimum", "[estimates]") {
  for (const double D : {0.02, 0.3, 4.0})
    for (const double B : {50.0, 400.0, 6000.0}) {
      constexpr double V = 800, n = 1000, S = 200, step = 1e-6;
      const double C = S * (B + n), now = error_squared(D, V, B, n, C);
      const auto advice = advise(estimate(std::sqrt(D / S), std::sqrt(V / n / S), 200), {B, n}).value();
      const double longer = n + step * C / S;  // the same S, the time spent on sweeps
      const double with_sweeps = (D + V / longer) / S,
                   with_samples = error_squared(D, V, B, n, C * (1 + step));
      CHECK(advice.gain == Approx((now - with_sweeps) / (now - with_samples)).epsilon(1e-4));
      CHECK(error_squared(D, V, B, advice.best_sweeps, C) <=
            error_squared(D, V, B, 1.01 * advice.best_sweeps, C));
      CHECK(error_squared(D, V, B, advice.best_sweeps, C) <=
            error_squared(D, V, B, 0.99 * advice.best_sweeps, C));
      CHECK((advice.gain > 1) == (advice.best_sweeps > n));
    }
}

TEST_CASE("advice from drawn tables is right wherever it takes a side", "[estimates]") {
  tests::Random random{20261129};
  constexpr double n = 1000;
  struct Case {
    double D, V, B;
    Remedy right;
  };
  for (const Case& c : {Case{1, 50, 200, Remedy::samples}, Case{1e-4, 500, 4000, Remedy::sweeps},
                        Case{0.1, 100, 0, Remedy::samples}}) {
    int wrong = 0, taken = 0;
    for (int t = 0; t < 400; ++t) {
      const auto advice = advise(measured(random, c.D, c.V, n, 60), {c.B, n}).value();
      taken += advice.remedy == c.right;
      wrong += advice.remedy != c.right && advice.remedy != Remedy::either;
    }
    CHECK(wrong == 0);
    CHECK(taken > 380);
  }
}

TEST_CASE("fractions and single samples want samples, what has no error wants nothing", "[estimates]") {
  auto fraction = estimate(0.1, 0.1, 20, "retrieved");
  fraction.error_thermal = fraction.error_disorder = no_number;
  CHECK(advise(fraction, {100, 10}).value().remedy == Remedy::samples);
  CHECK(advise(fraction, {100, 10}).value().disorder_share == 1);
  auto single = estimate(0, 0.1, 1);
  single.error_disorder = no_number;
  CHECK(advise(single, {10000, 10}).value().remedy == Remedy::samples);
  CHECK(std::isnan(advise(single, {10000, 10}).value().disorder_share));
  CHECK_FALSE(advise(estimate(0, 0, 20), {0, 10}));
  CHECK_FALSE(advise(Estimate{}, {0, 10}));
  auto unknown = estimate(0.1, 0.1, 20, "acceptance");
  unknown.error_thermal = no_number;
  CHECK_FALSE(advise(unknown, {0, 10}));
}

TEST_CASE("one sentence for each observable", "[estimates]") {
  const double most = std::sqrt(0.96), least = std::sqrt(0.04);
  std::vector<Estimate> rows{estimate(most, least, 100), estimate(most, least, 100, "binder"),
                             estimate(0.1, 1, 100, "binder"), estimate(1, 0, 100), Estimate{}};
  const auto all = advise(rows, {3000, 1000});
  REQUIRE(all.size() == 2);
  CHECK(all[0].observable == "energy_per_spin");
  CHECK(sentence(all[0]) == "samples (disorder makes 96 ... 100 % of the error squared)");
  CHECK(sentence(all[1]) ==
        "samples in 1 of 2 rows, sweeps in 1 of 2 rows (disorder makes 1 ... 96 % of the error squared; "
        "sweeps pay "
        "up to runs of about 17000)");
  rows = {estimate(0, 0.1, 1)};
  CHECK(sentence(advise(rows, {0, 10}).at(0)) == "samples (one sample knows nothing of the disorder)");
  rows = {estimate(0.1, 0, 9)};
  CHECK(sentence(advise(rows, {0, 10}).at(0)) == "samples (disorder makes 100 % of the error squared)");
}

TEST_CASE("chains that do not move are advised samples, whatever the spread of their starts", "[estimates]") {
  Estimate e;
  e.observable = "energy_per_spin";
  e.samples = 20;
  e.error = 1, e.error_thermal = 0.95;
  CHECK(advise(e, {1000, 1000})->remedy == Remedy::sweeps);
  e.is_frozen = true;
  const auto advice = advise(e, {1000, 1000});
  CHECK(advice->remedy == Remedy::samples);
  CHECK(advice->gain == 0);
  CHECK(advice->disorder_share == Approx(1 - 0.95 * 0.95));
}
