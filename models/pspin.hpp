// The Ising p-spin glass: every p spins coupled by a Gaussian number.
#pragma once

#include "models/model.hpp"

namespace mattis {

/// H = -sqrt(p!/(2 N^{p-1})) sum_{i1 < ... < ip} J_{i1 ... ip} s_{i1} ... s_{ip}, J normal, mean 0, variance 1; J = k_B = 1.
/// Covariance of the energies of two configurations with overlap q: N q^p/2 to leading order.
/// Source  Derrida, Phys. Rev. Lett. 45, 79 (1980); Gardner, Nucl. Phys. B 257, 747 (1985).
ModelEntry pspin();

}  // namespace mattis
