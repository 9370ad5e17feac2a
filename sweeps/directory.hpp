// A results directory: which job lives there, and whether another may go on in it.
#pragma once

#include <filesystem>
#include <string>

#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// DIR for a job: -o, or the job's name without its ending.
std::filesystem::path results_directory(const Job& job, const std::string& asked);

/// Refuses a job whose physics differs from what lies in the directory, or that asks for fewer sweeps than were
/// done; then writes the job down (DIR/job.json). Grid values, starts, samples, replicas and sweeps may grow.
/// Errors   InputError with every difference; EnvironmentError if the directory cannot be written or read.
void adopt(const std::filesystem::path& directory, const Job& job);

/// The job that lives in a directory, as it was last run; its pattern file is not needed any more.
/// Errors   InputError if the directory holds no results of mattis.
Job job_of(const std::filesystem::path& directory);

}  // namespace mattis::sweeps
