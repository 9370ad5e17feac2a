// What a job would cost before it is run.
#pragma once

#include "sweeps/job.hpp"

namespace mattis::sweeps {

struct Plan {
  std::size_t points = 0, tasks = 0, chains = 0, most_chains_per_task = 0, files = 0;
  double memory_bytes = 0, disk_bytes = 0;
  double sweeps = 0;  ///< of all chains together, those that end early counted as they would
  double seconds = 0;
  std::size_t probe_chains = 0;
  double probe_seconds = 0;
};

/// Counts, and a probe of real chains for two seconds or three: one chain of each of up to 21 tasks, evenly spread over the
/// list from the smallest to the largest, each at another of its points. With c the cost of a sweep (ModelEntry::sweep_cost),
///
///     seconds = sum over tasks of c (d + chains * sweeps * r) / threads
///
/// d and r are the seconds per c of drawing the disorder and of a sweep, taken from the nearest task that was probed, as
/// is the number of sweeps: burn_in + sweeps, or under stop = "fixed_point" what the probed chains needed to their end.
/// Chains longer than their share of the time are left off; those that did not end count with the longest that did
/// and what they had done, those of a job where none ended with all sweeps. The chains' random numbers have a domain of
/// their own: no chain of the job is run. `sweeps` is the same on any machine that is through within the time.
/// Tasks are taken to share the memory without a price.
/// Errors   InputError as from points() and require_memory().
Plan make_plan(const Job& job, int threads);

}  // namespace mattis::sweeps
