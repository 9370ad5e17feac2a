// What fraction of a stored pattern's bits one step at T = 0 turns over: counted, against the error function.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/catalogue.hpp"
#include "models/start.hpp"
#include "support/significance.hpp"

using namespace mattis;

namespace {

enum Form { distinct, power };

std::shared_ptr<const DisorderSample> drawn(SiteIndex n, Form form, std::uint32_t sample) {
  RngStream random({121, StreamDomain::disorder, static_cast<std::uint64_t>(form), sample, 0});
  const ModelEntry& dense = *find_model("dense");
  return dense.draw(dense.resolve({{"N", n}, {"p", 3}, {"form", form}, {"alpha", 0.06}}), {}, random);
}

/// Sites of pattern mu that a flip would lower, with all sums written out: p = 3, x_i = xi_i^nu s_i.
SiteIndex slow_errors(const DisorderSample& sample, Form form, SiteIndex mu) {
  const SiteIndex n = sample.num_spins();
  std::vector<double> field(static_cast<std::size_t>(n), 0);
  for (SiteIndex nu = 0; nu < sample.num_patterns(); ++nu) {
    double m = 0;
    for (SiteIndex i = 0; i < n; ++i) m += sample.pattern_entry(i, nu) * sample.pattern_entry(i, mu);
    for (SiteIndex i = 0; i < n; ++i) {
      const double x = sample.pattern_entry(i, nu) * sample.pattern_entry(i, mu), others = m - x;
      // Products of two other, different sites; or the cube before less the cube after.
      field[static_cast<std::size_t>(i)] += form == distinct
                                                ? x * (others * others - (n - 1))
                                                : std::pow(others + x, 3) - std::pow(others - x, 3);
    }
  }
  SiteIndex errors = 0;
  for (const double h : field) errors += h < 0;
  return errors;
}

struct Fraction {
  double mean, error;
};

/// Over samples, whose counts are independent; `patterns` of each.
Fraction bit_errors(SiteIndex n, Form form, int samples, SiteIndex patterns) {
  double sum = 0, squares = 0;
  for (int sample = 0; sample < samples; ++sample) {
    const auto disorder = drawn(n, form, static_cast<std::uint32_t>(sample));
    double fraction = 0;
    for (SiteIndex mu = 0; mu < patterns; ++mu) {
      RngStream unused({122, StreamDomain::tests, 0, 0, 0});
      const auto chain = disorder->chain(cued_configuration(*disorder, mu, 1, unused), {}, {}, 0);
      fraction += static_cast<double>(chain->field_census().unstable) / n / patterns;
    }
    sum += fraction, squares += fraction * fraction;
  }
  const double mean = sum / samples;
  return {mean, std::sqrt((squares / samples - mean * mean) / (samples - 1))};
}

/// (1/2) erfc(p/2 / sqrt(2 xi'(1))) with xi'(1) = 9/2 alpha, power: 27/4 alpha, at alpha = 0.06.
double predicted(Form form) {
  return std::erfc(1.5 / std::sqrt(2 * 0.06 * (form == distinct ? 4.5 : 6.75))) / 2;
}

/// The value at 1/N = 0 of a straight line through the fractions of three sizes.
Fraction extrapolated(const std::vector<SiteIndex>& sizes, const std::vector<Fraction>& fractions) {
  double s = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const double x = 1.0 / sizes[k], w = 1 / (fractions[k].error * fractions[k].error);
    s += w, sx += w * x, sxx += w * x * x, sy += w * fractions[k].mean, sxy += w * x * fractions[k].mean;
  }
  const double determinant = s * sxx - sx * sx;
  return {(sxx * sy - sx * sxy) / determinant, std::sqrt(sxx / determinant)};
}

}  // namespace

TEST_CASE("the unstable sites of a stored pattern, counted slowly") {
  for (const Form form : {distinct, power})
    for (std::uint32_t sample = 0; sample < 3; ++sample) {
      const auto disorder = drawn(60, form, sample);
      for (SiteIndex mu = 0; mu < 10; ++mu) {
        RngStream unused({122, StreamDomain::tests, 0, 0, 0});
        const auto chain = disorder->chain(cued_configuration(*disorder, mu, 1, unused), {}, {}, 0);
        CHECK(chain->field_census().unstable == slow_errors(*disorder, form, mu));
      }
    }
}

TEST_CASE("the bit errors of one step tend to the error function as N grows", "[default]") {
  CHECK(predicted(distinct) == Approx(0.00195).epsilon(0.005));
  CHECK(predicted(power) == Approx(0.00921).epsilon(0.005));
  const std::vector<SiteIndex> sizes{200, 400, 800};
  for (const Form form : {distinct, power}) {
    std::vector<Fraction> fractions;
    for (std::size_t k = 0; k < sizes.size(); ++k)
      fractions.push_back(bit_errors(sizes[k], form, 24, 100 >> k));
    const Fraction limit = extrapolated(sizes, fractions);
    INFO("form " << form << ": " << fractions[0].mean << " +- " << fractions[0].error << ", "
                 << fractions[1].mean << " +- " << fractions[1].error << ", " << fractions[2].mean << " +- "
                 << fractions[2].error << " -> " << limit.mean << " +- " << limit.error << ", expected "
                 << predicted(form));
    CHECK(std::abs(limit.mean - predicted(form)) < tests::significant * limit.error);
    CHECK(limit.error < 0.1 * predicted(form));
    if (form != distinct) continue;
    // Exactly the signal and the variance of the noise at finite N: C(N-1, 2) and (K-1) C(N-1, 2).
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      const double n = sizes[k], patterns = 0.06 * n * n, pairs = (n - 1) * (n - 2) / 2;
      const double expected = std::erfc(std::sqrt(pairs / (2 * (patterns - 1)))) / 2;
      INFO("N = " << n << ", expected " << expected);
      CHECK(std::abs(fractions[k].mean - expected) < tests::significant * fractions[k].error);
    }
  }
}
