// Spins with a random Gaussian energy of covariance xi(q) and, if wanted, one condensed pattern.
#pragma once

#include <optional>
#include <vector>

#include "analysis/theory/one_step_solve.hpp"

namespace mattis::theory {

/// H = (Gaussian energy, covariance N xi(q) between configurations of overlap q) - N c m^p - N h m,
///
///     xi(q) = sum_k a_k q^k,   theta(q) = q xi'(q) - xi(q).
///
/// Sherrington-Kirkpatrick: a_2 = 1/2, c = 0. Dense p-body memory: c = 1/2 and its own xi. Pure p-spin: a_p =
/// 1/2, c = 0. Differences are given in factorised form, exact as their arguments meet.
struct Mixture {
  struct Term {
    int power = 2;
    double coefficient = 0;
  };
  std::vector<Term> covariance;
  double signal = 0;  ///< c
  int body = 2;       ///< p of the condensed pattern
  double field = 0;   ///< h

  [[nodiscard]] double xi_step(double q1, double q0) const;     ///< xi(q1) - xi(q0)
  [[nodiscard]] double slope(double q) const;                   ///< xi'(q)
  [[nodiscard]] double slope_step(double q1, double q0) const;  ///< xi'(q1) - xi'(q0)
  [[nodiscard]] double curvature(double q) const;               ///< xi''(q)
  [[nodiscard]] double remainder(double q1,
                                 double q0) const;  ///< [(q1-q0) xi'(q1) - xi(q1) + xi(q0)] / (q1-q0)^2
  [[nodiscard]] double remainder_below(double q1,
                                       double q0) const;  ///< [xi(q1) - xi(q0) - (q1-q0) xi'(q0)] / (q1-q0)^2
  [[nodiscard]] double mean_field(double m) const;        ///< h + c p m^(p-1)
};

/// Sherrington-Kirkpatrick in a field.
[[nodiscard]] Mixture sherrington_kirkpatrick(double field);

/// Order parameters and thermodynamics per spin of a mixture; replica symmetric where q0 = q1 and x, w are
/// empty.
struct MixtureState {
  double m = 0, q0 = 0, q1 = 0;
  std::optional<double> x, w;  ///< breakpoint and beta x
  double susceptibility = 0;   ///< C = beta (1 - q1)
  double f = 0, u = 0, s = 0;
  std::optional<double> replicon;  ///< 1 - beta^2 xi''(q1) <<sech^4>>; none at T = 0
};

struct MixtureSolution {
  std::optional<MixtureState> state;
  bool converged = true;
  double residual = 0;
};

/// The saddle point with one step,
///
///     h = h_ext + c p m^(p-1) + sqrt(xi'(q0)) z + sqrt(xi'(q1) - xi'(q0)) y,   y weighted by (2cosh beta
///     h)^x, f = c(p-1)m^p - (beta/2)[xi(1) - xi(q1) - (1-q1) xi'(q1)] + (w/2)[theta(q1) - theta(q0)] - (1/w)
///     <ln int Dy (2cosh beta h)^x>, u = -c m^p - h m - beta [xi(1) - xi(q1)] - w [xi(q1) - xi(q0)],   w =
///     beta x,
///
/// as conditions on the widths, the tilt and, if c is not 0, the mean field (in this order: inner, tilt,
/// outer, mean).
[[nodiscard]] OneStepConditions one_step_conditions(const Mixture& mixture);
[[nodiscard]] Unknowns one_step_unknowns(const Mixture& mixture);

/// Thermodynamics of a solved point.
[[nodiscard]] MixtureSolution one_step_state(const Mixture& mixture, const OneStepPoint& point);

/// Thermodynamics of a replica-symmetric solution m, q at T >= 0 (not a solver).
[[nodiscard]] MixtureState symmetric_state(const Mixture& mixture, double m, double q, double temperature);

}  // namespace mattis::theory
