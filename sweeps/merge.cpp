#include "sweeps/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "engine/store/directory_lock.hpp"
#include "engine/store/results_file.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/fsck.hpp"
#include "sweeps/write_results.hpp"

namespace mattis::sweeps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t shard_bytes = std::size_t{8} << 20;

bool is_same_directory(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

/// The result first if it holds results already, then every other directory once.
std::vector<Source> sources_of(const std::vector<fs::path>& directories, const fs::path& out) {
  std::vector<Source> sources;
  if (holds_results(out)) sources.push_back({out, job_of(out)});
  for (const fs::path& directory : directories)
    if (std::none_of(sources.begin(), sources.end(),
                     [&](const Source& held) { return is_same_directory(held.directory, directory); }))
      sources.push_back({directory, job_of(directory)});
  return sources;
}

/// Records of all sources by key, and which of them the result lacks.
class Pool {
 public:
  Pool(fs::path name, Records records) : names_{std::move(name)}, records_(std::move(records)) {}

  MergedDirectory add(const fs::path& name, store::ShardStore::Contents contents) {
    names_.push_back(name);
    MergedDirectory report{name, 0, 0, 0, std::move(contents.damaged)};
    for (auto& [key, record] : contents.chains) {
      const bool is_chain = !record.state.empty();
      auto [held, is_new] = records_.try_emplace(key);
      if (is_new || held->second.sweeps_done < record.sweeps_done) {
        held->second = std::move(record);
        origin_[key] = names_.size() - 1;
        report.taken += is_chain;
      } else if (held->second.sweeps_done > record.sweeps_done || same_bits(held->second, record)) {
        report.there += is_chain;
      } else {
        const auto origin = origin_.find(key);
        disagreeing_.push_back(
            {key, origin == origin_.end() ? 0 : origin->second, names_.size() - 1, record.sweeps_done});
        ++report.disagreeing;
      }
    }
    return report;
  }

  /// What the result lacks, without the chains that disagree, in shards of about 8 MiB.
  void write(store::ShardStore& shards) {
    for (const Disagreement& chain : disagreeing_) origin_.erase(chain.key);
    std::vector<std::uint64_t> keys;
    for (const auto& [key, origin] : origin_) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    std::vector<store::ChainRecord> some;
    std::size_t bytes = 0;
    const auto flush = [&] {
      if (!some.empty()) shards.write("merged", some);
      some.clear();
      bytes = 0;
    };
    for (const std::uint64_t key : keys) {
      store::ChainRecord& record = records_.at(key);
      bytes += 8 * (record.values.size() + record.state.size());
      some.push_back(std::move(record));
      if (bytes >= shard_bytes) flush();
    }
    flush();
    shards.make_durable();
  }

  std::vector<std::string> disagreements(const Job& job, const std::vector<Point>& points) const {
    std::vector<std::string> texts;
    if (disagreeing_.empty()) return texts;
    std::unordered_map<std::uint64_t, std::string> places;
    for (const Disagreement& chain : disagreeing_) places[chain.key] = "a chain outside the grids";
    for (const Task& task : tasks(job, points))
      for (const std::size_t p : task.points)
        for (int replica = -1; replica < job.replicas; ++replica) {
          const auto place = places.find(points[p].record_key(job.seed, task.sample, replica, job.replicas));
          if (place != places.end())
            place->second = fmt::format("{}, {}", place_of(job, points[p], task.sample),
                                        replica < 0 ? "all replicas" : fmt::format("replica {}", replica));
        }
    for (const Disagreement& chain : disagreeing_)
      texts.push_back(fmt::format("{}: {} and {} differ after {} sweeps", places.at(chain.key),
                                  names_[chain.held].string(), names_[chain.came].string(),
                                  chain.sweeps_done));
    std::sort(texts.begin(), texts.end());
    return texts;
  }

 private:
  struct Disagreement {
    std::uint64_t key;
    std::size_t held, came;  ///< directories
    std::int64_t sweeps_done;
  };
  std::vector<fs::path> names_;  ///< the result, then the sources
  Records records_;
  std::unordered_map<std::uint64_t, std::size_t> origin_;  ///< of what the result lacks
  std::vector<Disagreement> disagreeing_;
};

/// One line for each directory that was simulated: who computed it, where.
std::string merged_from(const std::vector<Source>& sources) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& line) {
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  };
  for (const Source& source : sources) {
    store::Provenance there;
    try {
      there = store::read_provenance(source.directory / "results.h5");
    } catch (const EnvironmentError&) {
      add(source.directory.string());  // a run that has not ended yet: its shards are there
      continue;
    }
    std::istringstream earlier(there.get("merged_from"));
    if (earlier.str().empty())
      add(fmt::format("{}: commit {}, {}, {}", source.directory.string(), there.get("git_commit"),
                      there.get("cpu_model"), there.get("created")));
    for (std::string line; std::getline(earlier, line);) add(line);
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

MergeReport merge(const std::vector<fs::path>& directories, const fs::path& out) {
  const std::vector<Source> sources = sources_of(directories, out);
  MergeReport report;
  report.job = merged_job(sources);
  const std::vector<Point> all = points(report.job);
  const std::string layout = record_layout(report.job);
  const store::DirectoryLock lock(out);
  store::ShardStore shards(out / "shards", layout);
  store::ShardStore::Contents before = shards.read();
  report.before = num_chains(before.chains);
  report.damaged = std::move(before.damaged);
  Pool pool(out, std::move(before.chains));
  for (const Source& source : sources)
    if (!is_same_directory(source.directory, out))
      report.directories.push_back(
          pool.add(source.directory, store::ShardStore(source.directory / "shards", layout).read()));
  adopt(out, report.job);
  report.disagreements = pool.disagreements(report.job, all);
  pool.write(shards);
  const Records records = shards.read().chains;
  const TaskCensus count = census(report.job, all, records, 0);
  report.tasks = count.tasks;
  report.done = count.done;
  store::Provenance provenance = provenance_of(report.job);
  provenance.set("merged_from", merged_from(sources));
  write_results_file(report.job, all, records, out, provenance);
  shards.pack();
  return report;
}

}  // namespace mattis::sweeps
