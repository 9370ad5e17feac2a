// The pairwise Hebbian memory (Hopfield model).
#pragma once

#include <memory>
#include <utility>

#include "models/model.hpp"
#include "models/pattern_set.hpp"

namespace mattis {

/// H = -(1/2N) sum_{i != j} sum_mu xi_i^mu xi_j^mu s_i s_j = -(1/2N) sum_mu [M_mu^2 - sum_i (xi_i^mu)^2],  J = k_B = 1.
ModelEntry hopfield();

/// A sample on given patterns, and the bytes of a sample and of a chain on P of them.
std::shared_ptr<const DisorderSample> hopfield_sample(std::shared_ptr<const PatternSet> patterns);
std::pair<double, double> hopfield_memory(double num_spins, double num_patterns);

}  // namespace mattis
