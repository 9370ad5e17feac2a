// The kernels of pairwise patterns behind one door: which there are, their caches, and what a flip does to the counts.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/dynamics.hpp"
#include "models/pattern_views.hpp"
#include "models/table_sweep.hpp"

namespace mattis {

/// Caches of one chain. A copy starts with none: caches follow from spins and counts.
class PairwiseKernels {
 public:
  explicit PairwiseKernels(std::shared_ptr<const PatternViews> views) : views_(std::move(views)) {}
  PairwiseKernels(const PairwiseKernels& other) : views_(other.views_) {}
  PairwiseKernels& operator=(const PairwiseKernels&) = delete;

  /// Beside `scalar`; the table first.
  static std::vector<Kernel> available(const PatternSet& patterns, const Dynamics& dynamics);

  /// The table at once. `cached` needs the patterns multiplied, N^2 P / 2 bit operations: where no chain of the sample has
  /// done so, after N/8 sweeps by table (N/32 where there is none); and only while few flips are made, fewer than 40 + P/8 a
  /// sweep (P): then a row of couplings for each costs less than fields from the patterns for all.
  bool is_worth_a_trial(Kernel kernel, const Dynamics& dynamics, std::int64_t sweeps,
                        std::int64_t accepted) const;

  /// Bytes that `cached` adds to a disorder sample; twice that where sites are correlated strongly (pattern_views.hpp).
  static double cached_bytes(double num_spins) { return num_spins * num_spins; }
  /// More than that (N > 8944) is built only when `cached` is asked for by name: N = 10^4, P = 10^3 stays below 100 MB.
  static constexpr double most_cached_bytes = 80e6;

  /// Bytes that kernels add to a disorder sample, `cached` included where it is tried, and to a chain.
  static double sample_bytes(double num_spins, double num_patterns) {
    const double cached = cached_bytes(num_spins) <= most_cached_bytes ? cached_bytes(num_spins) : 0;
    return num_spins * (num_patterns / 8 + PatternViews::block_sites) + cached;
  }
  static double chain_bytes(double num_spins, double num_patterns) {
    return 12 * num_spins + TableSweep::chain_bytes(num_spins, num_patterns);
  }

  /// One sweep: spins and counts as after N proposals in turn; `sites` lists them, null: in their order.
  std::int64_t sweep(Kernel kernel, std::span<Spin> spins, std::span<std::int32_t> counts,
                     const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                     const SweepRandomness& random);

  /// These sites flip, each once.
  void flip(std::span<const SiteIndex> sites, std::span<Spin> spins, std::span<std::int32_t> counts);

  /// f_i of all sites by look-up; valid until the next call of anything here.
  std::span<const std::int32_t> fields(std::span<const Spin> spins, std::span<const std::int32_t> counts);

  /// Spins have changed by other means.
  void forget() noexcept { fields_are_current_ = tables_are_current_ = false; }

 private:
  void prepare_fields(std::span<const Spin> spins, std::span<const std::int32_t> counts);
  TableSweep& table() {
    if (!table_) table_.emplace(*views_);
    return *table_;
  }

  std::shared_ptr<const PatternViews> views_;
  std::optional<TableSweep> table_;
  std::vector<std::int32_t> fields_, signs_;
  std::vector<simd::Flip> flips_;
  bool fields_are_current_ = false, tables_are_current_ = false;
};

}  // namespace mattis
