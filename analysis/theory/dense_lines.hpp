// Capacity and transition lines of the dense p-body memory.
#pragma once

#include <optional>

#include "analysis/theory/hopfield_rs_lines.hpp"
#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// The replica-symmetric equations, or with one step of breaking.
enum class Level { rs, one_step };

/// Largest load with a retrieval state, m there, and the load at which retrieval and the m = 0 state have equal free
/// energies (T = 0: equal energies). Empty where there is no retrieval at any load.
struct DenseCapacity {
  std::optional<double> load, m, load_thermo;
  bool converged = true;
  double residual = 0;
};
[[nodiscard]] DenseCapacity dense_capacity(const Mixture& unit, double temperature, Level level);

/// T_M: the retrieval state disappears; the largest T with load_c(T) = load. The replica-symmetric load_c(T) rises
/// from T = 0 before it falls, so the line re-enters; with one step the rise is below 1 %.
[[nodiscard]] LineResult dense_t_m(const Mixture& unit, double load, Level level);

/// T_c: the largest T with f_retrieval = f of the m = 0 state: of paramagnet and glass at this level the one with the
/// larger f (with one step: the glass below T_s, the paramagnet above).
[[nodiscard]] LineResult dense_t_c(const Mixture& unit, double load, Level level);

/// T_R: below, the replica-symmetric retrieval state is unstable against breaking (replicon < 0).
[[nodiscard]] LineResult dense_t_r(const Mixture& unit, double load);

}  // namespace mattis::theory
