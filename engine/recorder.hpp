// What a running chain leaves behind: averages of its channels, when it lost its memory, how it ended.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/accumulator.hpp"
#include "engine/chain.hpp"
#include "engine/observables.hpp"

namespace mattis {

/// One number of a chain with its thermal error (NaN where there is none) and autocorrelation time in sweeps.
struct Measured {
  std::string observable, component;
  double value, error, tau_int;
};

/// Follows one chain. Call `after_sweep` once per sweep, `measure` when a measurement is due, `finish` at the end.
class ChainRecorder {
 public:
  ChainRecorder(const MeasurementPlan& plan, SiteIndex num_spins);

  void after_sweep(const Snapshot& snapshot, std::int64_t sweeps_done, std::int64_t accepted);
  void measure(const Snapshot& snapshot);
  /// T = 0: what kind of point the chain ended at; a two-cycle (Chain::is_two_cycle) is no fixed point.
  void finish(const FieldCensus& census, bool is_fixed_point, bool is_two_cycle);
  /// Forgets the measurements (a run that goes on from where it had given up), keeps its history.
  void forget_measurements();

  /// Has the retrieval overlap been above the cut after every sweep?
  bool is_retained() const { return first_loss_ < 0; }
  bool is_fixed_point() const { return is_fixed_point_; }
  std::vector<Measured> results() const;

  void save(std::vector<double>& out) const;
  void load(std::span<const double>& in);

 private:
  MeasurementPlan plan_;
  SiteIndex num_spins_;
  std::vector<Channel> channels_;
  std::vector<DerivedObservable> derived_;
  std::vector<std::vector<LogBinning>> averages_;  // per channel, per component
  MomentBins moments_{num_moments};
  std::vector<double> buffer_;
  std::int64_t sweeps_ = 0, accepted_ = 0, first_loss_ = -1;
  FieldCensus census_;
  bool is_fixed_point_ = false, is_two_cycle_ = false;
};

/// Overlaps between replicas of one disorder sample, run side by side: their moments (replica_overlap) and their
/// distribution (overlap_histogram), as far as the plan asks for them.
class ReplicaRecorder {
 public:
  explicit ReplicaRecorder(const MeasurementPlan& plan);

  void measure(std::span<const std::vector<std::uint64_t>> packed_spins, SiteIndex num_spins);
  std::vector<Measured> results() const;
  void save(std::vector<double>& out) const;
  void load(std::span<const double>& in);

 private:
  std::int64_t every_;
  bool has_moments_;
  std::array<LogBinning, 4> moments_;  // q, q^2, q^4, |q|
  std::vector<LogBinning> histogram_;  // densities; empty unless asked for
};

}  // namespace mattis
