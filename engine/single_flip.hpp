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

/// Single-flip chain. Randomness of sweep t: number i of purpose `threshold` belongs to the i-th proposal.
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
    const auto start = std::chrono::steady_clock::now();
    const SweepRandomness random(key_, sweeps_done_++);
    const std::int64_t accepted =
        kernel == Kernel::scalar ? sweep_one_by_one(random) : sweep_by(kernel, random);
    choice_.took(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
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
    switch (dynamics_.order) {
      case Order::sequential:
        return propose_all(random, [](SiteIndex k) { return k; });
      case Order::random:
        return propose_all(random, RandomSite{random, system_.num_spins()});
      case Order::permutation:
        draw_permutation(random);
        return propose_all(random, [this](SiteIndex k) { return permutation_[static_cast<std::size_t>(k)]; });
    }
    return 0;
  }

  /// Uniform site floor(r N / 2^64) with r of 64 bits; bias below N / 2^64.
  struct RandomSite {
    const SweepRandomness& random;
    SiteIndex num_spins;
    SiteIndex operator()(SiteIndex k) const noexcept {
      const auto word = static_cast<std::uint32_t>(k);
      const auto block = random.block(SweepRandomness::Purpose::order, word / 2);
      return below(block, word % 2, num_spins);
    }
    static SiteIndex below(const std::array<std::uint32_t, 4>& block, std::size_t half,
                           SiteIndex n) noexcept {
      const std::uint64_t high = std::uint64_t{block[2 * half + 1]} * static_cast<std::uint32_t>(n);
      const std::uint64_t low = std::uint64_t{block[2 * half]} * static_cast<std::uint32_t>(n);
      return static_cast<SiteIndex>((high + (low >> 32)) >> 32);
    }
  };

  void draw_permutation(const SweepRandomness& random) {
    permutation_.resize(static_cast<std::size_t>(system_.num_spins()));
    std::iota(permutation_.begin(), permutation_.end(), SiteIndex{0});
    for (SiteIndex k = system_.num_spins() - 1; k > 0; --k)
      std::swap(permutation_[static_cast<std::size_t>(k)],
                permutation_[static_cast<std::size_t>(RandomSite{random, k + 1}(k))]);
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
    numbers_.resize(simd::padded_numbers(2 * n + 2));
    sites_.resize(n + simd::field_padding);
    simd::draw_numbers(random, SweepRandomness::Purpose::order, 0, (n + 1) / 2, numbers_.data());
    const auto below = [this](std::size_t k, std::uint64_t bound) {
      const std::uint64_t high = numbers_[2 * k + 1] * bound, low = numbers_[2 * k] * bound;
      return static_cast<SiteIndex>((high + (low >> 32)) >> 32);
    };
    if (dynamics_.order == Order::random) {
      for (std::size_t k = 0; k < n; ++k) sites_[k] = below(k, n);
    } else {
      std::iota(sites_.begin(), sites_.begin() + static_cast<std::ptrdiff_t>(n), SiteIndex{0});
      for (std::size_t k = n - 1; k > 0; --k)
        std::swap(sites_[k], sites_[static_cast<std::size_t>(below(k, k + 1))]);
    }
    return sites_.data();
  }

  template <class SiteOf>
  std::int64_t propose_all(const SweepRandomness& random, SiteOf site_of) {
    std::array<std::uint32_t, 4> numbers{};
    std::int64_t accepted = 0;
    for (SiteIndex k = 0; k < system_.num_spins(); ++k) {
      const auto lane = static_cast<std::uint32_t>(k) % 4;
      if (block_thresholds_.draws_numbers() && lane == 0)
        numbers = random.block(SweepRandomness::Purpose::threshold, static_cast<std::uint32_t>(k) / 4);
      const SiteIndex i = site_of(k);
      const auto cost = system_.flip_cost(i);
      if (!block_thresholds_.accepts(cost, numbers[lane])) continue;
      system_.flip(i);
      ++accepted;
    }
    return accepted;
  }

  System system_;
  Dynamics dynamics_;
  simd::BlockThresholds block_thresholds_;
  std::uint64_t key_;
  std::int64_t sweeps_done_, first_sweep_;
  std::vector<Kernel> later_;  // kernels that may pay later
  KernelChoice choice_;
  std::vector<SiteIndex> permutation_, sites_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace mattis
