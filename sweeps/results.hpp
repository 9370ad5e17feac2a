// From records to a table of results, and from a table to statements.
#pragma once

#include "engine/store/result_table.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

/// All complete chains of the job's grid, in the order of its points; what is missing is simply not there.
store::ResultTable result_table(const Job& job, const std::vector<Point>& points, const Records& records);

/// A sentence about chains that ended in a cycle of length two, or nothing: what was measured of them belongs to one
/// of its two configurations.
std::string note_of_cycles(const store::ResultTable& table);

/// The same by enumeration of all states (N <= 24), one exact chain per sample.
/// Errors   InputError for larger N.
store::ResultTable exact_table(const Job& job, const std::vector<Point>& points);

}  // namespace mattis::sweeps
