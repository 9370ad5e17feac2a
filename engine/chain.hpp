// A Markov chain as everything above sees it: sweep it, look at it, keep its spins.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "engine/kernel.hpp"
#include "engine/spins.hpp"

namespace mattis {

/// How far one step of synchronous dynamics stays near the configuration it starts from. With the mean of the next
/// spin given this one, e_i = E[s_i(t+1) | s(t)] (tanh(beta h_i) at T > 0):
///
///     one = (1/N) sum_i s_i e_i    two = (1/N) sum_i e_i^2
///
/// Averaged over the stationary law they are <s(t).s(t+1)>/N and <s(t).s(t+2)>/N: the chain is reversible, so its two
/// neighbours in time are independent given s(t+1). two > one betrays chains that swing between two configurations.
struct StepOverlap {
  double one, two;
};

/// What a chain shows of its state at one moment; valid until the next sweep.
struct Snapshot {
  SiteIndex num_spins = 0;
  double energy = 0;                             ///< H, total
  std::span<const std::int32_t> overlap_counts;  ///< M_mu = N m_mu; empty for models without patterns
  std::span<const Spin> spins;
  std::function<StepOverlap()> step_overlap = {};  ///< synchronous chains only; O(N), computed when asked for
};

/// Sites by the sign of their flip cost dE_i: a fixed point of T = 0 dynamics has no unstable site.
struct FieldCensus {
  SiteIndex unstable = 0;  ///< dE_i < 0
  SiteIndex free = 0;      ///< dE_i = 0
};

/// The one interface that plans and sweeps use. A chain is its spins and its sweep number: given both (and its
/// model, dynamics and stream) it continues bit for bit.
class Chain {
 public:
  virtual ~Chain() = default;
  /// N attempted updates, in continuous time N on average; returns how many flips were made.
  virtual std::int64_t sweep() = 0;
  virtual Snapshot snapshot() const = 0;
  virtual FieldCensus field_census() const = 0;
  virtual std::int64_t sweeps_done() const = 0;
  /// The kernel of the last sweep, never `automatic`.
  virtual Kernel kernel() const { return Kernel::scalar; }
  /// T = 0: is the next sweep sure to change the configuration, and the one after it to bring it back? O(2 sweeps).
  virtual bool is_two_cycle() const { return false; }
};

}  // namespace mattis
