// One shard as bytes: chain records, their checksum, and the seal over the whole file (schema.md,
// mattis-shard/1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace mattis::store {

/// How far one chain has come: the state from which it continues and what it measured so far.
struct ChainRecord {
  std::uint64_t key = 0;         ///< content key of the chain
  std::int64_t sweeps_done = 0;  ///< of two records of one chain, the one with more sweeps counts
  std::vector<std::uint64_t> state;
  std::vector<double> values;  ///< their meaning is named by the layout of the store
};

/// Same bits: NaN equals the same NaN, 0 differs from -0.
bool same_bits(const ChainRecord& a, const ChainRecord& b);

/// The bytes of a shard are not those that were written.
struct DamagedShard : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// XXH3 (64 bits) over schema, layout, lengths and contents of the records.
std::uint64_t shard_checksum(std::span<const ChainRecord> records, const std::string& layout);

/// The file: HDF5, then one line of text, the seal, with the XXH3 of everything before its sixteen digits.
/// The seal is checked before HDF5 sees a byte, so damage anywhere is found and never parsed.
/// `path` is for messages.
std::vector<std::byte> encode_shard(const std::filesystem::path& path, std::span<const ChainRecord> records,
                                    const std::string& layout);

/// Errors   DamagedShard; InputError for a whole shard of another layout or schema version.
std::vector<ChainRecord> decode_shard(const std::filesystem::path& path, std::span<const std::byte> bytes,
                                      const std::string& layout);

}  // namespace mattis::store
