// mattis status: how far a directory is, also while it is being worked on.
#include <fmt/format.h>

#include "analysis/estimates/disorder_average.hpp"
#include "engine/store/directory_lock.hpp"
#include "sweeps/cli/advice_text.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/progress.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"

namespace mattis::cli {

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
  std::string text = fmt::format("{}\ntasks     {}\ndone      {}\nbegun     {}\nmissing   {}\n",
                                 loaded.job.title, all.size(), done, begun, all.size() - done - begun);
  const bool is_running = store::DirectoryLock::is_held(directory);
  text += fmt::format("running   {}\n", is_running ? "yes" : "no");
  sweeps::ProgressLine line;
  if (is_running && sweeps::Progress::read_last(directory, line)) {
    text += fmt::format("rate      {:.3g} tasks/s\n",
                        line.seconds > 0 ? static_cast<double>(line.tasks_run) / line.seconds : 0.0);
    if (line.seconds_left >= 0) text += fmt::format("left      {}\n", sweeps::duration(line.seconds_left));
  }
  for (const std::string& damage : loaded.damaged) text += fmt::format("damaged   {}\n", damage);
  if (done == all.size())
    text += advice_text(loaded.job, analysis::disorder_average(
                                        sweeps::result_table(loaded.job, loaded.points, loaded.records)));
  print_data(text);
  return exit_done;
}

}  // namespace mattis::cli
