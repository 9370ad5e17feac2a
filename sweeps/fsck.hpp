// A results directory looked through: what is there, what is damaged, what a run would still do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/task.hpp"

namespace mattis::sweeps {

/// Chains among the records. The joint record of several replicas is none: it has no spins of its own.
std::size_t num_chains(const Records& records);

/// Tasks of a job by what lies on disk of them.
struct TaskCensus {
  std::size_t tasks = 0, done = 0, begun = 0;
  std::vector<std::string> to_run;  ///< places of the first few that are not done, with what they lack
};
TaskCensus census(const Job& job, const std::vector<Point>& points, const Records& records,
                  std::size_t most_places);

struct Inspection {
  std::optional<Job> job;
  std::string job_trouble;  ///< why there is none
  store::ShardStore::Contents shards;
  std::optional<TaskCensus> tasks;               ///< if there is a job
  std::vector<std::filesystem::path> leftovers;  ///< *.tmp of writers that were killed, or are at work
  bool has_results = false;                      ///< DIR/results.h5 is there
  std::string results_trouble;                   ///< why it cannot be read
  bool is_locked = false;                        ///< some program works there

  /// Is there a file whose contents are lost or cannot be told? Leftovers and missing tasks are no damage.
  bool is_damaged() const;
};

/// Reads every file of a results directory and changes nothing.
/// Errors   InputError if it is no results directory; EnvironmentError if it cannot be listed.
Inspection inspect(const std::filesystem::path& directory);

}  // namespace mattis::sweeps
