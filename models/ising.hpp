// Ising spins with couplings and fields of the user's own.
#pragma once

#include "models/model.hpp"

namespace mattis {

/// H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i with J and h from files, k_B = 1.
ModelEntry ising();

}  // namespace mattis
