// What went wrong, in one sentence each.
#include "engine/error.hpp"

#include <catch2/catch.hpp>

using namespace mattis;
using Catch::Matchers::Contains;

TEST_CASE("an input error says where, what and what would be right") {
  CHECK(InputError("T is nan", "job.toml:3:5", "write T = 0.5").what() ==
        std::string("job.toml:3:5: T is nan; write T = 0.5"));
  CHECK(InputError("T is nan").what() == std::string("T is nan"));
}

TEST_CASE("an environment error names path, operation and reason") {
  CHECK(EnvironmentError("/a/b", "writing", "disk full").what() == std::string("/a/b: writing: disk full"));
}

TEST_CASE("a broken invariant says which and where") {
  CHECK_NOTHROW(MATTIS_CHECK(1 + 1 == 2));
  CHECK_THROWS_AS(MATTIS_CHECK(1 + 1 == 3), InternalError);
  CHECK_THROWS_WITH(MATTIS_CHECK(1 + 1 == 3), Contains("1 + 1 == 3") && Contains("error.cpp:"));
}
