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

/// The retrieval state disappears: the largest T with
///
///     alpha_c(T) = alpha
///
/// alpha_c(T) grows from 0.137906 at T = 0 to 0.138189 at T = 0.023 and falls to 0 at T = 1, so the line
/// re-enters in between and ends there.
[[nodiscard]] LineResult hopfield_rs_t_m(double alpha);

/// Retrieval and glass are equally stable, retrieval being lower below: the largest T with
///
///     f_retrieval(alpha, T) = f_glass(alpha, T)
///
/// The line re-enters too (the glass has the negative entropy at T = 0).
[[nodiscard]] LineResult hopfield_rs_t_c(double alpha);

/// The retrieval state becomes unstable against replica-symmetry breaking, below T with
///
///     replicon(alpha, T) = 0
///
/// Exponentially small at small load (1e-23 at alpha = 0.01; 0 where it underflows, alpha < 0.0007). None at
/// alpha = 0, nor where the whole branch is unstable.
[[nodiscard]] LineResult hopfield_rs_t_r(double alpha);

/// The spin glass ends in the paramagnet.
///
///     T_g = 1 + sqrt(alpha)
[[nodiscard]] double hopfield_rs_t_g(double alpha);

}  // namespace mattis::theory
