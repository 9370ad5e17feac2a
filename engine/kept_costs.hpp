// Costs kept from sweep to sweep until a spin flips: for systems whose costs take long to find.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "engine/random_stream.hpp"
#include "engine/simd/numbers.hpp"
#include "engine/simd/possible.hpp"
#include "engine/spins.hpp"

namespace mattis {

/// A system that tells the costs of several flips at once: costs[k] for sites[k].
template <class S, class Cost>
concept TellsCosts = requires(S& system, std::span<const SiteIndex> sites, Cost* costs, SiteIndex i) {
  { system.num_spins() } -> std::same_as<SiteIndex>;
  system.flip_costs(sites, costs);
  system.flip(i);
};

/// A system that tells what a flip of site i does to the costs of all others: it changes them all, their exact numbers and those in
/// single precision, in the time of `costs_of_a_change` single ones. 0: it does not.
template <class S, class Cost>
concept ChangesCosts = TellsCosts<S, Cost> &&
    requires(S& system, SiteIndex i, std::span<Cost> costs, std::span<float> rounded) {
  { system.costs_of_a_change() } -> std::same_as<std::size_t>;
  system.flip(i, costs, rounded);
};

/// Sweeps in which a cost is computed only where it is unknown; where it is known, many proposals are refused at once. A flip
/// makes all costs unknown, but those of the state before it are kept: a spin that flips back brings them back.
///
/// Method   after a flip one unknown cost is computed, then two at once, four, eight while proposals are refused. Where flips
///          have become so rare that more costs are computed between two of them than a change of all is worth, that.
/// Cost     about 1 ns a proposal without flips; else that of the unknown costs, and N / 8 operations a flip.
/// Memory   2 (4 + sizeof(Cost)) N bytes.
template <class Cost>
class KeptCosts {
 public:
  /// Spins have flipped elsewhere.
  void forget() noexcept {
    current_.forget();
    before_.forget();
    last_flip_ = none;
  }

  /// N proposals, of the sites in turn or as listed; returns how many flipped.
  template <TellsCosts<Cost> System>
  std::int64_t sweep(System& system, const SiteIndex* sites, const simd::BlockThresholds& law,
                     const SweepRandomness& random) {
    const auto n = static_cast<std::size_t>(system.num_spins());
    current_.resize(n);
    before_.resize(n);
    alignas(64) std::uint8_t leading[simd::leading_padding] = {};
    alignas(64) std::uint32_t numbers[block] = {};
    alignas(64) float bounds[block];
    std::int64_t accepted = 0;
    for (std::size_t first = 0; first < n; first += block) {
      if (law.draws_numbers()) simd::draw_leading(random, first, block, leading);
      bool has_numbers = !law.draws_numbers();
      const Proposals proposals{sites, first, std::min(block, n - first)};
      std::fill_n(bounds, block, std::numeric_limits<float>::infinity());
      current_.show(proposals, 0, bounds);
      for (std::size_t k = simd::first_possible(law, leading, bounds, 0, proposals.size); k < proposals.size;
           k = simd::first_possible(law, leading, bounds, k + 1, proposals.size)) {
        const SiteIndex i = proposals[k];
        if (current_.is_unknown(i)) compute(system, proposals, k, bounds);
        if (law.refuses(bounds[k], leading[k])) continue;
        if (!has_numbers) simd::draw_proposal_numbers(random, first, block, numbers);
        has_numbers = true;
        if (!law.accepts(current_.cost(i), numbers[k])) continue;
        ++accepted;
        flip(system, i, num_proposals_ + static_cast<std::int64_t>(first + k));
        current_.show(proposals, k + 1, bounds);
      }
    }
    num_proposals_ += static_cast<std::int64_t>(n);
    return accepted;
  }

 private:
  static constexpr std::size_t block = simd::ProposalBlock::size, most_at_once = 8;
  static constexpr float unknown = -std::numeric_limits<float>::infinity();
  static constexpr SiteIndex none = -1;

  /// The sites of a block of proposals.
  struct Proposals {
    const SiteIndex* sites;  ///< null: in turn
    std::size_t first, size;
    SiteIndex operator[](std::size_t k) const noexcept {
      return sites != nullptr ? sites[first + k] : static_cast<SiteIndex>(first + k);
    }
  };

  /// The costs of one state. Single precision, rounded, finds the proposals that may be accepted.
  class Costs {
   public:
    void resize(std::size_t n) {
      if (rounded_.size() == n) return;
      rounded_.assign(n, unknown);
      exact_.resize(n);
      knows_any_ = false;
    }
    void forget() noexcept {
      if (knows_any_) std::fill(rounded_.begin(), rounded_.end(), unknown);
      knows_any_ = false;
    }
    void know(SiteIndex i, Cost cost) noexcept {
      exact_[static_cast<std::size_t>(i)] = cost;
      rounded_[static_cast<std::size_t>(i)] = static_cast<float>(cost);
      knows_any_ = true;
    }
    bool is_unknown(SiteIndex i) const noexcept { return rounded_[static_cast<std::size_t>(i)] == unknown; }
    Cost cost(SiteIndex i) const noexcept { return exact_[static_cast<std::size_t>(i)]; }
    float rounded(SiteIndex i) const noexcept { return rounded_[static_cast<std::size_t>(i)]; }
    std::span<Cost> exact() noexcept { return exact_; }
    std::span<float> rounded() noexcept { return rounded_; }
    /// Those of the proposals from `from` on.
    void show(const Proposals& proposals, std::size_t from, float* bounds) const noexcept {
      if (proposals.sites == nullptr)
        std::copy_n(rounded_.data() + proposals.first + from, proposals.size - from, bounds + from);
      else
        for (std::size_t k = from; k < proposals.size; ++k) bounds[k] = rounded(proposals[k]);
    }

   private:
    std::vector<float> rounded_;
    std::vector<Cost> exact_;
    bool knows_any_ = false;
  };

  /// Unknown costs of the proposals from k on, that of k among them.
  template <class System>
  void compute(System& system, const Proposals& proposals, std::size_t k, float* bounds) {
    std::array<SiteIndex, most_at_once> sites;
    std::array<std::size_t, most_at_once> places;
    std::array<Cost, most_at_once> costs;
    std::size_t size = 0;
    for (; k < proposals.size && size < at_once_; ++k)
      if (current_.is_unknown(proposals[k])) {
        sites[size] = proposals[k];
        places[size++] = k;
      }
    system.flip_costs({sites.data(), size}, costs.data());
    for (std::size_t c = 0; c < size; ++c) {
      current_.know(sites[c], costs[c]);
      bounds[places[c]] = current_.rounded(sites[c]);
    }
    at_once_ = std::min(2 * at_once_, most_at_once);
  }

  template <class System>
  void flip(System& system, SiteIndex i, std::int64_t proposal) {
    if (i == last_flip_) {
      system.flip(i);
      std::swap(current_, before_);
      return;
    }
    const auto n = static_cast<std::int64_t>(system.num_spins());
    mean_gap_ += (static_cast<float>(std::min(proposal - last_proposal_, n)) - mean_gap_) / 16;
    last_proposal_ = proposal;
    last_flip_ = i;
    if constexpr (ChangesCosts<System, Cost>)
      if (const std::size_t worth = system.costs_of_a_change();
          worth > 0 && mean_gap_ > static_cast<float>(worth)) {
        complete(system);
        before_ = current_;
        system.flip(i, current_.exact(), current_.rounded());
        return;
      }
    system.flip(i);
    std::swap(current_, before_);
    current_.forget();
    at_once_ = 1;
  }

  /// All costs, before they change together.
  template <class System>
  void complete(System& system) {
    std::array<SiteIndex, most_at_once> sites;
    std::array<Cost, most_at_once> costs;
    std::size_t size = 0;
    const auto find = [&] {
      system.flip_costs({sites.data(), size}, costs.data());
      for (std::size_t c = 0; c < size; ++c) current_.know(sites[c], costs[c]);
      size = 0;
    };
    for (SiteIndex i = 0; i < system.num_spins(); ++i) {
      if (!current_.is_unknown(i)) continue;
      sites[size++] = i;
      if (size == most_at_once) find();
    }
    if (size > 0) find();
  }

  Costs current_, before_;
  SiteIndex last_flip_ = none;
  std::size_t at_once_ = 1;
  std::int64_t num_proposals_ = 0, last_proposal_ = 0;
  float mean_gap_ = 0;  // proposals from flip to flip, N at most
};

}  // namespace mattis
