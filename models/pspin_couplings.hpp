// Couplings of p spins, each stored with every one of its sites, and the loop over all that a site has.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/spins.hpp"

namespace mattis {

/// H = -quantum sum_{i1 < ... < ip} n_{i1 ... ip} s_{i1} ... s_{ip} with integers n.
///
/// The row of site a holds n of a and each set c_1 < ... < c_q, q = p - 1, of the other sites (numbered 0 ... N-2 without a),
/// at rank sum_j C(c_j, j): c_1 runs fastest, so the innermost loop is over consecutive numbers.
///
/// Domain   the sum of |n| over a row is below 2^30: local fields fit 32 bits, exactly, in any order of flips.
/// Memory   4 N C(N-1, p-1) bytes, each coupling p times; immutable and shared by all chains of a sample.
class PspinCouplings {
 public:
  PspinCouplings(SiteIndex num_spins, int order, double quantum);

  SiteIndex num_spins() const noexcept { return num_spins_; }
  int order() const noexcept { return order_; }
  double quantum() const noexcept { return quantum_; }

  /// The coupling of p sites in ascending order.
  std::int32_t coupling(std::span<const SiteIndex> sites) const;
  void set(std::span<const SiteIndex> sites, std::int32_t value);

  /// sum of |n| over the row of a site, the largest of all.
  std::int64_t largest_row() const;

  /// sum_{c_1 < ... < c_q} n_{a c} x_{c_1} ... x_{c_q}, the local field of site a, where x are the spins of the other sites.
  /// Its derivatives by each x_c are added to `gradient`, N - 1 numbers. Cost one pass over the row, C(N-1, p-1).
  std::int32_t field(SiteIndex a, const std::int32_t* x, std::int32_t* gradient) const;

 private:
  std::size_t place(SiteIndex a, std::span<const SiteIndex> sites) const;
  std::size_t choose(SiteIndex n, std::size_t k) const {
    return choose_[static_cast<std::size_t>(n) * static_cast<std::size_t>(order_ + 1) + k];
  }

  SiteIndex num_spins_;
  int order_;
  double quantum_;
  std::size_t row_ = 0;
  std::vector<std::size_t> choose_;  // C(n, k), n = 0 ... N, k = 0 ... p
  std::vector<std::int32_t> rows_;
};

}  // namespace mattis
