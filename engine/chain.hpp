// A Markov chain as everything above sees it: sweep it, look at it, keep its spins.
#pragma once

#include <cstdint>
#include <span>

#include "engine/spins.hpp"

namespace mattis {

/// What a chain shows of its state at one moment; valid until the next sweep.
struct Snapshot {
  SiteIndex num_spins = 0;
  double energy = 0;                             ///< H, total
  std::span<const std::int32_t> overlap_counts;  ///< M_mu = N m_mu; empty for models without patterns
  std::span<const Spin> spins;
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
  /// N attempted updates; returns how many were accepted.
  virtual std::int64_t sweep() = 0;
  virtual Snapshot snapshot() const = 0;
  virtual FieldCensus field_census() const = 0;
  virtual std::int64_t sweeps_done() const = 0;
};

}  // namespace mattis
