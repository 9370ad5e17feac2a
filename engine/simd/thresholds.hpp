// Thresholds of a block of proposals as integers, and when a free flip is refused.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "engine/dynamics.hpp"
#include "engine/random_stream.hpp"

namespace mattis::simd {

/// What decides `size` proposals in turn: proposal k is accepted iff
///
///     cost_k <= theta_k   and not (cost_k = 0 and refuses_free_k)
///
/// Symbols  theta: floor of the threshold (costs are integers), within +-largest; -largest-1 accepts nothing.
///          refuses_free: -1 or 0. It says more than theta for Metropolis only, where a free flip is made with
///          probability 1/2 although theta >= 0 always; for all other dynamics `is_monotone`, and theta says all.
struct ProposalBlock {
  static constexpr std::size_t size = 128;
  static constexpr std::int32_t largest = 2147483520;  ///< a float; costs must be smaller in size
  alignas(64) std::int32_t theta[size];
  alignas(64) std::int32_t refuses_free[size];
};

/// Draws such blocks. The same decisions, bit for bit, as `Thresholds` and the tie rule of single_flip.hpp make from
/// the same random numbers, on every instruction set.
///
/// Method   ln in single precision, |error| <= 4e-7 + 2e-7 |ln|; where that leaves the floor open (one in some
///          hundred thresholds at T = 0.5, N = 10^4) it is computed again by `Thresholds`, in double precision.
///          Resolution and bias are therefore those of `Thresholds`: probabilities in steps of 2^-32.
/// Cost     about 1 ns per proposal with AVX2, the random numbers included.
class BlockThresholds {
 public:
  /// `unit` is the energy quantum of the costs.
  BlockThresholds(const Dynamics& dynamics, double unit) noexcept;

  /// theta says all: no extra rule for free flips.
  bool is_monotone() const noexcept { return is_monotone_; }

  /// Proposals first ... first + size - 1 of the sweep; those from `end` on accept nothing. `first` is a multiple of 4.
  void draw(const SweepRandomness& random, std::size_t first, std::size_t end, ProposalBlock& block) const;

  /// The same from given random numbers (64-byte aligned), where any are drawn: not at T = 0 with ties kept.
  void of_numbers(const std::uint32_t* numbers, ProposalBlock& block) const;

  /// theta of one random number at T > 0: the definition.
  std::int32_t theta(std::uint32_t number) const noexcept {
    constexpr double bound = ProposalBlock::largest;
    const double exact = exact_(number);
    if (!(exact > -bound)) return -ProposalBlock::largest;
    if (!(exact < bound)) return ProposalBlock::largest;
    const auto towards_zero = static_cast<std::int32_t>(exact);
    return towards_zero - (exact < towards_zero);
  }

  /// The same at any temperature: at T = 0 the sign of the cost decides.
  std::int32_t theta_of(std::uint32_t number) const noexcept {
    if (dynamics_.temperature > 0) return theta(number);
    return ties_flip_ && number < tie_threshold ? 0 : -1;
  }

  /// The largest theta of all numbers with leading byte b = 0, 1 ... (theta falls with the number). The last one bounds those of all
  /// bytes behind it too.
  static constexpr std::size_t num_leading = 16;
  const std::array<std::int32_t, num_leading>& largest_thetas() const noexcept { return largest_thetas_; }

  /// The same of bytes 16 b, each a bound for those behind it.
  const std::array<std::int32_t, num_leading>& largest_thetas_of_sixteen() const noexcept {
    return largest_thetas_of_sixteen_;
  }
  /// Those of bytes b for costs that are no integers, rounded up.
  const std::array<float, num_leading>& largest_real_thetas() const noexcept { return largest_real_thetas_; }
  bool refuses(float cost, std::size_t leading) const noexcept {
    return cost > largest_real_thetas_[std::min(leading, num_leading - 1)];
  }

  /// Is a proposal of this cost accepted with this number? The rule itself, for costs of any type.
  template <class Cost>
  bool accepts(Cost cost, std::uint32_t number) const noexcept {
    if (cost == 0) return ties_flip_ && number < tie_threshold;
    return dynamics_.temperature == 0 ? cost < 0 : static_cast<double>(cost) <= exact_(number);
  }

  /// Not at T = 0 with ties kept.
  bool draws_numbers() const noexcept { return ties_flip_; }

  const Dynamics& dynamics() const noexcept { return dynamics_; }
  Rule rule() const noexcept { return dynamics_.rule; }
  bool is_cold() const noexcept { return dynamics_.temperature == 0; }
  /// T / unit where single precision can tell most floors, else 0.
  float scale() const noexcept { return scale_; }

 private:
  static constexpr std::uint32_t tie_threshold = 0x80000000u;  // probability 1/2

  Dynamics dynamics_;
  Thresholds exact_;
  float scale_;
  std::array<std::int32_t, num_leading> largest_thetas_, largest_thetas_of_sixteen_;
  std::array<float, num_leading> largest_real_thetas_;
  bool ties_flip_, is_monotone_;
};

/// The instruction set that the kernels of this program use here: "AVX2", "scalar" ...
const char* target_name();

/// From now on kernels use no wider one than this: "AVX-512", "AVX2", "SSE4" or "scalar", to see what a machine without it would do.
/// False for other names. Bits do not depend on it.
bool use_at_most(std::string_view name);

}  // namespace mattis::simd
