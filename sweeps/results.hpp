// From records to a table of results, and from a table to statements.
#pragma once

#include "analysis/compare.hpp"
#include "engine/store/result_table.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

/// All complete chains of the job's grid, in the order of its points; what is missing is simply not there.
store::ResultTable result_table(const Job& job, const std::vector<Point>& points, const Records& records);

/// The same by enumeration of all states (N <= 24), one exact chain per sample.
/// Errors   InputError for larger N.
store::ResultTable exact_table(const Job& job, const std::vector<Point>& points);

/// Counts, at each point where cued chains are compared with the retrieval state, those whose mean overlap is below
/// nine tenths of theory's: they left it (store::strayed_chains). Nothing under [measure] condition = "retained",
/// which keeps them apart already.
void count_strayed_chains(const Job& job, store::ResultTable& table);

/// What theory says of each point of this job: see theory_of.cpp for what is claimed where.
analysis::TheoryValue theory_of(const Job& job);

}  // namespace mattis::sweeps
