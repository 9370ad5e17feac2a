#include "analysis/estimates/selection.hpp"

#include "analysis/compare.hpp"
#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/synthetic_table.hpp"

using namespace mattis;
using namespace mattis::analysis;

TEST_CASE("how far leaving out the lower end of a Gaussian moves its mean", "[estimates]") {
  CHECK(selection_bias(0, 50) == 0);
  CHECK(selection_bias(1, 50) == infinity);
  CHECK(selection_bias(0.5, 1) == Approx(std::sqrt(2 / 3.14159265358979)));
  CHECK(selection_bias(0.05, 50) == Approx(0.768).margin(1e-3));
  CHECK(selection_bias(0.003, 300) < largest_selection_bias);
}

namespace {

/// 48 chains that follow theory, of which the `lost` with the smallest values are left out.
store::ResultTable selected(std::size_t lost) {
  tests::Random random{23};
  auto table = tests::empty_table({"retrieval_overlap"});
  for (const double N : {200.0, 400.0, 800.0, 1600.0}) {
    const auto p = tests::add_point(table, N, 0.08, 0.4);
    std::vector<double> x;
    for (int s = 0; s < 48; ++s) x.push_back(0.91 + 0.02 * tests::gaussian(random));
    std::sort(x.begin(), x.end());
    x.erase(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(lost));
    tests::add_series(table, p, 0, x);
    table.series.back().left_out = static_cast<int>(lost);
  }
  return table;
}

std::optional<std::pair<double, std::string>> theory(const store::GridPoint&, const std::string&,
                                                     const std::string&) {
  return std::pair{0.91, std::string("rs")};
}

}  // namespace

TEST_CASE("means over a selected half are not put beside theory", "[estimates]") {
  const auto half = compare(selected(24), theory);
  CHECK_FALSE(half.largest_extrapolated_z());
  REQUIRE(half.rejected.size() == 1);
  CHECK(half.rejected[0].reason.find("24 of 48 chains are left out") != std::string::npos);
  for (const auto& e : half.estimates) {
    CHECK(e.is_selected);
    CHECK_FALSE(e.theory);
    CHECK_FALSE(e.z);
  }
  for (const std::size_t few : {0u, 1u}) {
    const auto almost_all = compare(selected(few), theory);
    REQUIRE(almost_all.largest_extrapolated_z());
    CHECK(*almost_all.largest_extrapolated_z() < 4);
  }
}
