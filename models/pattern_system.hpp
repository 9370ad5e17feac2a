// The pattern machine: H = sum_mu F(M_mu) with integer counts M_mu = sum_i xi_i^mu s_i. A model states its F.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/kept_costs.hpp"
#include "models/force_changes.hpp"
#include "models/narrow_forces.hpp"
#include "models/pairwise_kernels.hpp"
#include "models/pattern_fields.hpp"
#include "models/pattern_set.hpp"

namespace mattis {

/// F by the two integers a flip needs. With the quantum `unit` of energy,
///
///     [H(s with s_i -> -s_i) - H(s)] / unit = s_i sum_mu xi_i^mu G(M_mu) - sum_mu (xi_i^mu)^2 E(M_mu)
///     G(M) = [F(M-2) - F(M+2)] / (2 unit)          (half the force of pattern mu)
///     E(M) = [2 F(M) - F(M-2) - F(M+2)] / (2 unit) (its curvature)
///
/// `pairwise` is true where G(M) = M and E = 1: then the counts themselves are the forces.
template <class E>
concept TellsForces = requires(const E& e, std::int32_t count) {
  { e.force(count) } -> std::same_as<typename E::Force>;
  { e.curvature(count) } -> std::same_as<typename E::Force>;
};

/// Sums over all patterns of G and E. 64-bit numbers are summed in 128 bits.
template <class Force>
struct ForceSums {
  pattern_fields::Sum<Force> forces, curvatures;
};

/// Or all patterns at once: writes G and E (which may be empty: only its sum is wanted then), where G and E may be in a unit
/// that follows the state; `cost` brings a sum of them to `unit`.
template <class E>
concept TellsAllForces = requires(E& e, const E& frozen, std::span<const std::int32_t> counts,
                                  std::span<typename E::Force> values,
                                  pattern_fields::Sum<typename E::Force> sum) {
  { e.follow(counts, values, values) } -> std::same_as<ForceSums<typename E::Force>>;
  frozen.cost(sum);
};

/// G and E as functions of M alone, which may fit 16 bits.
template <class E>
concept HasNarrowLaw = requires(const E& e) {
  { e.narrow_law() } -> std::same_as<std::shared_ptr<const NarrowLaw>>;
};

template <class E>
concept PatternEnergy = (TellsForces<E> || TellsAllForces<E>)&&requires(const E& e,
                                                                        std::span<const std::int32_t> counts,
                                                                        std::int64_t n) {
  typename E::Force;
  { E::pairwise } -> std::convertible_to<bool>;
  { e.unit() } -> std::same_as<double>;
  { e.total(counts, n) } -> std::same_as<double>;  // H, from all counts and the number n of non-zero entries
};

/// The cost of a flip: the exact sum, or what `cost` makes of it.
template <class E>
struct CostOfEnergy {
  using type = pattern_fields::Sum<typename E::Force>;
};
template <TellsAllForces E>
struct CostOfEnergy<E> {
  using type = decltype(std::declval<const E&>().cost(pattern_fields::Sum<typename E::Force>{}));
};
template <class E>
using CostOf = typename CostOfEnergy<E>::type;

/// Spins with their counts M_mu, exact at all times. Cost of `flip_cost`: O(P) bit operations; of `flip`: O(P).
/// Memory beside the shared patterns: N bytes and 4 P (pairwise), 8 P or 12 P (forces of 32 or 64 bits) and 4 P more (in 16
/// bits; 6 P for their changes), or with entries 0 up to 20 P bytes.
template <PatternEnergy Energy>
class PatternSystem {
 public:
  using Force = typename Energy::Force;
  using Sum = pattern_fields::Sum<Force>;
  using Cost = CostOf<Energy>;

  PatternSystem(std::shared_ptr<const PatternSet> patterns, Energy energy, Configuration spins)
      : PatternSystem(std::make_shared<const PatternViews>(std::move(patterns)), energy, std::move(spins)) {}

  /// With views of the patterns that many chains share.
  PatternSystem(std::shared_ptr<const PatternViews> views, Energy energy, Configuration spins)
      : patterns_(views->shared_patterns()),
        energy_(std::move(energy)),
        spins_(std::move(spins)),
        views_(views),
        kernels_(std::move(views)) {
    const std::size_t padded = patterns_->words_per_site() * pattern_fields::word_bits;
    counts_.assign(padded, 0);
    for (SiteIndex i = 0; i < num_spins(); ++i) add_site(i, spin(i));
    if constexpr (Energy::pairwise) refresh();
  }

  SiteIndex num_spins() const noexcept { return patterns_->num_spins(); }
  double energy_unit() const noexcept { return energy_.unit(); }

  Cost flip_cost(SiteIndex i) const {
    if (is_stale_) refresh();
    const Sum plus = pattern_fields::sum_over_bits(patterns_->plus(i), force_data(), words());
    const Sum aligned = plus + plus - force_sum(i);
    const Sum cost = (spin(i) > 0 ? aligned : -aligned) - curvature_sum(i);
    if constexpr (TellsAllForces<Energy>)
      return energy_.cost(cost);
    else
      return cost;
  }

  void flip(SiteIndex i) {
    catch_up();
    turn(i);
    kernels_.forget();
    kept_.forget();
    if (narrow_) narrow_->forget();
  }

  /// The costs of all flips by table look-up, for pairwise energies where `kernels` has the table.
  template <class Number>
  void all_costs(std::span<Number> costs) requires Energy::pairwise {
    const std::span<const std::int32_t> fields = kernels_.fields(spins_, counts_);
    for (std::size_t i = 0; i < spins_.size(); ++i) costs[i] = spins_[i] * fields[i];
  }

  void flip_all(std::span<const SiteIndex> sites) requires Energy::pairwise {
    kernels_.flip(sites, spins_, counts_);
    refresh();
  }

  std::vector<Kernel> kernels(const Dynamics& dynamics) const { return available(*patterns_, dynamics); }

  /// Beside `scalar`. Where costs are no pairwise sums, they are kept until a flip.
  static std::vector<Kernel> available(const PatternSet& patterns, const Dynamics& dynamics) {
    if constexpr (Energy::pairwise) return PairwiseKernels::available(patterns, dynamics);
    return dynamics.updates == Updates::single ? std::vector{Kernel::cached} : std::vector<Kernel>{};
  }

  /// Kept costs are forgotten at each flip, N of them, beside the P counts that it changes: not if flips are many and N is large.
  bool is_worth_a_trial(Kernel kernel, const Dynamics& dynamics, std::int64_t sweeps,
                        std::int64_t accepted) const {
    if constexpr (Energy::pairwise) return kernels_.is_worth_a_trial(kernel, dynamics, sweeps, accepted);
    return fits_narrow_forces() || num_spins() <= 16 * std::int64_t{patterns_->num_patterns()} ||
           (sweeps > 0 && accepted < 4);
  }

  std::int64_t sweep(Kernel kernel, const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                     const SweepRandomness& random) {
    if constexpr (!Energy::pairwise) return sweep_by_kept_costs(sites, thresholds, random);
    const std::int64_t accepted = kernels_.sweep(kernel, spins_, counts_, sites, thresholds, random);
    if (accepted > 0) refresh();
    return accepted;
  }

  Snapshot snapshot() const {
    catch_up();
    if constexpr (!Energy::pairwise && !HasNarrowLaw<Energy>)
      if (is_stale_) refresh();  // `total` may need what `follow` has seen
    const std::span<const std::int32_t> counts(counts_.data(),
                                               static_cast<std::size_t>(patterns_->num_patterns()));
    return {num_spins(), energy_.total(counts, patterns_->num_nonzero()), counts, spins_};
  }

 private:
  int spin(SiteIndex i) const noexcept { return spins_[static_cast<std::size_t>(i)]; }
  std::size_t words() const noexcept { return patterns_->words_per_site(); }

  const Force* force_data() const noexcept {
    if constexpr (Energy::pairwise)
      return counts_.data();
    else
      return forces_.data();
  }

  /// sum over the patterns present at site i; without entries 0 that is all of them.
  Sum force_sum(SiteIndex i) const noexcept {
    if (!patterns_->has_zeros()) return all_forces_;
    return pattern_fields::sum_over_bits(patterns_->present(i), force_data(), words());
  }
  Sum curvature_sum(SiteIndex i) const noexcept {
    if (!patterns_->has_zeros()) return all_curvatures_;
    if constexpr (Energy::pairwise) {
      std::int64_t present = 0;
      for (std::size_t w = 0; w < words(); ++w) present += std::popcount(patterns_->present(i)[w]);
      return present;
    } else {
      return pattern_fields::sum_over_bits(patterns_->present(i), curvatures_.data(), words());
    }
  }

  void turn(SiteIndex i) {
    spins_[static_cast<std::size_t>(i)] = static_cast<Spin>(-spin(i));
    add_site(i, 2 * spin(i));
    if constexpr (Energy::pairwise)
      refresh();
    else
      is_stale_ = true;
  }

  /// Costs one by one, by sums of full forces.
  struct FullCosts {
    PatternSystem& system;
    SiteIndex num_spins() const noexcept { return system.num_spins(); }
    void flip_costs(std::span<const SiteIndex> sites, Cost* costs) const {
      for (const SiteIndex i : sites) *costs++ = system.flip_cost(i);
    }
    void flip(SiteIndex i) { system.turn(i); }
  };

  /// Several at once, by sums of forces in 16 bits.
  struct NarrowCosts {
    PatternSystem& system;
    NarrowForces& forces;
    SiteIndex num_spins() const noexcept { return system.num_spins(); }
    void flip_costs(std::span<const SiteIndex> sites, Cost* costs) const {
      std::array<std::int64_t, 8> plus;
      forces.sum_over_plus(sites, plus.data());
      for (std::size_t k = 0; k < sites.size(); ++k)
        costs[k] = Cost{system.spin(sites[k])} * (2 * plus[k] - forces.force_sum()) - forces.curvature_sum();
    }
    void flip(SiteIndex i) {
      forces.flip(i, system.spin(i));
      turn(i);
    }
    std::size_t costs_of_a_change() const noexcept { return system.costs_of_a_change_; }
    /// The cost of i itself turns around.
    void flip(SiteIndex i, std::span<Cost> costs,
              std::span<float> rounded) requires std::same_as<Cost, std::int64_t> {
      const auto k = static_cast<std::size_t>(i);
      const Cost cost = costs[k];
      const std::int64_t all_forces = forces.force_sum(), all_curvatures = forces.curvature_sum();
      const auto changes = system.force_changes().flip(forces, i, system.spin(i));
      change_costs(system.spins_, changes, forces.force_sum() - all_forces,
                   forces.curvature_sum() - all_curvatures, costs.data(), rounded.data());
      turn(i);
      costs[k] = -cost;
      rounded[k] = static_cast<float>(-cost);
    }

   private:
    void turn(SiteIndex i) {
      Spin& spin = system.spins_[static_cast<std::size_t>(i)];
      spin = static_cast<Spin>(-spin);
    }
  };

  std::int64_t sweep_by_kept_costs(const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                                   const SweepRandomness& random) {
    if constexpr (HasNarrowLaw<Energy>)
      if (fits_narrow_forces()) {
        NarrowForces& forces = narrow_forces();
        if (!forces.is_crowded()) {
          NarrowCosts costs{*this, forces};
          const std::int64_t accepted = kept_.sweep(costs, sites, thresholds, random);
          if (accepted > 0) is_stale_ = counts_are_behind_ = true;
          return accepted;
        }
      }
    catch_up();
    FullCosts costs{*this};
    const std::int64_t accepted = kept_.sweep(costs, sites, thresholds, random);
    if (narrow_ && accepted > 0) narrow_->forget();
    return accepted;
  }

  /// Counts follow the sweeps by narrow forces, when first needed.
  void catch_up() const {
    if (counts_are_behind_)
      narrow_->write({counts_.data(), static_cast<std::size_t>(patterns_->num_patterns())});
    counts_are_behind_ = false;
  }

  bool fits_narrow_forces() const {
    if constexpr (HasNarrowLaw<Energy>)
      return !patterns_->has_zeros() && energy_.narrow_law()->is_useful(patterns_->num_patterns());
    else
      return false;
  }

  NarrowForces& narrow_forces() requires HasNarrowLaw<Energy> {
    if (!narrow_) {
      narrow_.emplace(energy_.narrow_law(), patterns_);
      if (ChangeLaw(*energy_.narrow_law(), num_spins(), patterns_->num_patterns()).is_useful)
        costs_of_a_change_ = ForceChanges::worth(num_spins());
    }
    narrow_->follow({counts_.data(), static_cast<std::size_t>(patterns_->num_patterns())});
    return *narrow_;
  }

  /// When first needed.
  ForceChanges& force_changes() requires HasNarrowLaw<Energy> {
    if (!changes_) changes_.emplace(energy_.narrow_law(), views_);
    return *changes_;
  }

  /// M_mu += amount xi_i^mu = 2 amount [xi = +1] - amount [xi != 0].
  void add_site(SiteIndex i, int amount) noexcept {
    pattern_fields::add_over_bits(patterns_->plus(i), 2 * amount, counts_.data(), words());
    if (patterns_->has_zeros()) {
      pattern_fields::add_over_bits(patterns_->present(i), -amount, counts_.data(), words());
    } else {
      const auto num_patterns = static_cast<std::size_t>(patterns_->num_patterns());
      for (std::size_t mu = 0; mu < num_patterns; ++mu) counts_[mu] -= amount;
    }
  }

  /// Forces follow the counts, when first needed.
  void refresh() const {
    catch_up();
    is_stale_ = false;
    const auto num_patterns = static_cast<std::size_t>(patterns_->num_patterns());
    if constexpr (Energy::pairwise) {
      all_curvatures_ = patterns_->num_patterns();
    } else {
      if (forces_.empty()) {
        forces_.assign(counts_.size(), 0);
        if (!TellsAllForces<Energy> || patterns_->has_zeros()) curvatures_.assign(counts_.size(), 0);
      }
      if constexpr (TellsAllForces<Energy>) {
        const std::span<Force> curvatures(curvatures_.data(), curvatures_.empty() ? 0 : num_patterns);
        const auto sums =
            energy_.follow({counts_.data(), num_patterns}, {forces_.data(), num_patterns}, curvatures);
        all_forces_ = sums.forces;
        all_curvatures_ = sums.curvatures;
        return;
      } else {
        for (std::size_t mu = 0; mu < num_patterns; ++mu) {
          forces_[mu] = energy_.force(counts_[mu]);
          curvatures_[mu] = energy_.curvature(counts_[mu]);
        }
        all_curvatures_ = std::accumulate(curvatures_.data(), curvatures_.data() + num_patterns, Sum{0});
      }
    }
    all_forces_ = std::accumulate(force_data(), force_data() + num_patterns, Sum{0});
  }

  std::shared_ptr<const PatternSet> patterns_;
  mutable Energy energy_;
  Configuration spins_;
  mutable std::vector<std::int32_t> counts_;        // padded with zeros to whole words, like the forces
  mutable std::vector<Force> forces_, curvatures_;  // those of the counts unless stale
  mutable Sum all_forces_ = 0, all_curvatures_ = 0;
  mutable bool is_stale_ = true, counts_are_behind_ = false;
  std::shared_ptr<const PatternViews> views_;
  PairwiseKernels kernels_;
  KeptCosts<Cost> kept_;
  std::optional<NarrowForces> narrow_;
  std::optional<ForceChanges> changes_;
  std::size_t costs_of_a_change_ = 0;
};

}  // namespace mattis
