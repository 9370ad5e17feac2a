// Rates of all possible flips as whole numbers: their sum is exact, and a site is drawn in proportion to its rate.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/dynamics.hpp"
#include "engine/spins.hpp"

namespace mattis {

/// exp(-x) for 0 <= x <= 700 from additions and multiplications in a fixed order: no libm, whose last bit depends on
/// the processor.
///
///     exp(-x) = 2^k exp(r),   k = -x / ln 2 to the nearest integer,   |r| <= (ln 2)/2:   1 + r + r^2/2! + ... + r^12/12!
///
/// Errors  relative error below 1e-15.
inline double exp_minus(double x) noexcept {
  constexpr double to_integer =
      0x1.8p52;  // added, it rounds to an integer and leaves that in the lowest bits
  constexpr double inverse_ln2 = 1.4426950408889634, ln2_high = 0x1.62e42feep-1,
                   ln2_low = 0x1.a39ef35793c76p-33;  // k ln2_high is exact
  const double shifted = to_integer - x * inverse_ln2, k = shifted - to_integer;
  const double r = (-x - k * ln2_high) - k * ln2_low;
  // 1/12! ... 1/0!; written out, so that loops over sites become vector code
  double sum = 1.0 / 479001600;
  sum = sum * r + 1.0 / 39916800;
  sum = sum * r + 1.0 / 3628800;
  sum = sum * r + 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 0.5;
  sum = sum * r + 1;
  sum = sum * r + 1;
  return sum * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}

/// Probability that a proposed flip is made,
///
///     heat bath   1 / (1 + exp(beta dE))      Metropolis   min(1, exp(-beta dE))      dE = 0: 1/2, at T = 0 as tie says
///
/// Symbols  dE = cost * unit, unit the energy quantum in which costs are counted; T = 0 and T = infinity allowed.
/// Errors   relative error below 2e-15; beta |dE| > 60 counts as 60 (8.7e-27).
class Acceptance {
 public:
  static constexpr std::size_t block_size = 64;
  using Block = std::array<double, block_size>;

  Acceptance(const Dynamics& dynamics, double unit) noexcept
      : rule_(dynamics.rule),
        scale_(std::min(unit / dynamics.temperature, 1e300)),
        tie_(dynamics.temperature == 0 && dynamics.tie == Tie::keep ? 0 : 0.5) {}

  Block operator()(const Block& costs) const noexcept;

 private:
  Rule rule_;
  double scale_;  // beta unit
  double tie_;
};

/// The rates w_i of all sites, their sum W, and draws from w_i / W.
///
///     w_i = acceptance of the flip at i, per sweep, to the nearest multiple of 2^-R,   R = min(52, 63 - bits of N)
///
/// Whole numbers add exactly in any order: W knows nothing of the flips before, and cannot drift. R is 52 up to
/// N = 2047, and 46 at N = 10^5. In t sweeps N t 2^-(R+1) flips at most are missing or too many by the rounding.
///
/// Cost     `set_costs` O(N), an exponential for each site of a block with a new cost; `site` O(N/64 + 64).
/// Memory   16 bytes a site.
class FlipRates {
 public:
  FlipRates(const Dynamics& dynamics, double unit, SiteIndex num_spins);

  void set_costs(std::span<const double> costs);

  /// W in units of 2^-R.
  std::uint64_t total() const noexcept { return total_; }
  double rate(SiteIndex i) const noexcept {
    return static_cast<double>(rates_[static_cast<std::size_t>(i)]) * quantum_;
  }

  /// -(ln u) / W in sweeps, u from the upper 52 bits of the number, 0 < u < 1; W > 0. At most 37 2^R: always finite.
  /// No flip rarer than 2^-53 in a sweep ever happens.
  double waiting_time(std::uint64_t number) const noexcept;
  /// Site i with probability w_i / W, up to 2^-64; W > 0.
  SiteIndex site(std::uint64_t number) const noexcept;

 private:
  static constexpr std::size_t block_size = Acceptance::block_size;

  void set_block(std::size_t block);

  Acceptance acceptance_;
  double quantum_;                     // 2^-R
  std::vector<double> costs_;          // that the rates belong to
  std::vector<std::uint64_t> rates_;   // w_i / quantum
  std::vector<std::uint64_t> blocks_;  // sums of 64 rates
  std::uint64_t total_ = 0;
};

}  // namespace mattis
