// The kernels of pairwise patterns behind one door: which there are, their caches, and what a flip does to the counts.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/dynamics.hpp"
#include "models/kept_fields.hpp"
#include "models/pattern_views.hpp"
#include "models/table_sweep.hpp"

namespace mattis {

/// Caches of one chain. A copy starts with none: caches follow from spins and counts.
class PairwiseKernels {
 public:
  /// Rows of couplings that a process keeps for all samples unless `cached` is asked for by name, which keeps all: N = 10^4, P = 10^3
  /// stays below 100 MB.
  static constexpr double most_row_bytes = 64e6;

  explicit PairwiseKernels(std::shared_ptr<const PatternViews> views, double most_bytes = most_row_bytes)
      : views_(std::move(views)), most_bytes_(most_bytes) {}
  PairwiseKernels(const PairwiseKernels& other) : PairwiseKernels(other.views_, other.most_bytes_) {}
  PairwiseKernels& operator=(const PairwiseKernels&) = delete;

  /// Beside `scalar`; the table first.
  static std::vector<Kernel> available(const PatternSet& patterns, const Dynamics& dynamics);

  /// The table at once. `cached` makes a row of couplings for each site that flips, N P / 8 bit operations at its first flip:
  /// tried after N/32 sweeps, at once where another chain of the sample has rows, and only while few flips are made, fewer than
  /// 40 + P/8 a sweep (P where there is no table): then these rows cost less than fields from the patterns for all.
  bool is_worth_a_trial(Kernel kernel, const Dynamics& dynamics, std::int64_t sweeps,
                        std::int64_t accepted) const;

  /// Bytes that kernels add to a disorder sample, at most, and to a chain.
  static double sample_bytes(double num_spins, double num_patterns) {
    return num_spins * (num_patterns / 8 + PatternViews::block_sites) +
           std::min(2 * num_spins * num_spins, most_row_bytes);
  }
  static double chain_bytes(double num_spins, double num_patterns) {
    return 20 * num_spins + TableSweep::chain_bytes(num_spins, num_patterns);
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
  /// Rows of couplings from the sample, or where there is no room left for one, in memory of the chain.
  class Rows final : public simd::JumpRows {
   public:
    Rows(const PatternViews& views, double most_bytes)
        : views_(views), most_bytes_(most_bytes), own_(views.stride()) {
      views.reserve_jumps(most_bytes);
    }
    Row row(SiteIndex i) override;
    std::int32_t offset() const override { return views_.jump_offset(); }

   private:
    const PatternViews& views_;
    double most_bytes_;
    std::vector<std::int16_t> own_;
  };

  void prepare_fields(std::span<const Spin> spins, std::span<const std::int32_t> counts);
  void make_likely_rows(const simd::BlockThresholds& thresholds);
  TableSweep& table() {
    if (!table_) table_.emplace(*views_);
    return *table_;
  }

  std::shared_ptr<const PatternViews> views_;
  double most_bytes_;
  std::optional<TableSweep> table_;
  std::optional<Rows> rows_;
  KeptFields kept_;
  std::vector<std::int32_t> fields_;
  std::vector<simd::Flip> flips_;
  bool fields_are_current_ = false, tables_are_current_ = false;
};

}  // namespace mattis
