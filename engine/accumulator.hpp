// Binned averages of a correlated series, in O(log sweeps) memory, with their error and autocorrelation time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace mattis {

/// Reads the first number of a saved state and shortens it; every `load` below does the same.
double take_front(std::span<const double>& in);

struct Average {
  double mean, error, tau_int;  ///< NaN where the series is too short to say
};

/// Mean of a stationary series x_1 ... x_n by dyadic binning.
///
///     V_k = (variance of the means of bins of length 2^k) / (number of such bins),   error = sqrt(V_k)
///     1 + 2 tau_int = V_k / V_0
///
/// The level k is the one that leaves 32 to 63 bins: a slow mode that x feels weakly is not seen by a rule that asks
/// x itself for its tau. Bins are longer, down to 16 of them, until they are 16 autocorrelation times long,
/// 2^k >= max(16 tau_k, shortest) with tau_k by the second line. A series that never gets there gives the last level
/// with 16 bins: its error is then a lower bound, and tau_int says so by its size.
///
/// Accuracy (mean - truth)/error is Student's t with bins - 1 degrees of freedom; the error itself is known to 9 ... 13 %.
///          A mode whose tau is n/500 has nine tenths of its part in error^2, one of n/100 half.
/// Units    tau_int in measurements; 0 for independent values.
/// Cost     O(1) per value on average, two doubles per level.
/// Source   Flyvbjerg, Petersen, J. Chem. Phys. 91, 461 (1989).
class LogBinning {
 public:
  void add(double value);
  Average average(std::int64_t shortest_bin = 16) const;
  std::int64_t count() const { return count_; }

  void save(std::vector<double>& out) const;
  void load(std::span<const double>& in);

 private:
  struct Level {
    double sum_of_squares = 0;  ///< of complete bins' sums, of values less the reference
    double pending = 0;         ///< a bin sum waiting for its partner
  };
  double variance_of_mean(std::size_t level) const;

  std::int64_t count_ = 0;
  double reference_ = 0;  ///< the first value: subtracted everywhere, so that variances do not cancel
  double sum_ = 0;
  std::vector<Level> levels_;
};

/// Means of several quantities over the same bins, for functions of them (variances, ratios).
///
/// At most 128 bins: when full, neighbours are merged and bins double in length.
class MomentBins {
 public:
  explicit MomentBins(std::size_t num_quantities) : partial_(num_quantities, 0.0) {}

  void add(std::span<const double> values);
  /// Jackknife of f(means): bias-corrected value, error with bins coarsened until they are independent.
  ///
  ///     p_b = B f(all) - (B-1) f(without bin b),   error from the series p_b as in LogBinning
  ///     value = f(all) - [f(all') - mean p_b'],    the bracket from bins joined to 16 ... 31
  ///
  /// The bias is that of f(all) only as far as bins are independent, so it is taken from the longest.
  Average jackknife(const std::function<double(std::span<const double>)>& f) const;

  void save(std::vector<double>& out) const;
  void load(std::span<const double>& in);

 private:
  static constexpr std::size_t max_bins = 128;
  std::int64_t bin_length_ = 1, filled_ = 0;
  std::vector<double> partial_;
  std::vector<std::vector<double>> bins_;
};

}  // namespace mattis
