// Content keys: stable, and never blind to a small number.
#include "engine/content_key.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "engine/random_stream.hpp"

using namespace mattis;

TEST_CASE("canonical numbers read back to the same bits") {
  CHECK(canonical(0.1) == "0.1");
  CHECK(canonical(1e-7) == "1e-07");
  CHECK(canonical(1e-7) != canonical(0));
  CHECK(canonical(0.1 + 0.2) != canonical(0.3));
  CHECK(canonical(-0.0) == canonical(0.0));
  CHECK(canonical(100) == canonical(1e2));
  CHECK(canonical(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(canonical(std::numeric_limits<double>::quiet_NaN()) == "nan");
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  for (int k = 0; k < 10000; ++k) {
    const double x = std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 1000) - 500);
    REQUIRE(std::strtod(canonical(x).c_str(), nullptr) == x);
  }
}

TEST_CASE("keys are XXH3 of the text, the same on every machine") {
  CHECK(content_key("") == 0x2d06800538d394c2);
  CHECK(content_key("N=100|P=10") != content_key("N=10|P=100"));
  CHECK(hex(content_key("")) == "2d06800538d394c2");
  CHECK(hex(1) == "0000000000000001");
}
