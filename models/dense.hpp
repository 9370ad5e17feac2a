// Dense associative memories: many-body interactions that store far more patterns than spins.
#pragma once

#include "models/model.hpp"

namespace mattis {

/// H = sum_mu F(M_mu), M_mu = sum_i xi_i^mu s_i, K patterns; F as `form` says (dense_table.hpp), p = 2 ... 8, J = k_B = 1.
///
/// Load     alpha = K / N^{p-1}, gamma = alpha p!/2; exponential: rate = ln K / N.
/// Symmetry s -> -s for even p (distinct and power forms).
/// Source   Gardner, J. Phys. A 20, 3453 (1987); Krotov, Hopfield, NIPS 29 (2016); Demircigil et al., J. Stat. Phys. 168, 288 (2017).
ModelEntry dense();

}  // namespace mattis
