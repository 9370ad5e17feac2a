// Jobs from text, run in memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sweeps/results.hpp"
#include "sweeps/task.hpp"

namespace mattis::tests {

inline sweeps::Job job_of(const std::string& text, std::shared_ptr<const PatternTable> table = nullptr,
                          const std::vector<std::string>& overrides = {}) {
  return sweeps::parse_job(text, "job.toml", overrides, [&](const std::string&) { return table; });
}

inline void keep(sweeps::Records& records, const std::vector<store::ChainRecord>& fresh) {
  for (const auto& record : fresh) records[record.key] = record;
}

/// Every task of the job to its end, going on from `records`.
inline sweeps::Records run_all(const sweeps::Job& job, sweeps::Records records = {}) {
  const std::atomic<bool> never{false};
  const auto points = sweeps::points(job);
  for (const sweeps::Task& task : sweeps::tasks(job, points))
    keep(records, sweeps::run_task(job, points, task, records, never));
  return records;
}

}  // namespace mattis::tests
