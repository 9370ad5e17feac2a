// What this machine can do at best: four rates, measured on one core, from which bounds of kernels follow.
#pragma once

#include <functional>

namespace mattis::bench {

/// Best of a few repeats of some milliseconds each, thread CPU time. NaN: this processor has no such instruction.
struct MachineRates {
  double additions;       ///< 16-bit additions per second, all lanes of a vector counted
  double lookups;         ///< pattern entries per second that table look-ups add to a field (see `bound`)
  double random_numbers;  ///< 32-bit numbers of Philox4x32-10 per second, as sweeps draw them
  /// Bytes per second read again and again from an array of so many bytes: that of the cache it fits in, or of memory.
  std::function<double(double bytes)> read_bandwidth;
};

MachineRates measure_machine();

/// CPU seconds of this thread so far.
double thread_seconds();

/// Bytes that this process may still use: free memory of the machine, or of its control group if that is less.
double available_memory();

}  // namespace mattis::bench
