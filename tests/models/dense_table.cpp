// Tables of F, G and E of dense memories against the polynomials they are.
#include "models/dense_table.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mattis;

namespace {

constexpr DenseForm of_powers[]{DenseForm::distinct, DenseForm::power, DenseForm::rectified};

DenseTable table_of(DenseForm form, int p, int n) {
  const std::vector<int> sizes{n};
  return {form, p, n, sizes};
}

double binomial(int n, int k) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
}

/// The sum of the products of p different ones of n signs that add up to m.
double elementary(int n, int m, int p) {
  const int plus = (n + m) / 2;
  double sum = 0;
  for (int k = 0; k <= p; ++k)
    if (k <= n - plus && p - k <= plus)
      sum += (k % 2 ? -1 : 1) * binomial(n - plus, k) * binomial(plus, p - k);
  return sum;
}

double energy(const DenseTable& table, int m, std::size_t row = 0) {
  return table.quantum() *
             static_cast<double>(table.energies()[static_cast<std::size_t>(table.origin(row) + m)]) -
         table.mean();
}

}  // namespace

TEST_CASE("F of distinct sites is a sum of products, that of powers a power") {
  for (const int n : {2, 5, 12, 31})
    for (int p = 2; p <= 8; ++p) {
      const DenseTable distinct = table_of(DenseForm::distinct, p, n),
                       power = table_of(DenseForm::power, p, n),
                       rectified = table_of(DenseForm::rectified, p, n);
      double mean = 0, positive_mean = 0;
      for (int m = -n; m <= n; m += 2) {
        const double weight = binomial(n, (n + m) / 2) * std::pow(0.5, n);
        mean += weight * std::pow(m, p);
        positive_mean += m > 0 ? weight * std::pow(m, p) : 0;
      }
      for (int m = -n; m <= n; m += 2) {
        INFO("N = " << n << ", p = " << p << ", M = " << m);
        const double scale = 1 / (2 * std::pow(n, p - 1));
        CHECK(energy(distinct, m) == Approx(-std::tgamma(p + 1) * scale * elementary(n, m, p)).margin(1e-9));
        CHECK(energy(power, m) == Approx(-scale * (std::pow(m, p) - mean)).margin(1e-9));
        CHECK(energy(rectified, m) ==
              Approx(-scale * ((m > 0 ? std::pow(m, p) : 0) - positive_mean)).margin(1e-9));
      }
    }
}

TEST_CASE("flips cost the difference of F exactly") {
  for (const DenseForm form : of_powers)
    for (const int n : {4, 9, 100})
      for (int p = 2; p <= 8; ++p) {
        const DenseTable table = table_of(form, p, n);
        INFO("form " << static_cast<int>(form) << ", N = " << n << ", p = " << p);
        const double divisor = 2 * table.unit() / table.quantum();
        REQUIRE(divisor == std::round(divisor));
        for (int m = -n; m <= n; m += 2) {
          const auto x = static_cast<std::size_t>(table.origin(0) + m);
          const auto g = table.forces()[x], e = table.curvatures()[x];
          const auto exact = [&](std::int64_t cost, int to) {
            const auto y = static_cast<std::size_t>(table.origin(0) + to);
            return cost * static_cast<DenseTable::Wide>(divisor) ==
                   2 * (table.energies()[y] - table.energies()[x]);
          };
          if (m > -n) CHECK(exact(g - e, m - 2));
          if (m < n) CHECK(exact(-g - e, m + 2));
        }
      }
}

TEST_CASE("at p = 2 half the force is the count and the curvature 1") {
  const DenseTable table = table_of(DenseForm::distinct, 2, 10);
  CHECK(table.unit() == 2.0 / 10);
  for (int m = -8; m <= 8; m += 2) {
    CHECK(table.forces()[static_cast<std::size_t>(table.origin(0) + m)] == m);
    CHECK(table.curvatures()[static_cast<std::size_t>(table.origin(0) + m)] == 1);
  }
}

TEST_CASE("patterns with zeros have the polynomial of the sites they have") {
  const std::vector<int> sizes{0, 1, 6, 11, 12};
  const DenseTable table(DenseForm::distinct, 3, 12, sizes);
  for (std::size_t k = 0; k < sizes.size(); ++k)
    for (int m = -sizes[k]; m <= sizes[k]; m += 2)
      CHECK(energy(table, m, k) == Approx(-6.0 / (2 * 144) * elementary(sizes[k], m, 3)).margin(1e-12));
}

TEST_CASE("at N = 1000 all orders fit, and eighth powers alone are rounded") {
  const int n = 1000;
  for (const DenseForm form : of_powers)
    for (int p = 2; p <= 8; ++p) {
      const DenseTable table = table_of(form, p, n);
      INFO("form " << static_cast<int>(form) << ", p = " << p);
      const auto last = static_cast<std::size_t>(table.origin(0) + n);
      const auto cost = static_cast<double>(table.forces()[last] - table.curvatures()[last]) * table.unit();
      const double exact = form == DenseForm::distinct
                               ? std::tgamma(p + 1) * binomial(n - 1, p - 1) / std::pow(n, p - 1)
                               : (std::pow(n, p) - std::pow(n - 2, p)) / (2 * std::pow(n, p - 1));
      CHECK(cost == Approx(exact).epsilon(1e-9));
      const bool is_exact = table.quantum() * 2 * std::pow(n, p - 1) <
                            1.5 * (form == DenseForm::distinct ? std::tgamma(p + 1) : 1);
      CHECK(is_exact == (form == DenseForm::distinct || p < 8));
      for (const auto& numbers : {table.forces(), table.curvatures()})
        for (const std::int64_t number : numbers) REQUIRE(std::abs(number) < std::int64_t{1} << 58);
      CHECK(table.fits_32_bits() == (p <= 3));
    }
}

TEST_CASE("sizes whose integers would overflow are known") {
  CHECK(DenseTable::is_representable(DenseForm::power, 8, 20000));
  CHECK_FALSE(DenseTable::is_representable(DenseForm::power, 8, 30000));
  CHECK(DenseTable::is_representable(DenseForm::distinct, 8, 50000));
  CHECK(DenseTable::is_representable(DenseForm::distinct, 3, 1e9));
}
