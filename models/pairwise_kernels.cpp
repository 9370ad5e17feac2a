#include "models/pairwise_kernels.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/error.hpp"
#include "models/pattern_counts.hpp"
#include "models/pattern_fields.hpp"

namespace mattis {

namespace {

/// Is the table fit for these patterns and dynamics?
bool has_table(const PatternSet& patterns, const Dynamics& dynamics) {
  const bool is_by_block = dynamics.updates != Updates::single || dynamics.order == Order::sequential;
  return is_by_block && !patterns.has_zeros();
}

}  // namespace

std::vector<Kernel> PairwiseKernels::available(const PatternSet& patterns, const Dynamics& dynamics) {
  const double n = patterns.num_spins(), p = patterns.num_patterns();
  if (p > PatternViews::largest_load || 2 * n * p >= simd::ProposalBlock::largest) return {};
  std::vector<Kernel> kernels;
  if (has_table(patterns, dynamics)) kernels.push_back(Kernel::table);
  if (dynamics.updates == Updates::single) kernels.push_back(Kernel::cached);
  return kernels;
}

bool PairwiseKernels::is_worth_a_trial(Kernel kernel, const Dynamics& dynamics, std::int64_t sweeps,
                                       std::int64_t accepted) const {
  const std::int64_t n = views_->patterns().num_spins(), p = views_->patterns().num_patterns();
  if (kernel != Kernel::cached || n <= 64) return true;
  const bool with_table = has_table(views_->patterns(), dynamics);
  const std::int64_t wait = views_->has_jumps() ? 1 : n / 32;
  return sweeps > wait && accepted < (with_table ? 40 + p / 8 : p);
}

std::int64_t PairwiseKernels::sweep(Kernel kernel, std::span<Spin> spins, std::span<std::int32_t> counts,
                                    const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                                    const SweepRandomness& random) {
  flips_.resize(spins.size());
  std::size_t num_flips;
  if (kernel == Kernel::table) {
    MATTIS_CHECK(sites == nullptr);
    num_flips =
        table().sweep(spins.data(), counts.data(), tables_are_current_, thresholds, random, flips_.data());
    tables_are_current_ = true;
    fields_are_current_ = fields_are_current_ && num_flips == 0;
  } else {
    MATTIS_CHECK(kernel == Kernel::cached);
    if (!fields_are_current_) prepare_fields(spins, counts);
    if (!rows_) {
      rows_.emplace(*views_, thresholds.dynamics().kernel == Kernel::cached
                                 ? std::numeric_limits<double>::infinity()
                                 : most_bytes_);
      make_likely_rows(thresholds);
    }
    num_flips = kept_.sweep(*rows_, sites, thresholds, random, flips_.data());
    for (std::size_t f = 0; f < num_flips; ++f)
      spins[static_cast<std::size_t>(flips_[f].site)] = static_cast<Spin>(-flips_[f].before);
    follow_flips(views_->patterns(), {flips_.data(), num_flips}, counts.data());
    tables_are_current_ = tables_are_current_ && num_flips == 0;
    fields_are_current_ = true;
  }
  return static_cast<std::int64_t>(num_flips);
}

void PairwiseKernels::prepare_fields(std::span<const Spin> spins, std::span<const std::int32_t> counts) {
  const PatternSet& patterns = views_->patterns();
  if (!patterns.has_zeros()) {
    const std::span<const std::int32_t> looked_up = fields(spins, counts);
    const std::int32_t parity = patterns.num_patterns() % 2 * (1 - patterns.num_spins() % 2);
    kept_.set(spins, looked_up, parity, patterns.num_patterns());
    return;
  }
  fields_.assign(views_->stride(), 0);
  const std::size_t words = patterns.words_per_site();
  for (std::size_t i = 0; i < spins.size(); ++i) {  // xi = 2 [xi = +1] - [xi != 0]
    const auto site = static_cast<SiteIndex>(i);
    std::int64_t present = 0;
    for (std::size_t w = 0; w < words; ++w) present += std::popcount(patterns.present(site)[w]);
    fields_[i] = static_cast<std::int32_t>(
        2 * pattern_fields::sum_over_bits(patterns.plus(site), counts.data(), words) -
        pattern_fields::sum_over_bits(patterns.present(site), counts.data(), words) - present * spins[i]);
  }
  kept_.set(spins, fields_, -1, 0);
}

simd::JumpRows::Row PairwiseKernels::Rows::row(SiteIndex i) {
  const auto site = static_cast<std::size_t>(i);
  const Row kept = views_.jumps(site, most_bytes_, own_.data());
  if (kept.bytes != nullptr || kept.shorts != nullptr) return kept;
  views_.write_jumps(site, own_.data());
  return {nullptr, own_.data()};
}

/// Those of the sites that flip at least once in some 4000 sweeps if their fields stay, N/16 at most: as much work as the
/// sweeps before (is_worth_a_trial).
void PairwiseKernels::make_likely_rows(const simd::BlockThresholds& thresholds) {
  const double bound = 8.3 * static_cast<double>(thresholds.scale());
  std::vector<std::pair<std::int32_t, std::size_t>> costs;
  for (std::size_t i = 0; i < flips_.size(); ++i) {
    const std::int32_t cost = kept_.cost(i);
    if (cost <= bound) costs.push_back({cost, i});
  }
  std::sort(costs.begin(), costs.end());
  costs.resize(std::min(costs.size(), flips_.size() / 16 + 1));
  for (const auto& [cost, i] : costs) rows_->row(static_cast<SiteIndex>(i));
}

void PairwiseKernels::flip(std::span<const SiteIndex> sites, std::span<Spin> spins,
                           std::span<std::int32_t> counts) {
  flips_.clear();
  for (const SiteIndex i : sites) {
    Spin& spin = spins[static_cast<std::size_t>(i)];
    flips_.push_back({i, spin});
    spin = static_cast<Spin>(-spin);
  }
  follow_flips(views_->patterns(), flips_, counts.data());
  forget();
}

std::span<const std::int32_t> PairwiseKernels::fields(std::span<const Spin> spins,
                                                      std::span<const std::int32_t> counts) {
  fields_.resize(views_->stride());
  table().fields(spins.data(), counts.data(), fields_.data());
  tables_are_current_ = true;
  return fields_;
}

}  // namespace mattis
