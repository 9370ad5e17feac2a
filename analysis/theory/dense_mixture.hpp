// Noise of a dense p-body memory: the Gaussian energies behind its theory.
#pragma once

#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// How the p-body energy of one pattern is written, with x = sqrt(N) m = sum_i xi_i s_i / sqrt(N).
///
///     distinct   sums over i1 < ... < ip:   (1/2) He_p(x)
///     power      (1/2) x^p, its mean over patterns subtracted
enum class DenseForm { distinct, power };

/// Dense memory with K = N^{p-1} patterns (unit load), p >= 3:
///
///     xi(q) = (1/4) sum_k h_k^2 k! q^k,   x^p = sum_k h_k He_k(x),   h_k = p! / (2^j j! k!),  j = (p - k)/2;
///
/// distinct has k = p alone, xi = p! q^p / 4; power has all k >= 1 of p's parity: a random field (k = 1) at odd
/// p, an SK-like term (k = 2) at even p. c = 1/2: the condensed pattern acts with (p/2) m^(p-1).
/// Source   Gardner, J. Phys. A 20, 3453 (1987); Krotov, Hopfield, NIPS 29 (2016).
[[nodiscard]] Mixture dense_memory(int p, DenseForm form);

/// Pure Ising p-spin glass, couplings of variance p!/(2 N^{p-1}): xi = q^p / 2. Source Gardner, Nucl. Phys. B
/// 257, 747 (1985).
[[nodiscard]] Mixture pure_p_spin(int p);

/// The same system with all energies of the noise multiplied by sqrt(load).
[[nodiscard]] Mixture scaled(Mixture unit, double load);

/// gamma / alpha = p!/2: J^2 = gamma is the variance of the distinct form's couplings.
[[nodiscard]] double gamma_per_alpha(int p);

/// xi'(1)/ (p/2)^2 at unit load, the variance of the field of one spin in a stored pattern relative to its
/// mean: (p-1)! (distinct), (2p-3)!! (power).
[[nodiscard]] double relative_field_variance(int p, DenseForm form);

/// Error of one bit after one parallel step from a stored pattern, at N spins and K patterns.
///
///     (1/2) erfc sqrt(N^{p-1} / (2 K V)),   V = (p-1)! (distinct), (2p-3)!! (power)
///
/// Source   Krotov, Hopfield, NIPS 29 (2016).
[[nodiscard]] double one_step_error(int p, DenseForm form, double n, double k);

}  // namespace mattis::theory
