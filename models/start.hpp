// Where a chain starts: at a stored pattern with a given overlap, or anywhere.
#pragma once

#include "engine/random_stream.hpp"
#include "engine/spins.hpp"
#include "models/model.hpp"

namespace mattis {

/// Pattern mu with exactly round((1 - overlap) N / 2) sites flipped, chosen uniformly. Where the pattern's entry
/// is 0 the spin is +-1 with probability 1/2 (drawn first).
Configuration cued_configuration(const DisorderSample& sample, SiteIndex mu, double overlap,
                                 RngStream& random);

/// Independent spins, +-1 with probability 1/2.
Configuration random_configuration(SiteIndex num_spins, RngStream& random);

}  // namespace mattis
