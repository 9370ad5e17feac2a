// Costs kept from sweep to sweep until a spin flips: for systems whose costs take long and whose flips are rare.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/random_stream.hpp"
#include "engine/simd/numbers.hpp"
#include "engine/simd/possible.hpp"
#include "engine/spins.hpp"

namespace mattis {

/// The sequential sweep over a system, with a proposal's cost computed only where it is unknown or might be accepted.
/// The system calls `forget` at every flip; costs are kept in single precision, rounded, and decide nothing by themselves.
///
/// Cost     about 1 ns a proposal without flips; else that of the plain sweep and N / 8 operations a flip.
class KeptCosts {
 public:
  void forget() noexcept {
    if (!is_forgotten_) std::fill_n(costs_.data(), size_, unknown);
    is_forgotten_ = true;
  }

  /// Returns the number of flips.
  template <class System>
  std::int64_t sweep(System& system, const simd::BlockThresholds& law, const SweepRandomness& random) {
    reserve(static_cast<std::size_t>(system.num_spins()));
    alignas(64) std::uint32_t numbers[block] = {};
    std::int64_t accepted = 0;
    for (std::size_t first = 0; first < size_; first += block) {
      if (law.draws_numbers())
        simd::draw_numbers(random, SweepRandomness::Purpose::threshold, static_cast<std::uint32_t>(first / 4),
                           block / 4, numbers);
      float* costs = costs_.data() + first;
      const std::size_t size = std::min(block, size_ - first);
      for (std::size_t k = simd::first_possible(law, numbers, costs, 0, size); k < size;
           k = simd::first_possible(law, numbers, costs, k + 1, size)) {
        const auto site = static_cast<SiteIndex>(first + k);
        const auto cost = system.flip_cost(site);
        if (law.accepts(cost, numbers[k])) {
          system.flip(site);
          ++accepted;
        } else {
          costs[k] = static_cast<float>(cost);
          is_forgotten_ = false;
        }
      }
    }
    return accepted;
  }

 private:
  static constexpr std::size_t block = simd::ProposalBlock::size;
  static constexpr float unknown = -std::numeric_limits<float>::infinity();

  void reserve(std::size_t size) {
    if (size_ == size) return;
    size_ = size;
    costs_.assign((size + block - 1) / block * block, std::numeric_limits<float>::infinity());
    is_forgotten_ = false;
    forget();
  }

  std::vector<float> costs_;  // padded to whole blocks with costs that nothing accepts
  std::size_t size_ = 0;
  bool is_forgotten_ = true;
};

}  // namespace mattis
