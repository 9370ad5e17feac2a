// Retrieval in a dense p-body memory with one step of replica-symmetry breaking.
#pragma once

#include <optional>

#include "analysis/theory/dense_rs.hpp"
#include "analysis/theory/mixture.hpp"

namespace mattis::theory {

/// The retrieval state with one step; where the replica-symmetric state is stable it is the solution.
///
/// Method   Breaking of the retrieval state starts continuously, at the replica-symmetric state of this
///          temperature that is marginal, with x from `onset_tilt`; from there the family at fixed T is walked in
///          the width of the inner field, and the load with it, up to the spinodal.
/// Cost     0.1 to 0.5 s where broken.   None beyond the spinodal.
/// Source   Gardner, J. Phys. A 20, 3453 (1987) (equations as for the Gaussian energy of `mixture.hpp`).
[[nodiscard]] MixtureSolution solve_retrieval_1rsb(const Mixture& unit, double load, double temperature);

/// The spinodal: largest load of a retrieval state, and m there; replica symmetric where that is stable.
struct RetrievalEdge {
  double load = 0, m = 0;
  bool is_broken = false, converged = true;
};
[[nodiscard]] std::optional<RetrievalEdge> retrieval_edge_1rsb(const Mixture& unit, double temperature);

}  // namespace mattis::theory
