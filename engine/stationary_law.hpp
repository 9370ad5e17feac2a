// The weight of each configuration in the long run, from the table of all energies.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"

namespace mattis {

/// In place: x_a -> sum_b (-1)^{popcount(a & b)} x_b. The length is a power of two; twice is that length times x.
void walsh_transform(std::vector<double>& x);

/// Stationary law of a dynamics over all 2^N configurations, in units of the heaviest one.
///
///     single updates   P(s) ~ exp(-beta H(s));   T = 0: even over the ground states; rejection-free ones: the same
///     synchronous      P(s) ~ exp(beta sum_i theta_i s_i) prod_i 2 cosh(beta h_i(s)),  h_i = sum_j J_ij s_j + theta_i
///
/// where H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i theta_i s_i gives s_i h_i = [H(s with s_i -> -s_i) - H(s)] / 2 and
/// sum_i theta_i s_i = [H(-s) - H(s)] / 2.
///
/// Symbols  energies[s]: H of the configuration whose bit i is set where s_i = +1.
/// Cost     a weight O(1), synchronous O(N).
/// Errors   InputError for synchronous updates at T = 0 (where it ends depends on where it starts), or with an
///          energy that is not pairwise (its law is not known).
class StationaryLaw {
 public:
  StationaryLaw(std::span<const double> energies, SiteIndex num_spins, double temperature, Updates updates);

  /// P(s) / max P.
  double weight(std::uint64_t state) const;
  /// Of one parallel step from the configuration, T > 0 (chain.hpp).
  StepOverlap step_overlap(std::uint64_t state) const;

 private:
  double log_weight(std::uint64_t state) const;

  std::span<const double> energies_;
  SiteIndex num_spins_;
  double temperature_;
  Updates updates_;
  double ground_, heaviest_ = 0;
};

}  // namespace mattis
