// More samples or more sweeps: which lowers an error further for the same computer time?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/estimates/estimate.hpp"

namespace mattis::analysis {

enum class Remedy { samples, sweeps, either };
std::string name_of(Remedy remedy);

/// Sweeps of one chain: B thrown away, n measured.
struct RunLength {
  double burn_in = 0, sweeps = 0;
};

struct Advice {
  Remedy remedy = Remedy::samples;
  double disorder_share = no_number;  ///< error_disorder^2 / error^2; NaN where only one sample is known
  double gain = 0;                    ///< g: what sweeps bring where samples bring 1
  double best_sweeps = no_number;  ///< n*, the length that samples should have had; infinity without disorder
};

/// With S samples of B + n sweeps each, computer time is C ~ S (B + n) and
///
///     error^2 = D/S + V/(S n),    D/S = error_disorder^2,    V/(S n) = error_thermal^2
///     samples:  d ln error^2 / d ln C = -1        (both parts fall, burn-in is paid again)
///     sweeps:   d ln error^2 / d ln C = -g,       g = error_thermal^2/error^2 (1 + B/n)
///     n* = sqrt(B V / D)                          (the minimum of error^2 at fixed C; there g = 1)
///
/// Without burn-in longer runs never win (g <= 1), and more replicas never do: they pay burn-in for the thermal part
/// alone. Nothing is said between g and 1 where they differ by less than the error of g, sqrt(2/(S-1)) g, which is that
/// of error^2: `either`. The gain counts from where the runs are long beside tau_int.
///
/// Special  a fraction of runs, or chains that do not move (T = 0; their error_thermal is that of the starts, which a new
///          sample lowers along with the disorder): samples. One sample: samples,
///          for its error knows nothing of the disorder. Rows at N = inf: all sizes are extended alike.
/// Returns  nothing where there is no error to lower, or one whose thermal part is not known.
std::optional<Advice> advise(const Estimate& estimate, const RunLength& run);

/// The same for all points of one observable.
struct ObservableAdvice {
  std::string observable;
  int samples = 0, sweeps = 0, either = 0;                    ///< how many estimates are advised what
  double least_share = no_number, largest_share = no_number;  ///< of disorder in error^2; NaN: not known
  double best_sweeps = no_number;  ///< geometric mean of n* over estimates that want sweeps and know it
};
/// In the order in which the observables appear; those without advice are not there.
std::vector<ObservableAdvice> advise(const std::vector<Estimate>& estimates, const RunLength& run);

/// "samples (disorder makes 91 ... 96 % of the error squared)".
std::string sentence(const ObservableAdvice& advice);

}  // namespace mattis::analysis
