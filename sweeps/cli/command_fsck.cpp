// mattis fsck: what lies in a directory, and in what state.
#include "sweeps/fsck.hpp"

#include <fmt/format.h>

#include "sweeps/cli/verb.hpp"

namespace mattis::cli {

namespace {

const char* word_for(store::BadShard::Kind kind) {
  switch (kind) {
    case store::BadShard::Kind::altered:
      return "damaged";
    case store::BadShard::Kind::unreadable:
      return "no access";
    default:
      return "foreign";
  }
}

std::string line(const std::string& name, const std::string& text) {
  return fmt::format("{:<10}{}\n", name, text);
}

std::string tasks_text(const sweeps::TaskCensus& count) {
  const std::size_t to_run = count.tasks - count.done;
  std::string text =
      line("tasks", fmt::format("{}", count.tasks)) + line("done", fmt::format("{}", count.done)) +
      line("begun", fmt::format("{}", count.begun)) +
      line("missing", fmt::format("{}", to_run - count.begun)) +
      line("to run",
           to_run == 0 ? "nothing" : fmt::format("{} tasks, by the command that ran the others", to_run));
  for (const std::string& place : count.to_run) text += line("", place);
  if (to_run > count.to_run.size())
    text += line("", fmt::format("and {} more", to_run - count.to_run.size()));
  return text;
}

}  // namespace

int run_fsck(const Verb& verb, const std::vector<std::string>& words) {
  const auto values = parse(verb, words, Options{}, 1, 1);
  if (!values) return exit_done;
  const std::filesystem::path directory = words_of(*values).front();
  const sweeps::Inspection found = sweeps::inspect(directory);
  std::string text = line("job.json", found.job ? "readable: " + found.job->title : found.job_trouble);
  text += line("results", !found.has_results ? "results.h5 is not there; `run` writes it when it ends"
                          : found.results_trouble.empty() ? "results.h5 is readable"
                                                          : found.results_trouble + "; `run` writes it anew");
  text += line("shards", fmt::format("{} files, {} bytes", found.shards.files, found.shards.bytes));
  if (found.tasks) {
    text += line("chains", fmt::format("{}", sweeps::num_chains(found.shards.chains)));
    text += tasks_text(*found.tasks);
  }
  for (const store::BadShard& bad : found.shards.bad)
    text += line(word_for(bad.kind), fmt::format("{}: {}", bad.file.string(), bad.what));
  for (const auto& file : found.leftovers)
    text += line("leftover", fmt::format("{}: {}", file.string(),
                                         found.is_locked ? "of a writer at work, or of one that was killed"
                                                         : "of a killed writer; nothing was promised of it"));
  if (found.is_locked) text += line("running", "a program works here: what it writes may change this list");
  text += line("verdict", found.is_damaged() ? "damaged" : "nothing is damaged");
  print_data(text);
  return found.is_damaged() ? exit_comparison_failed : exit_done;
}

}  // namespace mattis::cli
