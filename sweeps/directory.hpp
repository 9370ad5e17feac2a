// A results directory: which job lives there, and whether another may go on in it.
#pragma once

#include <filesystem>
#include <string>

#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// DIR for a job: -o, or the job's name without its ending.
std::filesystem::path results_directory(const Job& job, const std::string& asked);

/// Errors   InputError where a file stands in the place of the directory; EnvironmentError where none can be made.
void refuse_files(const std::filesystem::path& directory);

/// Refuses a job whose physics differs from what lies in the directory, or that asks for fewer sweeps than were
/// done; then writes the job down (DIR/job.json). Grid values, starts, samples, replicas and sweeps may grow.
/// Errors   InputError with every difference; EnvironmentError if the directory cannot be written or read.
void adopt(const std::filesystem::path& directory, const Job& job);

/// Is there a job in the directory? Errors   EnvironmentError for one that cannot be read.
bool holds_results(const std::filesystem::path& directory);

/// A part of the physics in which a job differs from the results of a directory.
struct PhysicsDifference {
  std::string key, there, asked;
};

/// What `adopt` would refuse of a job's physics. Grid values, starts, samples, replicas and sweeps are not looked at.
std::vector<PhysicsDifference> physics_differences(const std::filesystem::path& directory, const Job& job);

/// What becomes of pattern and coupling files that the job names.
enum class Files {
  as_recorded,  ///< sizes and content keys as the run saw them: enough to read results
  read_again,   ///< the files themselves: to run chains; one that is gone or changed is refused
};

/// The job that lives in a directory, as it was last run.
/// Errors   InputError if the directory holds no results of mattis, or for a file that is not what it was.
Job job_of(const std::filesystem::path& directory, Files files = Files::as_recorded);

/// The same text under other overrides, with the files that were read already.
Job with_overrides(const Job& job, const std::vector<std::string>& overrides);

}  // namespace mattis::sweeps
