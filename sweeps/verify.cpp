#include "sweeps/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <mutex>

#include "engine/content_key.hpp"
#include "sweeps/directory.hpp"

namespace mattis::sweeps {

namespace {

void refuse_other_program(const std::filesystem::path& directory, const Job& job) {
  std::string text;
  for (const auto& [key, there, asked] : physics_differences(directory, job))
    text += fmt::format("\n  {}: the results have {}, this program {}", key, there, asked);
  if (!text.empty())
    throw InputError("holds results of a program that computes otherwise:" + text, directory.string(),
                     "verify them with that program; group provenance of results.h5 names its commit");
}

/// `count` of the tasks, every choice of equal probability, in their order.
std::vector<Task> chosen(std::vector<Task> tasks, std::size_t count, std::uint64_t seed) {
  RngStream random({seed, StreamDomain::probe, content_key("tasks to verify"), 0, 0});
  std::vector<std::size_t> order(tasks.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  for (std::size_t k = 0; k < count; ++k)
    std::swap(order[k], order[k + static_cast<std::size_t>(random() % (order.size() - k))]);
  order.resize(count);
  std::sort(order.begin(), order.end());
  std::vector<Task> some;
  for (const std::size_t k : order) some.push_back(std::move(tasks[k]));
  return some;
}

/// What differs between two records of one chain; they are not the same bits.
std::string difference(const store::ChainRecord& there, const store::ChainRecord& now) {
  if (there.sweeps_done != now.sweeps_done)
    return fmt::format("{} sweeps on disk, {} now", there.sweeps_done, now.sweeps_done);
  if (there.state != now.state)
    return fmt::format("other spins after {} sweeps{}", now.sweeps_done,
                       there.values == now.values ? "" : ", other numbers too");
  if (there.values.size() != now.values.size())
    return fmt::format("{} numbers on disk, {} now", there.values.size(), now.values.size());
  std::size_t count = 0, first = 0;
  for (std::size_t k = now.values.size(); k-- > 0;)
    if (std::memcmp(&there.values[k], &now.values[k], sizeof(double)) != 0) ++count, first = k;
  return fmt::format("the same spins, but {} of {} numbers differ; the first is {} on disk, {} now", count,
                     now.values.size(), there.values[first], now.values[first]);
}

/// One thread's part of the work, and what it finds.
class Comparison {
 public:
  Comparison(const Job& job, const std::vector<Point>& points, const Records& there)
      : job_(job), points_(points), there_(there) {}

  /// Nothing if the task was stopped on its way.
  void run(const Task& task, const std::atomic<bool>& stop, Verification& out, std::mutex& out_mutex) const {
    Records now;
    for (store::ChainRecord& record : run_task(job_, points_, task, {}, stop))
      now.emplace(record.key, std::move(record));
    if (!is_complete(job_, points_, task, now)) {
      MATTIS_CHECK(stop);
      return;
    }
    Rerun rerun{place_of(job_, points_[task.points.front()], task.sample), now.size(), 0};
    std::vector<std::string> differences;
    for (const std::size_t p : task.points)
      for (int replica = -1; replica < job_.replicas; ++replica) {
        const auto found = now.find(points_[p].record_key(job_.seed, task.sample, replica, job_.replicas));
        if (found == now.end()) continue;  // no joint record where no overlap of replicas is measured
        const store::ChainRecord& there = there_.at(found->first);
        if (same_bits(there, found->second)) continue;
        differences.push_back(fmt::format("{}, {}: {}", place_of(job_, points_[p], task.sample),
                                          replica < 0 ? "all replicas" : fmt::format("replica {}", replica),
                                          difference(there, found->second)));
      }
    rerun.differing = differences.size();
    const std::lock_guard guard(out_mutex);
    out.records += rerun.records;
    out.reruns.push_back(std::move(rerun));
    out.differences.insert(out.differences.end(), differences.begin(), differences.end());
  }

 private:
  const Job& job_;
  const std::vector<Point>& points_;
  const Records& there_;
};

}  // namespace

Verification verify(const std::filesystem::path& directory, const VerifyOptions& options,
                    std::atomic<bool>& stop, const std::function<void(const Verification&)>& announce) {
  const Job job = job_of(directory, Files::read_again);
  refuse_other_program(directory, job);
  const std::vector<Point> points = sweeps::points(job);
  const auto contents = store::ShardStore(directory / "shards", record_layout(job)).read();
  std::vector<Task> finished = tasks(job, points);
  std::erase_if(finished, [&](const Task& task) { return !is_complete(job, points, task, contents.chains); });
  Verification report;
  report.damaged = contents.damaged;
  report.finished = finished.size();
  if (finished.empty())
    throw InputError("has no finished task to verify", directory.string(),
                     "`mattis status` says how far it is");
  const auto share =
      static_cast<std::size_t>(std::llround(options.share * static_cast<double>(report.finished)));
  report.chosen = std::clamp<std::size_t>(share, 1, report.finished);
  announce(report);
  const std::vector<Task> some = chosen(std::move(finished), report.chosen, options.seed);
  const Comparison comparison(job, points, contents.chains);
  std::mutex mutex;
  std::exception_ptr failure;
  const int threads =
      static_cast<int>(std::min<std::size_t>(some.size(), static_cast<std::size_t>(options.threads)));
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t k = 0; k < some.size(); ++k) {
    try {
      if (!stop) comparison.run(some[k], stop, report, mutex);
    } catch (...) {
      const std::lock_guard guard(mutex);
      if (!failure) failure = std::current_exception();
      stop = true;
    }
  }
  if (failure) std::rethrow_exception(failure);
  std::sort(report.reruns.begin(), report.reruns.end(),
            [](const auto& a, const auto& b) { return a.place < b.place; });
  std::sort(report.differences.begin(), report.differences.end());
  return report;
}

}  // namespace mattis::sweeps
