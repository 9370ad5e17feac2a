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
  return sweeps::parse_job(text, "job.toml", overrides, {[&](const std::string&) { return table; }, {}});
}

/// As a store of shards does: of two records of one chain the one with more sweeps counts, of equals any: the older here.
inline void keep(sweeps::Records& records, const std::vector<store::ChainRecord>& fresh) {
  for (const auto& record : fresh) {
    const auto [held, is_new] = records.try_emplace(record.key, record);
    if (!is_new && held->second.sweeps_done < record.sweeps_done) held->second = record;
  }
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
