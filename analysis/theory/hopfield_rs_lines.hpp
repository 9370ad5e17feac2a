// Capacity and transition lines of the Hopfield model, replica symmetric.
#pragma once

#include <optional>

namespace mattis::theory {

/// A temperature or load, if the line exists there; `converged` tells whether that answer can be relied on.
struct LineResult {
  std::optional<double> value;
  bool converged = true;
  double residual = 0;
};

/// Loads at temperature T in [0, 1); all empty at T >= 1.
struct HopfieldCapacity {
  std::optional<double> alpha_c;       ///< largest load with a retrieval state
  std::optional<double> m;             ///< overlap there
  std::optional<double> alpha_thermo;  ///< load where f_retrieval = f_glass (at T = 0: equal energies)
  bool converged = true;
  double residual = 0;
};
[[nodiscard]] HopfieldCapacity hopfield_rs_capacity(double temperature);

/// T_M(alpha): the retrieval state disappears; the largest T with alpha_c(T) = alpha. alpha_c(T) grows from
/// 0.137906 at T = 0 to 0.138189 at T = 0.023 and falls to 0 at T = 1, so the line re-enters in between and
/// ends there.
[[nodiscard]] LineResult hopfield_rs_t_m(double alpha);

/// T_c(alpha): f_retrieval = f_glass, retrieval being lower below. Re-enters too (the glass has the negative
/// entropy at T = 0): the largest T is given.
[[nodiscard]] LineResult hopfield_rs_t_c(double alpha);

/// T_R(alpha): the replicon of the retrieval state vanishes; unstable below. Exponentially small at small
/// load (1e-23 at alpha = 0.01; 0 where it underflows, alpha < 0.0007). None at alpha = 0, nor where the
/// whole branch is unstable.
[[nodiscard]] LineResult hopfield_rs_t_r(double alpha);

/// T_g(alpha) = 1 + sqrt(alpha): the spin glass ends in the paramagnet.
[[nodiscard]] double hopfield_rs_t_g(double alpha);

}  // namespace mattis::theory
