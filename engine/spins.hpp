// Configurations s in {-1,+1}^N: one byte per spin to compute with, one bit per spin to keep.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mattis {

using Spin = std::int8_t;        ///< +1 or -1
using SiteIndex = std::int32_t;  ///< i = 0 ... N-1
using Configuration = std::vector<Spin>;

/// Bit i of the result is set where s_i = +1.
inline std::vector<std::uint64_t> packed(std::span<const Spin> spins) {
  std::vector<std::uint64_t> bits((spins.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < spins.size(); ++i)
    if (spins[i] > 0) bits[i / 64] |= std::uint64_t{1} << (i % 64);
  return bits;
}

inline Configuration unpacked(std::span<const std::uint64_t> bits, SiteIndex num_spins) {
  Configuration spins(static_cast<std::size_t>(num_spins));
  for (std::size_t i = 0; i < spins.size(); ++i)
    spins[i] = (bits[i / 64] >> (i % 64)) & 1 ? Spin{1} : Spin{-1};
  return spins;
}

}  // namespace mattis
