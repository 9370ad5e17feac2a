#include "engine/store/shard_file.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "engine/error.hpp"
#include "tests/store/sample_records.hpp"

using namespace mattis::store;

namespace {

std::vector<ChainRecord> odd_records() {
  std::vector<ChainRecord> records{sample_record(7, 100), sample_record(8, 50, 0, 3),
                                   sample_record(9, 0, 5, 0)};
  records[0].values[3] = std::numeric_limits<double>::quiet_NaN();
  records[0].values[4] = -0.0;
  records[0].values[5] = std::numeric_limits<double>::denorm_min();
  records[0].values[6] = -std::numeric_limits<double>::infinity();
  return records;
}

}  // namespace

TEST_CASE("a shard gives back the bits it was given") {
  for (const auto& records : {odd_records(), std::vector<ChainRecord>{}}) {
    const auto bytes = encode_shard("a.h5", records, "layout");
    const auto back = decode_shard("a.h5", bytes, "layout");
    REQUIRE(back.size() == records.size());
    for (std::size_t i = 0; i < back.size(); ++i) CHECK(same_bits(back[i], records[i]));
    CHECK(encode_shard("b.h5", records, "layout") == bytes);  // the same contents are the same bytes
  }
}

TEST_CASE("the checksum sees every part of a record and the layout") {
  const auto records = odd_records();
  const auto sum = shard_checksum(records, "layout");
  CHECK(sum == shard_checksum(odd_records(), "layout"));
  CHECK(sum != shard_checksum(records, "layout2"));
  auto other = records;
  other[2].sweeps_done = 1;
  CHECK(sum != shard_checksum(other, "layout"));
  other = records;
  other[0].values[4] = 0.0;
  CHECK(sum != shard_checksum(other, "layout"));
  other = records;  // the same flat values, divided otherwise
  other[0].values.pop_back();
  other[1].values.insert(other[1].values.begin(), records[0].values.back());
  CHECK(sum != shard_checksum(other, "layout"));
}

TEST_CASE("every flipped byte and every truncation of a shard is found") {
  const auto records = odd_records();
  auto bytes = encode_shard("a.h5", records, "layout");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto kept = bytes[i];
    bytes[i] ^= static_cast<std::byte>(1U << (i % 8));
    REQUIRE_THROWS_AS(decode_shard("a.h5", bytes, "layout"), DamagedShard);
    bytes[i] = kept;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_THROWS_AS(decode_shard("a.h5", std::span(bytes).first(size), "layout"), DamagedShard);
  }
  bytes.push_back(std::byte{0});
  CHECK_THROWS_AS(decode_shard("a.h5", bytes, "layout"), DamagedShard);
}

TEST_CASE("a whole shard of another layout or version is refused by name") {
  auto bytes = encode_shard("a.h5", odd_records(), "layout");
  CHECK_THROWS_WITH(decode_shard("DIR/a.h5", bytes, "other"),
                    "DIR/a.h5: holds other records: 'layout'; this run keeps 'other'");
  const auto text = [&] { return reinterpret_cast<char*>(bytes.data()); };
  text()[bytes.size() - 18] = '2';
  const auto seal = fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size() - 16));
  std::copy(seal.begin(), seal.end(), text() + bytes.size() - 16);
  CHECK_THROWS_AS(decode_shard("a.h5", bytes, "layout"), mattis::InputError);
}
