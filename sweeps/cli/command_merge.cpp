// mattis merge: directories of several machines become one.
#include "sweeps/merge.hpp"

#include <fmt/format.h>

#include "sweeps/cli/verb.hpp"

namespace mattis::cli {

namespace {

/// A word as a shell reads it back.
std::string quoted(const std::string& word) {
  if (!word.empty() &&
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-=+:,") ==
          std::string::npos)
    return word;
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return text + "'";
}

std::string command_of(const sweeps::Job& job, const std::string& out) {
  std::string command = "mattis run " + quoted(job.file);
  for (const std::string& assignment : job.overrides) command += " --set " + quoted(assignment);
  return command + " -o " + quoted(out);
}

}  // namespace

int run_merge(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("output,o", po::value<std::string>()->value_name("OUT"),
                        "the result: new, one of the directories, or an earlier merge")(
      "quiet,q", po::bool_switch(), "say nothing but errors");
  const auto values = parse(verb, words, options, 1, 100000);
  if (!values) return exit_done;
  if (!values->count("output"))
    throw InputError("no directory for the result", "mattis merge", "usage: mattis " + verb.usage);
  const std::string out = (*values)["output"].as<std::string>();
  const auto& given = words_of(*values);
  const sweeps::MergeReport report = sweeps::merge({given.begin(), given.end()}, out);
  if (!(*values)["quiet"].as<bool>()) {
    if (report.before > 0) fmt::print(stderr, "{}: {} chains were there before\n", out, report.before);
    for (const sweeps::MergedDirectory& from : report.directories)
      fmt::print(stderr, "{}: {} chains taken, {} already there, {} disagree\n", from.directory.string(),
                 from.taken, from.there, from.disagreeing);
    fmt::print(stderr, "{}: {} of {} tasks done\n", out, report.done, report.tasks);
    if (report.done < report.tasks)
      fmt::print(stderr, "what the joint grid lacks is run by\n  {}\n", command_of(report.job, out));
  }
  for (const std::string& damage : report.damaged) fmt::print(stderr, "damaged, left out: {}\n", damage);
  for (const sweeps::MergedDirectory& from : report.directories)
    for (const std::string& damage : from.damaged) fmt::print(stderr, "damaged, left out: {}\n", damage);
  for (const std::string& text : report.disagreements) fmt::print(stderr, "disagree, left out: {}\n", text);
  return report.disagreements.empty() ? exit_done : exit_comparison_failed;
}

}  // namespace mattis::cli
