#include "analysis/estimates/chi_squared.hpp"

#include "analysis/estimates/coverage.hpp"

using namespace mattis;
using namespace mattis::analysis;

namespace {

/// Sample mean of n Gaussian vectors with neighbours correlated by 0.7, and its estimated covariance.
std::pair<std::vector<double>, CovariancePart> draw(tests::Random& random, std::vector<std::size_t> where,
                                                    int n, double spread) {
  const std::size_t p = where.size();
  std::vector<std::vector<double>> x;
  std::vector<double> mean(p);
  for (int s = 0; s < n; ++s) {
    std::vector<double> row(p);
    double previous = tests::gaussian(random);
    for (std::size_t i = 0; i < p; ++i) {
      row[i] = spread * static_cast<double>(i + 1) * previous;
      mean[i] += row[i] / n;
      previous = 0.7 * previous + std::sqrt(0.51) * tests::gaussian(random);
    }
    x.push_back(row);
  }
  CovariancePart part{std::move(where), SymmetricMatrix{p}, n - 1.0};
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (const auto& row : x) sum += (row[i] - mean[i]) * (row[j] - mean[j]);
      part.covariance.set(i, j, sum / (n * (n - 1.0)));
    }
  return {mean, part};
}

}  // namespace

TEST_CASE("a known covariance gives the ordinary chi-squared", "[estimates]") {
  const std::vector<double> d{1, 2};
  const std::vector<CovariancePart> parts{{{0, 1}, SymmetricMatrix::diagonal(std::vector<double>{1, 4})}};
  const auto quality = chi_squared(d, parts);
  CHECK(quality.value == Approx(2));
  CHECK(quality.dof == 2);
  CHECK(quality.p_value == Approx(std::exp(-1)));
}

TEST_CASE("one residual of n samples is Student's t", "[estimates]") {
  const std::vector<double> d{1.5};
  const std::vector<CovariancePart> parts{{{0}, SymmetricMatrix::diagonal(std::vector<double>{1}), 6}};
  CHECK(chi_squared(d, parts).p_value == Approx(2 * gsl_cdf_tdist_Q(1.5, 6)));
}

TEST_CASE("no verdict where there cannot be one", "[estimates]") {
  const std::vector<double> d{1, 2};
  SymmetricMatrix singular{2};
  singular.set(0, 0, 1), singular.set(0, 1, 1), singular.set(1, 1, 1);
  CHECK(std::isnan(chi_squared(d, std::vector<CovariancePart>{{{0, 1}, singular}}).p_value));
  CHECK(std::isnan(chi_squared({}, {}).p_value));
  CHECK(std::isnan(t_squared_p_value(3, 5, 4)));
}

TEST_CASE("p-values are uniform: Hotelling, independent residuals, sums of sources", "[estimates]") {
  tests::Random random{20261125};
  tests::Uniform hotelling, independent, sum;
  for (int t = 0; t < 3000; ++t) {
    const auto one = draw(random, {0, 1, 2, 3, 4}, 14, 1);
    hotelling.add(chi_squared(one.first, std::vector{one.second}).p_value);

    std::vector<double> d;
    std::vector<CovariancePart> parts;
    for (std::size_t i = 0; i < 8; ++i) {
      const auto point = draw(random, {i}, 12, 1);
      d.push_back(point.first[0]);
      parts.push_back(point.second);
    }
    independent.add(chi_squared(d, parts).p_value);

    // Three sizes behind an extrapolated curve of four points, one of them touching two points alone.
    std::vector<double> total(4);
    parts.clear();
    for (const auto& [where, n, spread] : std::vector<std::tuple<std::vector<std::size_t>, int, double>>{
             {{0, 1, 2, 3}, 20, 1.0}, {{0, 1, 2, 3}, 30, 0.5}, {{1, 2}, 16, 1.0}}) {
      const auto source = draw(random, where, n, spread);
      for (std::size_t i = 0; i < where.size(); ++i) total[where[i]] += source.first[i];
      parts.push_back(source.second);
    }
    sum.add(chi_squared(total, parts).p_value);
  }
  hotelling.check();
  independent.check();
  sum.check();
}
