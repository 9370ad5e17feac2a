// Chains left out on purpose, and how far that may have moved a mean.
#pragma once

#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::analysis {

/// Beyond this share of its error a mean that selection may have moved is not put beside theory.
inline constexpr double largest_selection_bias = 0.5;

/// How far a mean may have moved because a fraction phi of the chains was left out, in units of its error: if those
/// left out are the lower end of a normal distribution,
///
///     bias / error = sqrt(S) g(phi),    g(phi) = exp(-y^2/2) / (sqrt(2 pi) (1 - phi)),    phi = int_{-inf}^y Dz
///
/// Symbols  S = samples behind the error, sigma/sqrt(S) the error itself.
/// Returns  0 at phi = 0, infinity at phi = 1. Examples at S = 50: 0.19 for phi = 0.01, 0.77 for 0.05.
/// The true bias is smaller where leaving has little to do with the value measured; nothing measured says how much.
[[nodiscard]] double selection_bias(double phi, int samples);

/// Marks the estimates with selection_bias > largest_selection_bias (Estimate::is_selected, note): the chains kept
/// speak of those samples whose state lives longest, not of the ensemble. With each size within half an error, the
/// row at N = inf stays within one error for up to four sizes.
void judge_selection(const store::ResultTable& table, std::vector<Estimate>& estimates);

}  // namespace mattis::analysis
