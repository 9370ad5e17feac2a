// The figures of a job: what to draw against what, with theory lines.
#pragma once

#include <vector>

#include "analysis/figures/figure.hpp"
#include "sweeps/statements.hpp"

namespace mattis::sweeps {

/// One panel per observable worth a panel, against the longest numeric axis of the grid besides N; one curve for
/// every setting of the other axes. Lines: theory at N = infinity wherever theory_of knows it. Marks: capacity (against
/// the load) or T_M (against T). A capacity job gets a panel of its estimates against N^-omega as well.
/// `footnote` is put below every panel.
std::vector<Figure> figures_of(const Job& job, const Statements& statements, const std::string& footnote);

}  // namespace mattis::sweeps
