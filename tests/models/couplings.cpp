// Couplings in quanta: which unit they are counted in, and what rounding leaves.
#include "models/couplings.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "support/couplings.hpp"

using namespace mattis;

namespace {

/// Two chains' worth of spins 0 and 1 with one coupling each, fields on top.
CouplingTable ring(const std::vector<double>& couplings, const std::vector<double>& fields = {}) {
  const std::size_t n = couplings.size();
  CouplingTable table{n, std::vector<double>(n * n, 0.0), fields, 0};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = (i + 1) % n;
    table.couplings[i * n + j] = table.couplings[j * n + i] = couplings[i];
  }
  return table;
}

void check_exact(const CouplingTable& table, double unit) {
  const Quantisation steps = quantisation(table);
  CHECK(steps.is_exact);
  CHECK(steps.quantum == Approx(unit).epsilon(1e-15));
  const auto couplings = in_quanta<std::int32_t, std::int32_t>(table, steps.quantum);
  for (std::size_t k = 0; k < table.couplings.size(); ++k)
    CHECK(couplings.jumps[k] / 2 * steps.quantum == Approx(table.couplings[k]).epsilon(1e-15));
}

}  // namespace

TEST_CASE("integers, common multiples and equal sizes are counted exactly") {
  check_exact(ring({1, -1, 1}), 1);
  check_exact(ring({2, -4, 6}, {2, 0, 8}), 2);
  check_exact(ring({2, -4, 6}, {3, 0, 8}), 1);
  check_exact(ring({0.1, 0.2, -0.3, 0.7}), 0.1);
  check_exact(ring({0.2, 0.3, -0.7}), 0.1);
  check_exact(ring({1 / std::sqrt(7.0), -1 / std::sqrt(7.0), 2 / std::sqrt(7.0)}), 1 / std::sqrt(7.0));
  check_exact(ring({1e-200, -3e-200, 2e-200}), 1e-200);
  check_exact(ring({0.25, 1e6, -0.75}), 0.25);
  check_exact(ring({0, 0, 0}), 1);
  check_exact(ring({M_PI, 0, 0}), M_PI);
}

TEST_CASE("largest_field counts the quanta of the largest local field") {
  CHECK(quantisation(ring({1, -1, 1}, {0, 0, -5})).largest_field == 7);
  CHECK(quantisation(ring({0.5, 0.5, 0.5})).largest_field == 2);
}

TEST_CASE("real couplings are rounded to a power of two that leaves local fields below 2^52") {
  for (const double size : {1.0, 1e-3, 1e-290, 1e290, 12345.678})
    for (const std::size_t n : {3u, 10u, 700u}) {
      const auto table = tests::real_couplings(n, true, size, 5);
      const Quantisation steps = quantisation(*table);
      INFO(n << " of size " << size);
      CHECK_FALSE(steps.is_exact);
      int exponent = 0;
      CHECK(std::frexp(steps.quantum, &exponent) == 0.5);
      CHECK(steps.largest_field <= std::int64_t{1} << 52);
      CHECK(steps.quantum / 2 <= 1e-12 * size);
      const auto couplings = in_quanta<std::int64_t, std::int64_t>(*table, steps.quantum);
      double worst = 0;
      for (std::size_t k = 0; k < table->couplings.size(); ++k) {
        const double rounded = static_cast<double>(couplings.jumps[k] / 2) * steps.quantum;
        worst = std::max(worst, std::abs(rounded - table->couplings[k]));
      }
      CHECK(worst <= steps.quantum / 2);
      for (SiteIndex i = 0; i < couplings.num_spins; ++i)
        for (SiteIndex j = 0; j < i; ++j) REQUIRE(couplings.row(i)[j] == couplings.row(j)[i]);
    }
}

TEST_CASE("whole numbers too large for 32 bits stay whole") {
  const auto table = ring({1e10, -123456789012, 7}, {1, 2, 3});
  const Quantisation steps = quantisation(table);
  CHECK_FALSE(steps.is_exact);
  const auto couplings = in_quanta<std::int64_t, std::int64_t>(table, steps.quantum);
  CHECK(static_cast<double>(couplings.row(1)[2] / 2) * steps.quantum == -123456789012);
  CHECK(static_cast<double>(couplings.fields[2]) * steps.quantum == 3);
}
