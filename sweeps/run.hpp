// A sweep: tasks over threads, results by shards, until all is done or time is up.
#pragma once

#include <atomic>
#include <filesystem>

#include "engine/store/provenance.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

struct RunOptions {
  int threads = 0;  ///< 0: every core this process may use
  bool is_quiet = false;
};

struct RunReport {
  std::size_t tasks = 0, done_before = 0, continued = 0, ran = 0;
  std::vector<std::string> damaged;  ///< shards that could not be read, and were recomputed
  bool is_complete = false;
  int threads = 0;
  double seconds = 0;
};

/// Runs what DIR lacks of the job, `interrupted` ends it early: chains under way are saved with the sweeps they
/// did. Results are the same bits for any number of threads: every chain is a function of its name.
/// Writes DIR/results.h5 at the end. Errors   InputError for a directory of another job, EnvironmentError.
RunReport run(const Job& job, const std::filesystem::path& directory, const RunOptions& options,
              const std::atomic<bool>& interrupted);

/// Everything readers need of a directory.
struct Loaded {
  Job job;
  std::vector<Point> points;
  Records records;
  std::vector<std::string> damaged;
};
Loaded load(const std::filesystem::path& directory);

}  // namespace mattis::sweeps
