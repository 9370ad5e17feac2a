// Saddle points with one step of replica-symmetry breaking, found at T = 0 and followed upwards in
// temperature.
#pragma once

#include <functional>
#include <vector>

#include "analysis/theory/one_step_field.hpp"

namespace mattis::theory {

/// Equations to be satisfied by a field and its averages, each dimensionless and of order one; nan outside
/// the domain.
using OneStepConditions = std::function<std::vector<double>(const TwoLevelField&, const OneStepAverages&)>;

/// Which members of the field are to be found (all positive, searched in their logarithms): as many as
/// conditions.
using Unknowns = std::vector<double TwoLevelField::*>;

struct OneStepPoint {
  TwoLevelField field;
  OneStepAverages averages;
  double residual = 0;
  bool converged = false;
};

/// Solves the conditions at the temperature of `start`.
[[nodiscard]] OneStepPoint solve_one_step(const OneStepConditions& conditions, const Unknowns& unknowns,
                                          const TwoLevelField& start);

/// Follows a solution found at T = 0 to `temperature` < `edge`, where it becomes replica symmetric: each step
/// goes a quarter of the way to the edge at most, is shortened if it fails, and starts from the straight line
/// through the last two (squares of the widths, which are linear in edge - T). `converged` is false if a step
/// fails.
[[nodiscard]] OneStepPoint follow_one_step(const OneStepConditions& conditions, const Unknowns& unknowns,
                                           const OneStepPoint& ground, double temperature, double edge);

/// -ln(1 - c) - c/(1 - c), without cancellation at small c: the level-1 fluctuations of a soft field.
[[nodiscard]] double soft_fluctuation(double c);

}  // namespace mattis::theory
