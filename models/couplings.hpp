// Explicit symmetric couplings J_ij and fields h_i as integers: multiples of one quantum of energy.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/spins.hpp"
#include "models/coupling_file.hpp"

namespace mattis {

/// H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i in quanta, J_ij = quantum n_ij and h_i = quantum b_i.
///
/// Local fields are then integers, whatever the order in which spins were flipped: nothing rounds, so a chain that is
/// rebuilt from its spins is the chain that never stopped, and cost and threshold are compared exactly.
///
/// Symbols  Coupling, Field: signed integer types of n_ij, and of b_i and the local field.
/// Domain   2 n_ij fits Coupling; sum_j |n_ij| + |b_i| fits Field and is at most 2^52; summed over i it is at most 2^61.
/// Memory   N^2 sizeof(Coupling), rows contiguous; immutable and shared by all chains of a sample.
template <class Coupling, class Field>
struct Couplings {
  SiteIndex num_spins;
  double quantum;
  std::vector<Coupling>
      jumps;  ///< 2 n_ij, what the field at j gains when spin i turns up; row-major, symmetric
  std::vector<Field> fields;  ///< b_i

  const Coupling* row(SiteIndex i) const noexcept {
    return jumps.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(num_spins);
  }
};

/// In how large steps given couplings are counted.
struct Quantisation {
  double quantum;
  bool is_exact;               ///< every number is an integer number of quanta, up to its own rounding
  std::int64_t largest_field;  ///< max_i (sum_j |n_ij| + |b_i|)
};

/// A unit that all numbers are multiples of, if there is one that leaves local fields below 2^29: integers,
/// +-1/sqrt(N), tenths. Flips that cost nothing then cost exactly nothing. Otherwise the power of two
///
///     quantum = 2^-k,   largest k with  max_i F_i <= 2^(52-k)  and  sum_i F_i <= 2^(61-k),   F_i = sum_j |J_ij| + |h_i|
///
/// Errors   the numbers rounded to quanta are the couplings of the model, off by at most quantum/2. Relative to a
///          typical coupling F_i/N that is at most N 2^-52, beyond N = 512 at most N^2 2^-61: 4e-13 at N = 1000.
Quantisation quantisation(const CouplingTable& table);

/// The table in quanta, each number rounded to the nearest.
template <class Coupling, class Field>
Couplings<Coupling, Field> in_quanta(const CouplingTable& table, double quantum);

}  // namespace mattis
