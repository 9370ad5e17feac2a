// The Sherrington-Kirkpatrick spin glass.
#pragma once

#include "models/model.hpp"

namespace mattis {

/// H = -sum_{i<j} J_ij s_i s_j - h sum_i s_i, J_ij independent and normal with mean 0 and variance 1/N, k_B = 1.
ModelEntry sk();

}  // namespace mattis
