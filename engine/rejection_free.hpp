// Rejection-free dynamics (n-fold way): single flips in continuous time, no proposal wasted.
#pragma once

#include <array>
#include <concepts>
#include <span>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/flip_rates.hpp"
#include "engine/random_stream.hpp"
#include "engine/single_flip.hpp"

namespace mattis {

/// A system whose kernel `table` tells all its costs at once.
template <class S>
concept TellsAllCosts = SpinSystem<S> &&
    requires(S& system, const S& frozen, const Dynamics& dynamics, std::span<double> costs) {
  { frozen.kernels(dynamics) } -> std::same_as<std::vector<Kernel>>;
  system.all_costs(costs);
};

/// Chain in continuous time, the unit of which is a sweep: every site is tried at rate 1 and flips with the
/// acceptance of the rule, so from configuration s
///
///     site i flips at rate w_i(s) = acceptance(dE_i),   W = sum_i w_i
///     the next flip comes after -(ln u) / W, at site i with probability w_i / W
///
/// This is random order with its N proposals a sweep spread as a Poisson process: no trajectory of it, but the same
/// stationary law exp(-beta H), reversibly. `sweep` goes from time t to t + 1 and returns the number of flips, which
/// may be 0 and may exceed N. At W = 0 (T = 0: a fixed point with ties kept) nothing happens any more.
///
/// Snapshots at t = 1, 2, ... are taken at times that know nothing of the flips, so each has the stationary law and
/// their plain mean is the time average; the durations by which rejection-free averages are weighted belong to
/// snapshots taken flip by flip. A waiting time that reaches beyond t + 1 is thrown away, and a fresh one
/// drawn from there: an exponential law has no memory, so this is the same process. Spins and sweep number are
/// then the whole state, and the chain continues bit for bit from them.
///
/// Cost     all N costs and rates after each flip; faster than proposals where sweeps have few flips.
/// Random   block k of purpose `event` of sweep t belongs to its k-th waiting time (low half) and site (high half).
/// Source   Bortz, Kalos, Lebowitz, J. Comput. Phys. 17, 10 (1975).
template <SpinSystem System>
class RejectionFreeChain final : public Chain {
 public:
  RejectionFreeChain(System system, const Dynamics& dynamics, const StreamId& stream,
                     std::int64_t sweeps_done)
      : system_(std::move(system)),
        rates_(dynamics, system_.energy_unit(), system_.num_spins()),
        costs_(static_cast<std::size_t>(system_.num_spins())),
        key_(stream_key(stream)),
        sweeps_done_(sweeps_done) {
    if constexpr (TellsAllCosts<System>)
      kernel_ = table_or_scalar(system_.kernels(dynamics), dynamics.kernel);
    follow_costs();
  }

  std::int64_t sweep() override {
    const SweepRandomness random(key_, sweeps_done_++);
    double time = 0;
    for (std::uint32_t event = 0;; ++event) {
      if (rates_.total() == 0) return event;
      const auto numbers = random.block(SweepRandomness::Purpose::event, event);
      time += rates_.waiting_time(joined(numbers[0], numbers[1]));
      if (time >= 1) return event;
      system_.flip(rates_.site(joined(numbers[2], numbers[3])));
      follow_costs();
    }
  }

  Snapshot snapshot() const override { return system_.snapshot(); }
  std::int64_t sweeps_done() const override { return sweeps_done_; }
  Kernel kernel() const override { return kernel_; }

  FieldCensus field_census() const override {
    FieldCensus census;
    for (const double cost : costs_) {
      census.unstable += cost < 0;
      census.free += cost == 0;
    }
    return census;
  }

 private:
  static std::uint64_t joined(std::uint32_t low, std::uint32_t high) noexcept {
    return (std::uint64_t{high} << 32) | low;
  }

  void find_costs() {
    if constexpr (TellsAllCosts<System>)
      if (kernel_ == Kernel::table) return system_.all_costs(std::span(costs_));
    for (SiteIndex i = 0; i < system_.num_spins(); ++i)
      costs_[static_cast<std::size_t>(i)] = static_cast<double>(system_.flip_cost(i));
  }

  void follow_costs() {
    find_costs();
    rates_.set_costs(costs_);
  }

  System system_;
  Kernel kernel_ = Kernel::scalar;
  FlipRates rates_;
  std::vector<double> costs_;  // of the current configuration
  std::uint64_t key_;
  std::int64_t sweeps_done_;
};

}  // namespace mattis
