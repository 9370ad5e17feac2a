// Asynchronous single-spin-flip dynamics over any system that knows the cost of a flip.
#pragma once

#include <concepts>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/random_stream.hpp"

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

/// Single-flip chain. Randomness of sweep t: number i of purpose `threshold` belongs to the i-th proposal.
template <SpinSystem System>
class SingleFlipChain final : public Chain {
 public:
  SingleFlipChain(System system, const Dynamics& dynamics, const StreamId& stream, std::int64_t sweeps_done)
      : system_(std::move(system)),
        dynamics_(dynamics),
        thresholds_(dynamics.rule, dynamics.temperature, system_.energy_unit()),
        key_(stream_key(stream)),
        sweeps_done_(sweeps_done) {}

  std::int64_t sweep() override {
    const SweepRandomness random(key_, sweeps_done_++);
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

  Snapshot snapshot() const override { return system_.snapshot(); }
  std::int64_t sweeps_done() const override { return sweeps_done_; }

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
  static constexpr std::uint32_t tie_threshold = 0x80000000u;  // probability 1/2

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

  template <class SiteOf>
  std::int64_t propose_all(const SweepRandomness& random, SiteOf site_of) {
    const bool zero_temperature = dynamics_.temperature == 0;
    const bool ties_flip = !zero_temperature || dynamics_.tie == Tie::random;
    std::array<std::uint32_t, 4> numbers{};
    std::int64_t accepted = 0;
    for (SiteIndex k = 0; k < system_.num_spins(); ++k) {
      const auto lane = static_cast<std::uint32_t>(k) % 4;
      if (ties_flip && lane == 0)
        numbers = random.block(SweepRandomness::Purpose::threshold, static_cast<std::uint32_t>(k) / 4);
      const SiteIndex i = site_of(k);
      const auto cost = system_.flip_cost(i);
      const bool accept = cost == 0          ? ties_flip && numbers[lane] < tie_threshold
                          : zero_temperature ? cost < 0
                                             : static_cast<double>(cost) <= thresholds_(numbers[lane]);
      if (!accept) continue;
      system_.flip(i);
      ++accepted;
    }
    return accepted;
  }

  System system_;
  Dynamics dynamics_;
  Thresholds thresholds_;
  std::uint64_t key_;
  std::int64_t sweeps_done_;
  std::vector<SiteIndex> permutation_;
};

}  // namespace mattis
