// The one loop of every coupling model: what a flipped spin does to the local fields of all others.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mattis::coupling_fields {

/// fields_j += jumps_j where `is_up`, -= jumps_j where not: the spin with couplings jumps_j / 2 has turned up, or down.
template <class Coupling, class Field>
inline void follow_flip_plain(const Coupling* jumps, bool is_up, Field* fields, std::size_t size) noexcept {
  if (is_up)
    for (std::size_t j = 0; j < size; ++j) fields[j] += jumps[j];
  else
    for (std::size_t j = 0; j < size; ++j) fields[j] -= jumps[j];
}

/// The same, compiled for the instruction sets of this machine: integers, so the same numbers on all of them.
void follow_flip(const std::int32_t* jumps, bool is_up, std::int32_t* fields, std::size_t size) noexcept;
void follow_flip(const std::int32_t* jumps, bool is_up, std::int64_t* fields, std::size_t size) noexcept;
void follow_flip(const std::int64_t* jumps, bool is_up, std::int64_t* fields, std::size_t size) noexcept;

}  // namespace mattis::coupling_fields
