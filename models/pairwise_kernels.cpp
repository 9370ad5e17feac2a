#include "models/pairwise_kernels.hpp"

#include "engine/error.hpp"
#include "models/pattern_counts.hpp"

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
  if (dynamics.updates == Updates::single &&
      (cached_bytes(n) <= most_cached_bytes || dynamics.kernel == Kernel::cached))
    kernels.push_back(Kernel::cached);
  return kernels;
}

bool PairwiseKernels::is_worth_a_trial(Kernel kernel, const Dynamics& dynamics, std::int64_t sweeps,
                                       std::int64_t accepted) const {
  const std::int64_t n = views_->patterns().num_spins(), p = views_->patterns().num_patterns();
  if (kernel != Kernel::cached || n <= 64) return true;
  const bool with_table = has_table(views_->patterns(), dynamics);
  const std::int64_t wait = views_->has_jumps() ? 1 : with_table ? n / 8 : n / 32;
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
    const PatternViews::Jumps jumps = views_->jumps();
    const auto sweep_with = [&]<class Jump>(const Jump* rows) {
      const simd::CachedFields<Jump> system{
          fields_.data(), signs_.data(),    static_cast<SiteIndex>(spins.size()),
          rows,           views_->stride(), jumps.offset};
      return simd::cached_sweep(system, sites, thresholds, random, flips_.data());
    };
    num_flips = jumps.bytes != nullptr ? sweep_with(jumps.bytes) : sweep_with(jumps.shorts);
    for (std::size_t f = 0; f < num_flips; ++f)
      spins[static_cast<std::size_t>(flips_[f].site)] = static_cast<Spin>(-flips_[f].before);
    follow_flips(views_->patterns(), {flips_.data(), num_flips}, counts.data());
    tables_are_current_ = tables_are_current_ && num_flips == 0;
    fields_are_current_ = true;
  }
  return static_cast<std::int64_t>(num_flips);
}

void PairwiseKernels::prepare_fields(std::span<const Spin> spins, std::span<const std::int32_t> counts) {
  fields_.assign(views_->stride(), 0);
  signs_.assign(views_->stride(), 0);
  for (std::size_t i = 0; i < spins.size(); ++i) signs_[i] = spins[i] >> 7;
  if (!views_->patterns().has_zeros()) {
    table().fields(spins.data(), counts.data(), fields_.data());
    tables_are_current_ = true;
    return;
  }
  const std::int16_t* jumps = views_->jumps().shorts;  // of patterns with entries 0
  for (std::size_t i = 0; i < spins.size(); ++i) {
    const std::int16_t* row = jumps + i * views_->stride();
    std::int32_t twice = 0;
    for (std::size_t j = 0; j < spins.size(); ++j) twice += row[j] * spins[j];
    fields_[i] = twice / 2;
  }
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
  fields_are_current_ = false;  // signs_ are not theirs
  return fields_;
}

}  // namespace mattis
