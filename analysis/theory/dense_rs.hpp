// Replica-symmetric retrieval in a dense p-body memory.
#pragma once

#include <optional>

#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// A retrieval state at temperature T, found from its overlap: with b = c p m^(p-1),
///
///     m = <tanh beta(b + a z)>  gives the noise a,   q = <tanh^2>,   load = a^2 / xi_unit'(q),
///
/// explicit and unique since <tanh> falls with a. The parameter is y, erf y = m, so that 1 - m = erfc y keeps its
/// digits; at T = 0, y = b/(a sqrt 2).
struct OverlapPoint {
  double y = 0, m = 0, q = 0;
  double mean = 0;   ///< b
  double width = 0;  ///< a
  double load = 0;
  double replicon = 0;  ///< 1 - beta^2 xi''(q) <sech^4>; -infinity at T = 0
  double slope = 0;     ///< d ln load / dm
};
[[nodiscard]] OverlapPoint overlap_point(const Mixture& unit, double temperature, double y);

/// The range of y at temperature T, a = 0 at both ends; none above the temperature where retrieval ends without
/// noise, max_m c p m^(p-1) / artanh m.
struct OverlapRange {
  double lowest = 0, highest = 0;
};
[[nodiscard]] std::optional<OverlapRange> overlap_range(const Mixture& unit, double temperature);
[[nodiscard]] double retrieval_temperature(const Mixture& unit);

/// The spinodal: the largest load. The load grows along y < y_c and falls beyond; retrieval states have y > y_c.
[[nodiscard]] std::optional<OverlapPoint> retrieval_spinodal(const Mixture& unit, double temperature);

/// The retrieval state (largest m) at this load and temperature; none beyond the spinodal.
///
///     h = c p m^(p-1) + sqrt(xi'(q)) z,   m = <tanh beta h>,   q = <tanh^2 beta h>,
///     f = c(p-1) m^p - (beta/2)[xi(1) - xi(q) - (1-q) xi'(q)] - T <ln 2cosh beta h>,   u = -c m^p - beta [xi(1) - xi(q)]
///
/// T = 0: m = erf(y), alpha_c = [max_y erf(y)^{p-1}/y]^2 / (2V), V = relative_field_variance.
/// Cost     30 ms.   Errors none thrown; `residual` by independent adaptive quadrature.
/// Source   Gardner, J. Phys. A 20, 3453 (1987); Albanese, Alemanno, Alessandrelli, Barra, J. Stat. Phys. 189, 24
///          (2022), arXiv:2111.12997.
[[nodiscard]] MixtureSolution solve_retrieval_rs(const Mixture& unit, double load, double temperature);

/// A replica-symmetric state with the violation of its equations.
[[nodiscard]] MixtureSolution checked_symmetric_state(const Mixture& mixture, double m, double q,
                                                      double temperature);

/// Below, T = 0.
inline constexpr double lowest_temperature = 1e-100;

}  // namespace mattis::theory
