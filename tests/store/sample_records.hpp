// Chain records whose every bit follows from key and sweeps, so that any reader can tell whether they are
// right.
#pragma once

#include <cstdint>

#include "engine/store/shard_file.hpp"

/// splitmix64: one step.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

inline mattis::store::ChainRecord sample_record(std::uint64_t key, std::int64_t sweeps_done,
                                                std::size_t words = 16, std::size_t num_values = 100) {
  mattis::store::ChainRecord record{key, sweeps_done, {}, {}};
  std::uint64_t x = mixed(key) ^ static_cast<std::uint64_t>(sweeps_done);
  for (std::size_t i = 0; i < words; ++i) record.state.push_back(x = mixed(x));
  for (std::size_t i = 0; i < num_values; ++i)
    record.values.push_back(static_cast<double>((x = mixed(x)) >> 11U));
  return record;
}
