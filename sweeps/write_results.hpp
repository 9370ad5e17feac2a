// DIR/results.h5 from the records of a directory: the table, its estimates, theory, and where it comes from.
#pragma once

#include <filesystem>

#include "engine/store/provenance.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

/// What the program knows of itself, and of the job: its title, text, resolved values, overrides and seed.
store::Provenance provenance_of(const Job& job);

/// Writes DIR/results.h5 with all complete chains of the job's grid.
/// Errors   EnvironmentError when it cannot be written; the old file then stays.
store::ResultTable write_results_file(const Job& job, const std::vector<Point>& points,
                                      const Records& records, const std::filesystem::path& directory,
                                      const store::Provenance& provenance);

}  // namespace mattis::sweeps
