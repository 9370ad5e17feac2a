// The other baseline of three-body memories: the explicit tensor of their interactions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sweeps/bench/naive_chain.hpp"

namespace mattis::bench {

/// p = 3, distinct sites, as interactions of triples:
///
///     H = -(3/N^2) sum_{i<j<k} T_ijk s_i s_j s_k,   T_ijk = sum_mu xi_i^mu xi_j^mu xi_k^mu   (0 where two sites agree)
///
/// Cost     N^3 K / 384 words once; memory 4 N^3 bytes.
/// Domain   patterns of +-1.
struct NaiveTensor {
  SiteIndex num_spins = 0;
  std::size_t stride = 0;      ///< N rounded up to whole lanes, filled with 0
  std::vector<float> entries;  ///< T_ijk at (i N + j) stride + k
  explicit NaiveTensor(const DisorderSample& sample);
  const float* row(SiteIndex i, SiteIndex j) const noexcept {
    return entries.data() +
           (static_cast<std::size_t>(i) * static_cast<std::size_t>(num_spins) + static_cast<std::size_t>(j)) *
               stride;
  }
  static double bytes(double num_spins) { return 4 * num_spins * num_spins * (num_spins + 15); }
};

/// Metropolis as NaiveChain on cached fields:
///
///     dE_i = (6/N^2) s_i f_i,   f_i = sum_{j<k} T_ijk s_j s_k;   a flip of s_j moves f_i by -2 s_j sum_k T_ijk s_k
///
/// Cost     a flip N dot products of N numbers, a proposal a look at f_i.
/// Domain   sequential and random order; T >= 0. Fields are whole numbers, exact below 2^24.
class NaiveTensorChain {
 public:
  NaiveTensorChain(std::shared_ptr<const NaiveTensor> tensor, std::span<const Spin> spins, double temperature,
                   Order order, std::uint64_t seed);

  /// N proposals; returns how many were accepted.
  std::int64_t sweep();
  std::span<const Spin> spins() const noexcept { return spins_; }
  float cost(SiteIndex i) const noexcept;

 private:
  void flip(SiteIndex j);

  std::shared_ptr<const NaiveTensor> tensor_;
  Configuration spins_;
  std::vector<float> values_, fields_;  // s_k, padded with 0; f_i
  float beta_, unit_;                   // unit: 6/N^2
  Order order_;
  Xoshiro random_;
};

}  // namespace mattis::bench
