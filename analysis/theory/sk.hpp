// The Sherrington-Kirkpatrick spin glass.
#pragma once

#include "analysis/theory/hopfield_rs_lines.hpp"
#include "analysis/theory/mixture.hpp"
#include "analysis/theory/parisi.hpp"

namespace mattis::theory {

/// Replica symmetric: q = int Dz tanh^2 beta(sqrt(q) z + h), the largest solution (unique for h > 0 or T < 1;
/// q = 0 at h = 0, T >= 1).
///
///     f = -(beta/4)(1-q)^2 - T int Dz ln 2cosh beta(sqrt(q) z + h),   u = -(beta/2)(1-q^2) - h m
///
/// Method   int Dz tanh^2 / q falls with q: one bracketed root. T = 0: q = 1, m = erf(h/sqrt 2).
/// Domain   T >= 0, h >= 0; at T = inf q = m = u = 0, s = ln 2, f = -inf.
/// Source   Sherrington, Kirkpatrick, PRL 35, 1792 (1975).
[[nodiscard]] MixtureSolution solve_sk_rs(double temperature, double field);

/// One step of breaking below the de Almeida-Thouless line, replica symmetric above. Source Parisi, PRL 43,
/// 1754 (1979).
[[nodiscard]] MixtureSolution solve_sk_1rsb(double temperature, double field);

/// Full breaking (`solve_parisi`) below the de Almeida-Thouless line, replica symmetric above.
///
/// Low T    Below T_0 = 0.02 T_AT(h) the state is that of T_0, carried on by s ~ T^2, 1 - q ~ T^2
///          (corrections of order T_0^2): the last steps would otherwise be lost in the first.
/// Field    h < 1e-3 and h < 0.02 h_AT(T) moves the spins, not the overlaps: q_min ~ h^(2/3) is not resolved and stands as 0 (the catalogue gives none), and
///          `residual` has the error in u, h^2/2. Where the breaking is narrower than 1e-8, or h > 4.6 (it
///          ends at T = 1e-5), the replica-symmetric state is given.
/// Cost     0.1 to 3 s.
/// Source   Parisi, PRL 43, 1754 (1979); J. Phys. A 13, L115 (1980).
[[nodiscard]] ParisiSolution solve_sk_parisi(double temperature, double field);

/// de Almeida-Thouless line: the field h above which the replica-symmetric state is stable, beta^2 int Dz
/// sech^4 = 1. None at T = 0 (it diverges) and above T = 1. Source de Almeida, Thouless, J. Phys. A 11, 983
/// (1978).
[[nodiscard]] LineResult sk_h_at(double temperature);

}  // namespace mattis::theory
