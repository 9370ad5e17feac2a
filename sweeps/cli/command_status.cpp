// mattis status: how far a directory is, also while it is being worked on.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "analysis/estimates/disorder_average.hpp"
#include "engine/store/directory_lock.hpp"
#include "sweeps/cli/advice_text.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/progress.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"

namespace mattis::cli {

namespace {

std::string rate_text(double per_second) {
  if (per_second >= 1) return fmt::format("{:.3g} tasks/s", per_second);
  if (per_second * 60 >= 1) return fmt::format("{:.3g} tasks/min", per_second * 60);
  return fmt::format("{:.3g} tasks/h", per_second * 3600);
}

/// The line tells what was left when it was written.
std::string end_text(const sweeps::ProgressLine& line) {
  if (line.seconds_left < 0) return "left      not known before the first task is done\n";
  const double left = std::max(0.0, line.seconds_left - sweeps::age(line));
  return fmt::format("left      {}\nend       about {:%Y-%m-%d %H:%M:%S} UTC\n", sweeps::duration(left),
                     fmt::gmtime(std::time(nullptr) + static_cast<std::time_t>(left)));
}

}  // namespace

int run_status(const Verb& verb, const std::vector<std::string>& words) {
  const auto values = parse(verb, words, Options{}, 1, 1);
  if (!values) return exit_done;
  const std::filesystem::path directory = words_of(*values).front();
  const sweeps::Loaded loaded = sweeps::load(directory);
  const auto all = sweeps::tasks(loaded.job, loaded.points);
  std::size_t done = 0, begun = 0;
  for (const sweeps::Task& task : all) {
    if (sweeps::is_complete(loaded.job, loaded.points, task, loaded.records)) {
      ++done;
      continue;
    }
    for (const std::size_t p : task.points)
      if (loaded.records.count(
              loaded.points[p].record_key(loaded.job.seed, task.sample, 0, loaded.job.replicas))) {
        ++begun;
        break;
      }
  }
  const bool is_running = store::DirectoryLock::is_held(directory);
  sweeps::ProgressLine line;
  const bool is_told = is_running && sweeps::Progress::read_last(directory, line);
  if (is_told) begun = std::min(std::max(begun, line.tasks_under_way), all.size() - done);
  std::string text =
      fmt::format("{}: {}\ntasks     {}\ndone      {}\nbegun     {}\nmissing   {}\n", directory.string(),
                  loaded.job.title, all.size(), done, begun, all.size() - done - begun);
  text += fmt::format("running   {}\n", is_running ? "yes" : "no");
  if (is_told) {
    text += fmt::format("work      {:.3g} %, that inside begun tasks included\n", line.percent);
    text += fmt::format("rate      {}\n", rate_text(line.tasks_per_second));
    text += end_text(line);
  }
  for (const std::string& damage : loaded.damaged) text += fmt::format("damaged   {}\n", damage);
  if (done == all.size())
    text += advice_text(loaded.job, analysis::disorder_average(
                                        sweeps::result_table(loaded.job, loaded.points, loaded.records)));
  print_data(text);
  return exit_done;
}

}  // namespace mattis::cli
