#include "sweeps/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "engine/store/directory_lock.hpp"
#include "engine/store/results_file.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/memory.hpp"
#include "sweeps/progress.hpp"
#include "sweeps/requested_kernel.hpp"
#include "sweeps/results.hpp"
#include "sweeps/shard_buffer.hpp"
#include "sweeps/write_results.hpp"

namespace mattis::sweeps {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Proportional to the time a task takes.
double work_of(const Job& job, const std::vector<Point>& points, const Task& task) {
  const Point& point = points[task.points.front()];
  return job.model->sweep_cost(point.actual) * static_cast<double>(task.points.size()) * job.replicas;
}

/// Flushes shards to the disk about once a second, by whichever thread finishes a task then.
class Durability {
 public:
  explicit Durability(store::ShardStore& shards) : shards_(shards) {}
  void tick() {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || seconds_since(last_) < 1) return;
    shards_.make_durable();
    last_ = Clock::now();
  }

 private:
  store::ShardStore& shards_;
  std::mutex mutex_;
  Clock::time_point last_ = Clock::now();
};

/// Is there a record of any of the task's chains?
bool is_begun(const Job& job, const std::vector<Point>& points, const Task& task, const Records& records) {
  return std::any_of(task.points.begin(), task.points.end(), [&](std::size_t p) {
    return records.count(points[p].record_key(job.seed, task.sample, 0, job.replicas)) > 0;
  });
}

/// Did the interruption come after the last chain of the task?
bool is_finished_by(const std::vector<store::ChainRecord>& ran, const Job& job,
                    const std::vector<Point>& points, const Task& task, const Records& before) {
  Records now;
  for (const store::ChainRecord& record : ran) now.emplace(record.key, record);
  return std::all_of(task.points.begin(), task.points.end(), [&](std::size_t p) {
    const Task alone{{p}, task.sample, task.name};
    return is_complete(job, points, alone, before) || is_complete(job, points, alone, now);
  });
}

store::Provenance provenance_of(const Job& job, const RunReport& report,
                                const std::vector<std::int64_t>& per_thread) {
  store::Provenance provenance = provenance_of(job);
  provenance.set("ranks", fmt::format("{}", report.ranks));
  provenance.set("threads", fmt::format("{}", report.threads));
  provenance.set("kernel", std::string(name_of(job.dynamics.kernel)));
  provenance.set("tasks_per_thread", fmt::format("{}", fmt::join(per_thread, " ")));
  provenance.set("wall_seconds", report.seconds);
  provenance.set("simulation_seconds", report.simulation_seconds);
  return provenance;
}

/// A run that found nothing to do says of threads and times what the last working run said.
void keep_last_run(const std::filesystem::path& directory, store::Provenance& provenance) {
  store::Provenance last;
  try {
    last = store::read_provenance(directory / "results.h5");
  } catch (const EnvironmentError&) {
    return;  // not there, or damaged: it is written anew from the shards in any case
  }
  for (const char* key : {"ranks", "threads", "kernel", "tasks_per_thread", "wall_seconds",
                          "simulation_seconds", "merged_from"})
    if (const std::string value = last.get(key); !value.empty()) provenance.set(key, value);
}

Job with_kernel(Job job, Kernel kernel) {
  job.dynamics.kernel = kernel;
  return job;
}

}  // namespace

namespace {

/// What every thread of every rank works on.
struct Work {
  const Job& job;
  const std::vector<Point>& points;
  const std::vector<Task>& tasks;
  const Records& before;
  store::ShardStore& shards;
  Durability& durability;
  Dealer& dealer;
  std::atomic<bool>& stop;
  const std::vector<double>& work_of_task;  ///< on rank 0
  Progress* progress;                       ///< on rank 0, else null
};

/// What a thread did.
struct Share {
  std::int64_t tasks = 0, microseconds = 0;  ///< finished; spent simulating
};

/// Tells, twice a second, what a thread has done of tasks that are not written yet.
class News {
 public:
  News(const Work& work, std::size_t thread) : work_(work), thread_(thread) {}
  void of(double share, std::size_t task, std::span<const std::size_t> unwritten) {
    if (!work_.progress || seconds_since(last_) < 0.5) return;
    last_ = Clock::now();
    double done = share * work_.work_of_task[task];
    for (const std::size_t k : unwritten) done += work_.work_of_task[k];
    work_.progress->inside(thread_, done);
  }
  /// All is written: what was inside is done.
  void none() {
    if (work_.progress) work_.progress->inside(thread_, 0);
  }

 private:
  const Work& work_;
  std::size_t thread_;
  Clock::time_point last_ = Clock::now();
};

/// One thread: tasks from the dealer until there are no more.
void work_through(const Work& work, std::size_t thread, Share& share) {
  News news(work, thread);
  ShardBuffer buffer(work.shards);
  std::vector<std::size_t> unwritten;
  const auto write = [&] {
    buffer.write();
    work.durability.tick();
    news.none();
    work.dealer.finished(unwritten);
    share.tasks += static_cast<std::int64_t>(unwritten.size());
    unwritten.clear();
  };
  while (const auto k = work.dealer.next()) {
    const Task& task = work.tasks[*k];
    const Clock::time_point start = Clock::now();
    auto records = run_task(work.job, work.points, task, work.before, work.stop,
                            [&](double done) { news.of(done, *k, unwritten); });
    share.microseconds += std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
    if (!work.stop || is_finished_by(records, work.job, work.points, task, work.before))
      unwritten.push_back(*k);
    buffer.add(task.name, std::move(records));
    if (buffer.is_due()) write();
  }
  write();
}

/// All threads of this rank. What one of them throws stops the others (their chains are saved as they stand) and is
/// thrown when they are through.
std::vector<Share> work_on_threads(const Work& work, int threads) {
  std::vector<Share> shares(static_cast<std::size_t>(threads));
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const int servers = work.dealer.needs_server() ? 1 : 0;
  omp_set_dynamic(0);
#pragma omp parallel num_threads(threads + servers)
  {
    MATTIS_CHECK(omp_get_num_threads() == threads + servers);
    const int worker = omp_get_thread_num() - servers;
    if (worker < 0) work.dealer.serve(threads);
    // After a failure the thread goes on asking, and is told that there is no more.
    for (bool is_through = worker < 0; !is_through;) {
      try {
        work_through(work, static_cast<std::size_t>(worker), shares[static_cast<std::size_t>(worker)]);
        is_through = true;
      } catch (...) {
        const std::lock_guard guard(failure_mutex);
        if (!failure) failure = std::current_exception();
        work.stop = true;
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  return shares;
}

}  // namespace

RunReport run(const Job& asked, const std::filesystem::path& directory, const RunOptions& options,
              std::atomic<bool>& stop, Ranks& ranks) {
  const Job job = with_kernel(asked, options.kernel);
  const Clock::time_point start = Clock::now();
  RunReport report;
  std::vector<Point> points;
  std::vector<Task> all;
  std::optional<store::DirectoryLock> lock;
  std::optional<store::ShardStore> shards;
  store::ShardStore::Contents before;
  std::vector<std::size_t> missing;
  std::optional<Progress> progress;
  std::vector<double> work_of_task;
  report.threads = options.threads > 0 ? options.threads : ranks.threads();
  std::int64_t all_threads = 0;
  for (const std::int64_t threads : ranks.gather(std::vector<std::int64_t>{report.threads}))
    all_threads += threads;

  together(ranks, [&] {
    points = sweeps::points(job);
    all = tasks(job, points);
    if (ranks.is_first()) {
      require_memory(job, points);
      require_kernel(job, points, options.kernel);
    }
    refuse_files(directory);
    shards.emplace(directory / "shards", record_layout(job));
    if (!ranks.is_first()) return;
    lock.emplace(directory);
    adopt(directory, job);
    before = shards->read();
    report.tasks = all.size();
    report.damaged = before.damaged;
    double work = 0, work_before = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      work_of_task.push_back(work_of(job, points, all[k]));
      work += work_of_task.back();
      if (is_complete(job, points, all[k], before.chains)) {
        ++report.done_before;
        work_before += work_of_task.back();
        continue;
      }
      missing.push_back(k);
      report.continued += is_begun(job, points, all[k], before.chains);
    }
    progress.emplace(directory, all.size(), work, report.done_before, work_before,
                     static_cast<std::size_t>(all_threads), options.is_quiet);
  });
  const bool is_continuation = ranks.broadcast(static_cast<std::int64_t>(report.continued)) > 0;
  std::vector<Share> shares;
  const bool nothing_to_do = ranks.broadcast(missing.empty() ? 1 : 0) == 1;
  const auto dealer = ranks.deal(missing, stop, [&](std::size_t k) { progress->task_done(work_of_task[k]); });
  const auto work = [&] {
    if (is_continuation && !ranks.is_first()) before = shards->read();
    Durability durability(*shards);
    const Work shared{job,        points,  all,  before.chains, *shards,
                      durability, *dealer, stop, work_of_task,  progress ? &*progress : nullptr};
    shares = work_on_threads(shared, report.threads);
    shards->make_durable();
  };
  try {
    together(ranks, work);
  } catch (...) {
    if (progress) progress->finish("failed");
    throw;
  }
  std::vector<std::int64_t> counts, microseconds;
  for (const Share& share : shares) {
    counts.push_back(share.tasks);
    microseconds.push_back(share.microseconds);
  }
  counts = ranks.gather(counts);
  for (const std::int64_t count : counts) report.ran += static_cast<std::size_t>(count);
  for (const std::int64_t us : ranks.gather(microseconds))
    report.simulation_seconds += 1e-6 * static_cast<double>(us);
  report.is_complete = ranks.broadcast(report.done_before + report.ran == report.tasks ? 1 : 0) == 1;
  report.ranks = ranks.size();
  report.seconds = seconds_since(start);
  if (!ranks.is_first()) return report;

  progress->finish(report.is_complete ? "done" : "interrupted");
  const Records records = nothing_to_do ? std::move(before.chains) : shards->read().chains;
  store::Provenance provenance = provenance_of(job, report, counts);
  if (nothing_to_do) keep_last_run(directory, provenance);
  report.note = note_of_cycles(write_results_file(job, points, records, directory, provenance));
  if (report.is_complete) shards->remove_damaged(before);
  shards->pack();
  return report;
}

Loaded load(const std::filesystem::path& directory) {
  Job job = job_of(directory);
  std::vector<Point> all = points(job);
  store::ShardStore::Contents contents = store::ShardStore(directory / "shards", record_layout(job)).read();
  return {std::move(job), std::move(all), std::move(contents.chains), std::move(contents.damaged)};
}

}  // namespace mattis::sweeps
