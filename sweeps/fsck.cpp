#include "sweeps/fsck.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/store/directory_lock.hpp"
#include "engine/store/hdf5_file.hpp"
#include "engine/store/provenance.hpp"
#include "engine/store/results_file.hpp"
#include "sweeps/directory.hpp"

namespace mattis::sweeps {

namespace fs = std::filesystem;

namespace {

/// Empty if every number and text of results.h5 can be read.
std::string trouble_with_results(const fs::path& file) {
  try {
    store::read_provenance(file);
    const auto hdf5 = store::Hdf5File::open(file);
    for (const std::string& name : hdf5.names()) {
      if (name == "provenance") continue;
      if (hdf5.kind(name) == store::Hdf5File::Kind::number)
        hdf5.read<double>(name);
      else
        hdf5.read_strings(name);
    }
  } catch (const std::exception& error) {  // damaged lengths ask for any amount of memory
    return error.what();
  }
  return {};
}

std::vector<fs::path> leftovers_in(const fs::path& directory) {
  std::vector<fs::path> found;
  for (const fs::path& place : {directory, directory / "shards"}) {
    std::error_code error;
    for (fs::directory_iterator file(place, error), end; !error && file != end; file.increment(error))
      if (file->path().extension() == ".tmp") found.push_back(file->path());
    if (error && error != std::errc::no_such_file_or_directory)
      throw EnvironmentError(place.string(), "list", error.message());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Has the task a record of any of its chains?
bool is_begun(const Job& job, const std::vector<Point>& points, const Task& task, const Records& records) {
  for (const std::size_t p : task.points)
    for (int replica = 0; replica < job.replicas; ++replica)
      if (records.count(points[p].record_key(job.seed, task.sample, replica, job.replicas))) return true;
  return false;
}

}  // namespace

std::size_t num_chains(const Records& records) {
  return static_cast<std::size_t>(std::count_if(
      records.begin(), records.end(), [](const auto& entry) { return !entry.second.state.empty(); }));
}

TaskCensus census(const Job& job, const std::vector<Point>& points, const Records& records,
                  std::size_t most_places) {
  TaskCensus count;
  for (const Task& task : tasks(job, points)) {
    ++count.tasks;
    std::vector<std::size_t> missing;
    for (const std::size_t p : task.points)
      if (!is_complete(job, points, Task{{p}, task.sample, task.name}, records)) missing.push_back(p);
    if (missing.empty()) {
      ++count.done;
      continue;
    }
    count.begun += is_begun(job, points, task, records);
    if (count.to_run.size() < most_places)
      count.to_run.push_back(fmt::format(
          "{}{}", place_of(job, points[missing.front()], task.sample),
          missing.size() == 1 ? "" : fmt::format(", and {} more of this sample", missing.size() - 1)));
  }
  return count;
}

bool Inspection::is_damaged() const { return !job || !shards.bad.empty() || !results_trouble.empty(); }

Inspection inspect(const fs::path& directory) {
  Inspection found;
  std::error_code error;
  const bool has_shards = fs::is_directory(directory / "shards", error);
  found.has_results = fs::exists(fs::symlink_status(directory / "results.h5", error));
  try {
    if (holds_results(directory))
      found.job = job_of(directory);
    else if (has_shards || found.has_results)
      found.job_trouble = "is not there";
  } catch (const EnvironmentError& failure) {
    found.job_trouble = failure.what();
  } catch (const InputError& failure) {
    found.job_trouble = failure.what();
  }
  if (!found.job && found.job_trouble.empty())
    throw InputError("holds no results of mattis", directory.string(),
                     "give the directory that `mattis run` wrote");
  found.is_locked = store::DirectoryLock::is_held(directory);
  const std::string layout = found.job ? record_layout(*found.job) : std::string();
  found.shards = store::ShardStore(directory / "shards", layout).read(store::ShardStore::Foreign::listed);
  if (!found.job)  // without a job nobody can tell what a whole shard should hold
    std::erase_if(found.shards.bad,
                  [](const auto& bad) { return bad.kind == store::BadShard::Kind::foreign; });
  if (found.job) found.tasks = census(*found.job, points(*found.job), found.shards.chains, 5);
  found.leftovers = leftovers_in(directory);
  if (found.has_results) found.results_trouble = trouble_with_results(directory / "results.h5");
  return found;
}

}  // namespace mattis::sweeps
