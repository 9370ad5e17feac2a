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
#include "sweeps/progress.hpp"
#include "sweeps/results.hpp"
#include "sweeps/theory_of.hpp"

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

std::string place_of(const Job& job, const std::vector<Point>& points, const Task& task) {
  const Point& point = points[task.points.front()];
  std::string text;
  for (const auto& [name, value] : point.actual)
    if (name != "T" && name != "start_overlap") text += fmt::format("{} = {}, ", name, value);
  return fmt::format("{} {}sample {}", job.model->name, text, task.sample);
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

/// The world's failures keep their kind; a broken invariant says which point and sample broke it.
std::exception_ptr with_place(const std::exception_ptr& failure, const std::string& place) {
  try {
    std::rethrow_exception(failure);
  } catch (const EnvironmentError&) {
    return failure;
  } catch (const std::bad_alloc&) {
    return std::make_exception_ptr(EnvironmentError(place, "running", "out of memory"));
  } catch (const std::exception& error) {
    return std::make_exception_ptr(InternalError(place + ": " + error.what()));
  }
}

store::Equilibrated judgement(const std::string& word) {
  if (word == "yes") return store::Equilibrated::yes;
  if (word == "no") return store::Equilibrated::no;
  if (word == "metastable") return store::Equilibrated::metastable;
  return store::Equilibrated::not_judged;
}

void write_results_file(const Job& job, const std::vector<Point>& points, const Records& records,
                        const std::filesystem::path& directory, const store::Provenance& provenance) {
  const store::ResultTable table = result_table(job, points, records);
  const analysis::Comparison comparison = analysis::compare(table, theory_of(job));
  std::vector<store::EstimateRow> estimates;
  std::vector<store::ExtrapolatedRow> extrapolated;
  for (const analysis::Estimate& e : comparison.estimates) {
    std::size_t observable = 0;
    while (table.observables[observable].name != e.observable) ++observable;
    const double theory = e.theory.value_or(store::not_there);
    if (e.point == analysis::no_point)
      extrapolated.push_back({e.at, observable, e.component, e.mean, e.error, theory});
    else
      estimates.push_back({e.point, observable, e.component, e.mean, e.error, e.error_thermal,
                           e.error_disorder, e.tau_int, theory, judgement(e.equilibrated)});
  }
  store::write_results(directory / "results.h5", table, estimates, extrapolated, provenance);
}

store::Provenance provenance_of(const Job& job, const RunReport& report,
                                const std::vector<std::size_t>& per_thread) {
  store::Provenance provenance = store::program_provenance();
  provenance.set("title", job.title);
  provenance.set("job_toml", job.text);
  std::string text;
  for (const auto& [key, value] : resolved(job)) text += key + " = " + value + "\n";
  provenance.set("job_resolved", text);
  provenance.set("overrides", fmt::format("{}", fmt::join(job.overrides, "\n")));
  provenance.set("seed", fmt::format("{}", job.seed));
  provenance.set("rng", "philox4x32-10");
  provenance.set("threads", fmt::format("{}", report.threads));
  provenance.set("tasks_per_thread", fmt::format("{}", fmt::join(per_thread, " ")));
  provenance.set("wall_seconds", report.seconds);
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
  for (const char* key : {"threads", "tasks_per_thread", "wall_seconds"})
    if (const std::string value = last.get(key); !value.empty()) provenance.set(key, value);
}

}  // namespace

RunReport run(const Job& job, const std::filesystem::path& directory, const RunOptions& options,
              const std::atomic<bool>& interrupted) {
  const Clock::time_point start = Clock::now();
  const std::vector<Point> points = sweeps::points(job);
  const std::vector<Task> all = tasks(job, points);
  const store::DirectoryLock lock(directory);
  adopt(directory, job);
  store::ShardStore shards(directory / "shards", record_layout(job));
  store::ShardStore::Contents before = shards.read();

  RunReport report;
  report.tasks = all.size();
  report.damaged = before.damaged;
  report.threads = options.threads > 0 ? options.threads : omp_get_num_procs();
  std::vector<const Task*> missing;
  double work = 0, work_before = 0;
  for (const Task& task : all) {
    work += work_of(job, points, task);
    if (is_complete(job, points, task, before.chains)) {
      ++report.done_before;
      work_before += work_of(job, points, task);
      continue;
    }
    missing.push_back(&task);
    for (const std::size_t p : task.points)
      if (before.chains.count(points[p].record_key(job.seed, task.sample, 0, job.replicas))) {
        ++report.continued;
        break;
      }
  }

  Progress progress(directory, all.size(), work, report.done_before, work_before, options.is_quiet);
  Durability durability(shards);
  std::vector<std::size_t> per_thread(static_cast<std::size_t>(report.threads), 0);
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
  std::mutex failure_mutex;
  const auto num_missing = static_cast<std::ptrdiff_t>(missing.size());
#pragma omp parallel for schedule(dynamic, 1) num_threads(report.threads)
  for (std::ptrdiff_t k = 0; k < num_missing; ++k) {
    if (interrupted || failed) continue;
    const Task& task = *missing[static_cast<std::size_t>(k)];
    try {
      const auto records = run_task(job, points, task, before.chains, interrupted);
      if (!records.empty()) shards.write(task.name, records);
      durability.tick();
      if (interrupted && !is_finished_by(records, job, points, task, before.chains)) continue;
      progress.task_done(work_of(job, points, task));
      ++per_thread[static_cast<std::size_t>(omp_get_thread_num())];
    } catch (...) {
      const std::lock_guard guard(failure_mutex);
      if (!failed) failure = with_place(std::current_exception(), place_of(job, points, task));
      failed = true;
    }
  }
  for (const std::size_t count : per_thread) report.ran += count;
  shards.make_durable();
  if (failure) {
    progress.finish("failed");
    std::rethrow_exception(failure);
  }
  report.is_complete = report.done_before + report.ran == report.tasks;
  report.seconds = seconds_since(start);
  progress.finish(report.is_complete ? "done" : "interrupted");
  const Records records = missing.empty() ? std::move(before.chains) : shards.read().chains;
  store::Provenance provenance = provenance_of(job, report, per_thread);
  if (missing.empty()) keep_last_run(directory, provenance);
  write_results_file(job, points, records, directory, provenance);
  shards.pack();
  return report;
}

Loaded load(const std::filesystem::path& directory) {
  Job job = job_of(directory);
  std::vector<Point> all = points(job);
  store::ShardStore::Contents contents = store::ShardStore(directory / "shards", record_layout(job)).read();
  return {std::move(job), std::move(all), std::move(contents.chains), std::move(contents.damaged)};
}

}  // namespace mattis::sweeps
