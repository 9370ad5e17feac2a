// A sweep: tasks over threads and ranks, results by shards, until all is done or time is up.
#pragma once

#include <atomic>
#include <filesystem>

#include "engine/store/provenance.hpp"
#include "sweeps/ranks.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

struct RunOptions {
  int threads = 0;  ///< of each rank; 0: this rank's share of the cores it may use
  bool is_quiet = false;
  Kernel kernel = Kernel::automatic;  ///< of every chain; speed only, no result depends on it
};

struct RunReport {
  std::size_t tasks = 0, done_before = 0, continued = 0, ran = 0;
  std::vector<std::string> damaged;  ///< shards that could not be read, and were recomputed
  std::string note;                  ///< what readers of the results have to know, or nothing
  bool is_complete = false;
  int ranks = 1, threads = 1;     ///< threads of the first rank
  double seconds = 0;             ///< of wall-clock time
  double simulation_seconds = 0;  ///< inside tasks, summed over all threads of all ranks
};

/// Runs what DIR lacks of the job, on all threads of all ranks, until it is done or `stop` is set: chains under way
/// are saved with the sweeps they did. Results are the same bits for any number of ranks and threads: every chain is
/// a function of its name. Rank 0 writes DIR/results.h5 at the end. Collective; the report is whole on rank 0.
/// Errors   InputError for a directory of another job or a kernel its chains cannot use, EnvironmentError; among several ranks RanksFailed.
RunReport run(const Job& asked, const std::filesystem::path& directory, const RunOptions& options,
              std::atomic<bool>& stop, Ranks& ranks);

/// Everything readers need of a directory.
struct Loaded {
  Job job;
  std::vector<Point> points;
  Records records;
  std::vector<std::string> damaged;
};
Loaded load(const std::filesystem::path& directory);

}  // namespace mattis::sweeps
