// One bit per spin and back.
#include "engine/spins.hpp"

#include <catch2/catch.hpp>

#include "engine/random_stream.hpp"

using namespace mattis;

TEST_CASE("packing keeps every spin, at any number of them") {
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  for (const SiteIndex n : {1, 2, 63, 64, 65, 127, 128, 129, 1000}) {
    Configuration spins(static_cast<std::size_t>(n));
    for (Spin& s : spins) s = random() % 2 ? Spin{1} : Spin{-1};
    const auto bits = packed(spins);
    CHECK(bits.size() == (spins.size() + 63) / 64);
    CHECK(unpacked(bits, n) == spins);
    if (n % 64 != 0) CHECK(bits.back() >> (n % 64) == 0);
  }
  CHECK(packed(Configuration{1, -1, -1, 1}) == std::vector<std::uint64_t>{0b1001});
}
