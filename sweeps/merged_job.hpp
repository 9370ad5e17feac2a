// The job of several results directories together: one physics, the union of their grids.
#pragma once

#include <filesystem>
#include <vector>

#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// A results directory and the job that lives there.
struct Source {
  std::filesystem::path directory;
  Job job;
};

/// The first source's job with every axis of the grid, starts and overlaps the union over all sources, and the largest
/// samples, sweeps and replicas: its text under overrides as of --set. An axis stays as the first job has it if that
/// holds every value, and ascends otherwise. Title, analysis, condition and lost_within are the first job's.
/// Errors   InputError naming every difference of physics; for grids in other symbols (P, alpha); for other numbers of
///          replicas where their overlap is measured.
Job merged_job(const std::vector<Source>& sources);

}  // namespace mattis::sweeps
