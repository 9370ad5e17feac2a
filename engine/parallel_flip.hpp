// Synchronous (Little) dynamics: all spins choose at once, from the fields of one configuration.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/error.hpp"
#include "engine/random_stream.hpp"
#include "engine/simd/thresholds.hpp"
#include "engine/single_flip.hpp"

namespace mattis {

/// A system that finds all costs at once, and makes many flips at once, by its kernel `table`.
template <class S>
concept TellsAllFields = SpinSystem<S> &&
    requires(S& system, const S& frozen, const Dynamics& dynamics, std::span<std::int64_t> costs,
             std::span<const SiteIndex> sites) {
  { frozen.kernels(dynamics) } -> std::same_as<std::vector<Kernel>>;
  system.all_costs(costs);
  system.flip_all(sites);
};

/// Chain whose sweep is one parallel step,
///
///     P(s'|s) = prod_i exp(beta s'_i h_i(s)) / 2 cosh(beta h_i(s)),   s_i h_i = dE_i / 2;   T = 0: s'_i = sign h_i
///
/// Ties (h_i = 0) flip with probability 1/2, at T = 0 as `Dynamics::tie` says. For pairwise energies,
/// h_i = sum_j J_ij s_j + theta_i with symmetric J, it is reversible with respect to
///
///     P(s) ~ exp(beta sum_i theta_i s_i) prod_i 2 cosh(beta h_i(s))
///
/// which is not exp(-beta H). At T = 0 with ties kept it ends in a fixed point or in a cycle of length two.
///
/// Cost     N flip costs and the flips that are made, per sweep: a product of bit matrix and counts for `table`. Costs are kept from step to step; they are
///          functions of the spins, so the chain continues bit for bit from spins and sweep number.
/// Random   number i of purpose `threshold` of sweep t belongs to site i.
/// Source   Little, Math. Biosci. 19, 101 (1974); Peretto, Biol. Cybern. 50, 51 (1984).
template <SpinSystem System>
class ParallelFlipChain final : public Chain {
 public:
  ParallelFlipChain(System system, const Dynamics& dynamics, const StreamId& stream, std::int64_t sweeps_done)
      : system_(std::move(system)),
        dynamics_(dynamics),
        law_(dynamics, system_.energy_unit()),
        key_(stream_key(stream)),
        sweeps_done_(sweeps_done),
        costs_(static_cast<std::size_t>(system_.num_spins())) {
    MATTIS_CHECK(dynamics.rule == Rule::glauber);
    if constexpr (TellsAllFields<System>)
      kernel_ = table_or_scalar(system_.kernels(dynamics), dynamics.kernel);
    compute_costs();
  }

  std::int64_t sweep() override {
    const SweepRandomness random(key_, sweeps_done_++);
    ProposalNumbers number(random);
    chosen_.clear();
    for (SiteIndex i = 0; i < system_.num_spins(); ++i) {
      const std::uint32_t drawn = law_.draws_numbers() ? number(static_cast<std::uint32_t>(i)) : 0;
      if (law_.accepts(cost(i), drawn)) chosen_.push_back(i);
    }
    flip_chosen();
    compute_costs();
    return static_cast<std::int64_t>(chosen_.size());
  }

  Snapshot snapshot() const override {
    Snapshot shown = system_.snapshot();
    shown.step_overlap = [this] { return step_overlap(); };
    return shown;
  }

  std::int64_t sweeps_done() const override { return sweeps_done_; }
  Kernel kernel() const override { return kernel_; }

  FieldCensus field_census() const override {
    FieldCensus census;
    for (const Cost c : costs_) {
      census.unstable += c < 0;
      census.free += c == 0;
    }
    return census;
  }

  /// The unstable sites flip and are unstable again, and no other: the second step undoes the first.
  bool is_two_cycle() const override {
    const FieldCensus census = field_census();
    if (dynamics_.temperature != 0 || census.unstable == 0) return false;
    if (dynamics_.tie == Tie::random && census.free > 0) return false;
    System next = system_;
    for (SiteIndex i = 0; i < next.num_spins(); ++i)
      if (cost(i) < 0) next.flip(i);
    for (SiteIndex i = 0; i < next.num_spins(); ++i) {
      const Cost c = next.flip_cost(i);
      if ((c < 0) != (cost(i) < 0) || (c == 0 && dynamics_.tie == Tie::random)) return false;
    }
    return true;
  }

 private:
  using Cost = std::decay_t<decltype(std::declval<const System&>().flip_cost(SiteIndex{}))>;

  Cost cost(SiteIndex i) const noexcept { return costs_[static_cast<std::size_t>(i)]; }
  void flip_chosen() {
    if constexpr (TellsAllFields<System>)
      if (kernel_ == Kernel::table) return system_.flip_all(chosen_);
    for (const SiteIndex i : chosen_) system_.flip(i);
  }

  void compute_costs() {
    if constexpr (TellsAllFields<System>)
      if (kernel_ == Kernel::table) return system_.all_costs(std::span(costs_));
    for (SiteIndex i = 0; i < system_.num_spins(); ++i)
      costs_[static_cast<std::size_t>(i)] = system_.flip_cost(i);
  }

  /// s_i E[s_i(t+1) | s(t)]: tanh(beta s_i h_i), at T = 0 its sign, and 1 where a tie keeps its spin.
  double persistence(Cost c) const noexcept {
    if (dynamics_.temperature > 0)
      return std::tanh(static_cast<double>(c) * system_.energy_unit() / (2 * dynamics_.temperature));
    return c > 0 ? 1 : c < 0 ? -1 : dynamics_.tie == Tie::keep ? 1 : 0;
  }

  StepOverlap step_overlap() const {
    StepOverlap sum{0, 0};
    for (const Cost c : costs_) {
      const double e = persistence(c);
      sum.one += e;
      sum.two += e * e;
    }
    return {sum.one / system_.num_spins(), sum.two / system_.num_spins()};
  }

  System system_;
  Dynamics dynamics_;
  simd::BlockThresholds law_;
  std::uint64_t key_;
  std::int64_t sweeps_done_;
  Kernel kernel_ = Kernel::scalar;
  std::vector<Cost> costs_;        // of the current configuration
  std::vector<SiteIndex> chosen_;  // sites that flip in this step
};

}  // namespace mattis
