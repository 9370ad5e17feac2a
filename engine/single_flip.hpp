// Asynchronous single-spin-flip dynamics over any system that knows the cost of a flip.
#pragma once

#include <chrono>
#include <concepts>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/error.hpp"
#include "engine/kernel_choice.hpp"
#include "engine/random_stream.hpp"
#include "engine/simd/cached_sweep.hpp"
#include "engine/simd/numbers.hpp"
#include "engine/simd/thresholds.hpp"

namespace mattis {

/// Spins with their caches. `flip_cost` is [H(s with s_i -> -s_i) - H(s)] / energy_unit(): an integer where the
/// model allows it, so that cost and threshold are compared exactly.
template <class S>
concept SpinSystem = requires(S& system, const S& frozen, SiteIndex i) {
  { frozen.num_spins() } -> std::same_as<SiteIndex>;
  { frozen.energy_unit() } -> std::same_as<double>;
  frozen.flip_cost(i);
  system.flip(i);
  { frozen.snapshot() } -> std::same_as<Snapshot>;
};

/// A system that also knows faster ways to do a whole sweep: the same proposals, decided in the same order by the same
/// numbers. `sites` lists the sites to visit (N, padded with zeros to whole `field_padding`), null: 0 ... N-1.
/// `flip` after such a sweep, and such a sweep after `flip`, are allowed in any mixture.
/// `is_worth_a_trial(kernel, dynamics, sweeps, accepted)`: may it pay to set this kernel up for a chain that has done so many sweeps
/// (0: none yet) and accepted so many flips in the last?
template <class S>
concept HasKernels = SpinSystem<S> &&
    requires(S& system, const S& frozen, const Dynamics& dynamics, Kernel kernel, const SiteIndex* sites,
             const simd::BlockThresholds& thresholds, const SweepRandomness& random) {
  { frozen.kernels(dynamics) } -> std::same_as<std::vector<Kernel>>;
  { frozen.is_worth_a_trial(kernel, dynamics, std::int64_t{}, std::int64_t{}) } -> std::same_as<bool>;
  { system.sweep(kernel, sites, thresholds, random) } -> std::same_as<std::int64_t>;
};

/// Single-flip chain. Randomness of sweep t: the i-th of its `ProposalNumbers` belongs to the i-th proposal.
template <SpinSystem System>
class SingleFlipChain final : public Chain {
 public:
  SingleFlipChain(System system, const Dynamics& dynamics, const StreamId& stream, std::int64_t sweeps_done)
      : system_(std::move(system)),
        dynamics_(dynamics),
        block_thresholds_(dynamics, system_.energy_unit()),
        key_(stream_key(stream)),
        sweeps_done_(sweeps_done),
        first_sweep_(sweeps_done),
        choice_(first_candidates()) {}

  std::int64_t sweep() override {
    const Kernel kernel = choice_.next(sweeps_done_ - first_sweep_);
    using Clock = std::chrono::steady_clock;
    const bool is_timed = choice_.wants_time();
    const auto start = is_timed ? Clock::now() : Clock::time_point();
    const SweepRandomness random(key_, sweeps_done_++);
    const std::int64_t accepted =
        kernel == Kernel::scalar ? sweep_one_by_one(random) : sweep_by(kernel, random);
    if (is_timed) choice_.took(std::chrono::duration<double>(Clock::now() - start).count());
    try_more_kernels(accepted);
    return accepted;
  }

  Snapshot snapshot() const override { return system_.snapshot(); }
  std::int64_t sweeps_done() const override { return sweeps_done_; }
  Kernel kernel() const override { return choice_.current(); }

  FieldCensus field_census() const override {
    FieldCensus census;
    for (SiteIndex i = 0; i < system_.num_spins(); ++i) {
      const auto cost = system_.flip_cost(i);
      census.unstable += cost < 0;
      census.free += cost == 0;
    }
    return census;
  }

 private:
  static constexpr SiteIndex largest_for_scalar = 128;  // beyond it, full vectors always win

  std::int64_t sweep_one_by_one(const SweepRandomness& random) {
    const SiteIndex* sites = listed_sites(random);
    ProposalNumbers number(random);
    std::int64_t accepted = 0;
    for (SiteIndex k = 0; k < system_.num_spins(); ++k) {
      const SiteIndex i = sites != nullptr ? sites[k] : k;
      const auto cost = system_.flip_cost(i);
      const bool draws = block_thresholds_.draws_numbers();
      if (!block_thresholds_.accepts(cost, draws ? number(static_cast<std::uint32_t>(k)) : 0)) continue;
      system_.flip(i);
      ++accepted;
    }
    return accepted;
  }

  /// The kernel asked for; else those that pay at once, and the reference where it may win or is all there is.
  std::vector<Kernel> first_candidates() {
    if (dynamics_.kernel == Kernel::scalar) return {Kernel::scalar};
    std::vector<Kernel> candidates;
    if constexpr (HasKernels<System>)
      for (const Kernel kernel : system_.kernels(dynamics_)) {
        if (kernel == dynamics_.kernel) return {kernel};
        (system_.is_worth_a_trial(kernel, dynamics_, 0, 0) ? candidates : later_).push_back(kernel);
      }
    MATTIS_CHECK(dynamics_.kernel == Kernel::automatic);
    if (candidates.empty() || system_.num_spins() <= largest_for_scalar) candidates.push_back(Kernel::scalar);
    return candidates;
  }

  void try_more_kernels(std::int64_t accepted) {
    if constexpr (HasKernels<System>)
      if (!later_.empty() &&
          system_.is_worth_a_trial(later_.back(), dynamics_, sweeps_done_ - first_sweep_, accepted)) {
        choice_.add(later_.back());
        later_.pop_back();
      }
  }

  std::int64_t sweep_by(Kernel kernel, const SweepRandomness& random) {
    if constexpr (HasKernels<System>)
      return system_.sweep(kernel, listed_sites(random), block_thresholds_, random);
    else
      return sweep_one_by_one(random);
  }

  /// The sites of this sweep in their order, or null where that is 0 ... N-1.
  const SiteIndex* listed_sites(const SweepRandomness& random) {
    if (dynamics_.order == Order::sequential) return nullptr;
    const auto n = static_cast<std::size_t>(system_.num_spins());
    sites_.resize(n + simd::field_padding);
    if (dynamics_.order == Order::random) {
      simd::draw_sites(random, n, sites_.data());
      return sites_.data();
    }
    numbers_.resize(simd::padded_numbers(n));
    simd::draw_numbers(random, SweepRandomness::Purpose::order, 0, (n + 3) / 4, numbers_.data());
    std::iota(sites_.begin(), sites_.begin() + static_cast<std::ptrdiff_t>(n), SiteIndex{0});
    for (std::size_t k = n - 1; k > 0; --k)
      std::swap(
          sites_[k],
          sites_[static_cast<std::size_t>(simd::site_below(numbers_[k], static_cast<std::uint32_t>(k + 1)))]);
    return sites_.data();
  }

  System system_;
  Dynamics dynamics_;
  simd::BlockThresholds block_thresholds_;
  std::uint64_t key_;
  std::int64_t sweeps_done_, first_sweep_;
  std::vector<Kernel> later_;  // kernels that may pay later
  KernelChoice choice_;
  std::vector<SiteIndex> sites_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace mattis
