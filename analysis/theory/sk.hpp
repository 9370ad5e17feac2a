// The Sherrington-Kirkpatrick spin glass.
#pragma once

#include "analysis/theory/hopfield_rs_lines.hpp"
#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// Replica symmetric: q = int Dz tanh^2 beta(sqrt(q) z + h), the largest solution (unique for h > 0 or T < 1;
/// q = 0 at h = 0, T >= 1).
///
///     f = -(beta/4)(1-q)^2 - T int Dz ln 2cosh beta(sqrt(q) z + h),   u = -(beta/2)(1-q^2) - h m
///
/// Method   int Dz tanh^2 / q falls with q: one bracketed root. T = 0: q = 1, m = erf(h/sqrt 2).
/// Domain   T >= 0, h >= 0.   Source Sherrington, Kirkpatrick, PRL 35, 1792 (1975).
[[nodiscard]] MixtureSolution solve_sk_rs(double temperature, double field);

/// One step of breaking below the de Almeida-Thouless line, replica symmetric above. Source Parisi, PRL 43,
/// 1754 (1979).
[[nodiscard]] MixtureSolution solve_sk_1rsb(double temperature, double field);

/// de Almeida-Thouless line: the field h above which the replica-symmetric state is stable, beta^2 int Dz
/// sech^4 = 1. None at T = 0 (it diverges) and above T = 1. Source de Almeida, Thouless, J. Phys. A 11, 983
/// (1978).
[[nodiscard]] LineResult sk_h_at(double temperature);

}  // namespace mattis::theory
