// The pairwise Hebbian memory (Hopfield model).
#pragma once

#include "models/model.hpp"

namespace mattis {

/// H = -(1/2N) sum_{i != j} sum_mu xi_i^mu xi_j^mu s_i s_j = -(1/2N) sum_mu [M_mu^2 - sum_i (xi_i^mu)^2],  J = k_B = 1.
ModelEntry hopfield();

}  // namespace mattis
