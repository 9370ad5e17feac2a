// What this machine can do at best: four rates, measured on one core, from which bounds of kernels follow.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace mattis::bench {

/// Best of a few repeats of some milliseconds each, thread CPU time. NaN: this processor has no such instruction.
struct MachineRates {
  double additions;       ///< 16-bit additions per second, all lanes of a vector counted
  double lookups;         ///< pattern entries per second that table look-ups add to a field (see `bound`)
  double random_numbers;  ///< 32-bit numbers per second of `philox_sweep`
  /// Bytes per second read again and again from an array of so many bytes: that of the cache it fits in, or of memory.
  std::function<double(double bytes)> read_bandwidth;
};

MachineRates measure_machine();

/// The thresholds' random numbers of one sweep (SweepRandomness): block k has the counter (k, 0, sweep). Philox4x32-10 in
/// a loop that vectorises; word w of block k is numbers[w B + k], B = size / 4 blocks.
void philox_sweep(std::uint64_t key, std::uint64_t sweep, std::span<std::uint32_t> numbers);

/// CPU seconds of this thread so far.
double thread_seconds();

/// Bytes that this process may still use: free memory of the machine, or of its control group if that is less.
double available_memory();

}  // namespace mattis::bench
