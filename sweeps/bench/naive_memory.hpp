// The baseline of dense memories: a dot product with the patterns in single precision.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "sweeps/bench/naive_chain.hpp"

namespace mattis::bench {

/// H = sum_mu F(M_mu) as polynomials in x = M/N:
///
///     dE_i = s_i sum_mu xi_i^mu G(x_mu) - sum_mu E(x_mu),   G = F(M-2) - F(M+2) halved,   E = F(M) - [F(M-2) + F(M+2)]/2
///
/// F is that of `dense` in the form of distinct sites: F = -(p!/(2 N^(p-1))) e_p(M).
/// Cost     memory 4 N K bytes.
struct NaivePatterns {
  SiteIndex num_spins = 0;
  std::vector<float> patterns;          ///< xi_i^mu, the K of one site after the other, padded with 0
  std::size_t stride = 0;               ///< numbers per site
  float padding = 0;                    ///< stride - K
  std::vector<float> force, curvature;  ///< coefficients of G and E, in rising powers of x
  NaivePatterns(const DisorderSample& sample, int p);
  static double bytes(double num_spins, double num_patterns) { return 4 * num_spins * num_patterns; }
};

/// Metropolis as NaiveChain: one dot product of K numbers a proposal; a flip moves all M_mu and evaluates G and E anew.
/// Sums are in 16 lanes, compiled for the instruction sets of this machine.
/// Domain   sequential and random order; T >= 0. Sums round as single precision does.
class NaiveMemoryChain {
 public:
  NaiveMemoryChain(std::shared_ptr<const NaivePatterns> patterns, std::span<const Spin> spins,
                   double temperature, Order order, std::uint64_t seed);

  /// N proposals; returns how many were accepted.
  std::int64_t sweep();
  std::span<const Spin> spins() const noexcept { return spins_; }
  /// dE_i by the dot product.
  float cost(SiteIndex i) const noexcept;

 private:
  void follow(SiteIndex i);
  void evaluate_forces();

  std::shared_ptr<const NaivePatterns> patterns_;
  Configuration spins_;
  std::vector<float> overlap_, force_;  // x_mu, G(x_mu)
  float curvatures_ = 0;                // sum_mu E(x_mu)
  float beta_;
  Order order_;
  Xoshiro random_;
};

}  // namespace mattis::bench
