// Philox against its published numbers; streams by name.
#include "engine/random_stream.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "support/significance.hpp"

using namespace mattis;
using Block = std::array<std::uint32_t, 4>;

TEST_CASE("philox gives its known answers") {
  // kat_vectors of the Random123 distribution, philox4x32 with 10 rounds.
  CHECK(philox(0, {0, 0, 0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox(~std::uint64_t{0}, {ones, ones, ones, ones}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("every field of a stream's name makes another stream") {
  const StreamId base{7, StreamDomain::dynamics, 99, 3, 1};
  std::vector<StreamId> names(8, base);
  names[1].seed = 8;
  names[2].domain = StreamDomain::initial_state;
  names[3].content = 98;
  names[4].sample = 2;
  names[5].replica = 2;
  names[6].sample = 1, names[6].replica = 3;  // not the same as sample 3, replica 1
  names[7].content = 3, names[7].sample = 99;
  std::set<std::uint64_t> keys;
  for (const StreamId& name : names) keys.insert(stream_key(name));
  CHECK(keys.size() == names.size());
  CHECK(stream_key(base) == stream_key(StreamId{base}));
}

TEST_CASE("no two of many neighbouring names share a key") {
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    for (std::uint64_t content = 0; content < 10; ++content)
      for (std::uint32_t sample = 0; sample < 50; ++sample)
        for (std::uint32_t replica = 0; replica < 10; ++replica)
          keys.insert(stream_key({seed, StreamDomain::tests, content, sample, replica}));
  CHECK(keys.size() == 4 * 10 * 50 * 10);
}

TEST_CASE("a stream reads its blocks in order, low word first") {
  const StreamId id{5, StreamDomain::tests, 0, 0, 0};
  RngStream stream(id);
  for (std::uint32_t index = 0; index < 5; ++index) {
    const Block block = philox(stream_key(id), {index, 0, 0, 0});
    CHECK(stream() == ((std::uint64_t{block[1]} << 32) | block[0]));
    CHECK(stream() == ((std::uint64_t{block[3]} << 32) | block[2]));
  }
}

TEST_CASE("a copied stream continues from the same place") {
  RngStream stream({5, StreamDomain::tests, 1, 0, 0});
  for (int k = 0; k < 3; ++k) stream();
  RngStream copy = stream;
  for (int k = 0; k < 5; ++k) CHECK(stream() == copy());
}

TEST_CASE("the numbers of a sweep are addressed by sweep, purpose and index") {
  using Purpose = SweepRandomness::Purpose;
  const std::uint64_t key = 1234567890123456789u;
  const std::int64_t late = (std::int64_t{3} << 32) + 5;
  CHECK(SweepRandomness(key, late).block(Purpose::order, 7) == philox(key, {7, 1, 5, 3}));
  CHECK(SweepRandomness(key, 5).block(Purpose::threshold, 7) == philox(key, {7, 0, 5, 0}));
}

TEST_CASE("the number of a proposal is a byte of its own block and 24 bits of another") {
  using Purpose = SweepRandomness::Purpose;
  const SweepRandomness random(1234567890123456789u, 5);
  ProposalNumbers number(random);
  for (const std::uint32_t k : {0u, 1u, 2u, 3u, 4u, 15u, 16u, 17u, 1000u, 3u}) {
    const std::uint32_t four_bytes = random.block(Purpose::leading, k / 16)[k / 4 % 4];
    const std::uint32_t rest = random.block(Purpose::threshold, k / 4)[k % 4];
    CHECK(number(k) >> 24 == (four_bytes >> (8 * (k % 4))) % 256);
    CHECK(number(k) % (1u << 24) == rest / 256);
  }
}

TEST_CASE("bits of a stream are fair and streams are uncorrelated") {
  // Ones among 64 n bits, of one stream and of the exclusive or of two that differ in one field.
  constexpr int n = 20000;
  const StreamId base{1, StreamDomain::tests, 42, 0, 0};
  StreamId other_sample = base, other_replica = base, other_seed = base;
  other_sample.sample = 1, other_replica.replica = 1, other_seed.seed = 2;
  for (const StreamId& other : {other_sample, other_replica, other_seed}) {
    RngStream a(base), b(other);
    std::int64_t ones = 0, agreeing = 0;
    for (int k = 0; k < n; ++k) {
      const std::uint64_t x = a(), y = b();
      ones += std::popcount(y);
      agreeing += std::popcount(~(x ^ y));
    }
    CHECK(std::abs(tests::binomial_z(ones, 64 * n, 0.5)) < tests::significant);
    CHECK(std::abs(tests::binomial_z(agreeing, 64 * n, 0.5)) < tests::significant);
  }
}
