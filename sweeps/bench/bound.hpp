// How fast a kernel could be at most on this machine.
#pragma once

#include "engine/dynamics.hpp"
#include "models/model.hpp"
#include "sweeps/bench/machine_rates.hpp"

namespace mattis::bench {

/// What a chain has to do.
struct Work {
  double num_spins, num_patterns;  ///< num_patterns = 0: explicit couplings
  double coupling_bytes;           ///< of one stored coupling
  double acceptance;
  double temperature;
  Order order;
};

/// Proposals per second that no program can exceed if it works as the kernel does, from four measured rates (NaN where
/// no bound is known). Seconds of one proposal, a = acceptance:
///
///     numbers  (5/4 for a threshold if T > 0, 1 more for a random site) / Philox numbers per second
///     least    the same with 1/4 + a for 5/4: a leading byte, and the rest where a flip is made
///     row      a N bytes-per-coupling / read bandwidth of an array as large as all couplings, N^2 of them
///     fields   N P / 8 bytes of pattern bits, P / 8 for each proposal / read bandwidth of an array as large
///
///     scalar   numbers + (1 + a) P / 16-bit additions per second      (explicit couplings: numbers + row)
///     cached   least + row                                            (a proposal waits for the row before it)
///     table    the larger of  numbers + P / table look-ups per second + a P / 16-bit additions per second  and  fields
///     auto     the best of them
///
/// AVX-512 could look up 5 patterns of 32 sites at once, AVX2 4, where sums fit a byte. No flip, no look-up: then the bound does not hold.
double bound(Kernel kernel, const Work& work, const MachineRates& rates);

/// Bytes that the cached kernel stores for one coupling of this model.
double coupling_bytes(const ModelEntry& model);

}  // namespace mattis::bench
