// The pairwise rows: naive and every kernel, from one thermalised state.
#pragma once

namespace mattis::benchmarks {

/// Registers hopfield/N:../P:../T:../ORDER/CODE for N = 1000 and 10000, P = N/10, T = 2, 0.5, 0.1 in sequential order and
/// T = 0.1 in random order, and sk at N = 1000. Codes: naive, auto and each fixed kernel of the chain.
void register_pairwise();

}  // namespace mattis::benchmarks
