#include "analysis/estimates/observable_kind.hpp"

#include <catch2/catch.hpp>

using namespace mattis::analysis;

TEST_CASE("fractions and times have no 1/N expansion", "[estimates]") {
  CHECK(is_fraction("retrieved"));
  CHECK(is_fraction("retrieval_lost"));
  CHECK(is_fraction("not_converged"));
  CHECK(is_fraction("two_cycle"));
  CHECK_FALSE(has_size_expansion("two_cycle"));
  CHECK_FALSE(is_fraction("retrieval_overlap"));
  CHECK(has_size_expansion("retrieval_overlap"));
  CHECK(has_size_expansion("energy_per_spin"));
  CHECK_FALSE(has_size_expansion("retrieved"));
  CHECK_FALSE(has_size_expansion("tau_int"));
  CHECK_FALSE(has_size_expansion("tau_escape"));
  CHECK_FALSE(has_size_expansion("sorted_overlap"));
}
