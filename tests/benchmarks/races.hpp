// The rows of the benchmarks: naive and every kernel, from one thermalised state.
#pragma once

namespace mattis::benchmarks {

/// Registers hopfield/N:../P:../T:../ORDER/CODE for N = 1000 and 10000, P = N/10, T = 2, 0.5, 0.1 in sequential order and
/// T = 0.1 in random order; sk at N = 1000; dense with p = 3, N = 500 and p = 4, N = 200 at K = 0.05 N^(p-1). Codes: naive, auto and each fixed kernel of the chain.
void register_races();

}  // namespace mattis::benchmarks
