// What a job would cost before it is run.
#pragma once

#include "sweeps/job.hpp"

namespace mattis::sweeps {

struct Plan {
  std::size_t points = 0, tasks = 0, chains = 0, most_chains_per_task = 0, files = 0;
  double memory_bytes = 0, disk_bytes = 0;
  double seconds = 0, probe_seconds = 0;
};

/// Counts, and a probe of at most a few seconds: the first sample of the smallest, the middle and the largest task
/// is run for up to a second each; the time of a sweep is taken as proportional to N P.
/// Errors   InputError as from points().
Plan make_plan(const Job& job, int threads);

}  // namespace mattis::sweeps
