// mattis run: the work itself.
#include <fmt/format.h>

#include "sweeps/cli/verb.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/interrupt.hpp"
#include "sweeps/progress.hpp"
#include "sweeps/run.hpp"

namespace mattis::cli {

int run_run(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("output,o", po::value<std::string>()->default_value(""),
                        "results directory (default: the job's name)")(
      "threads,j", po::value<int>()->default_value(0), "threads (default: all cores this process may use)")(
      "quiet,q", po::bool_switch(), "no progress on stderr");
  add_overrides(options);
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  sweeps::RunOptions run_options;
  run_options.threads = (*values)["threads"].as<int>();
  run_options.is_quiet = (*values)["quiet"].as<bool>();
  if (run_options.threads < 0)
    throw InputError(fmt::format("{} threads", run_options.threads), "-j", "one or more");

  const sweeps::Job job = sweeps::read_job(words_of(*values).front(), overrides_of(*values));
  if (!run_options.is_quiet) warn_of_transient(job);
  const auto directory = sweeps::results_directory(job, (*values)["output"].as<std::string>());
  const sweeps::RunReport report = sweeps::run(job, directory, run_options, sweeps::interrupted_by_signal());
  for (const std::string& damage : report.damaged) fmt::print(stderr, "damaged, recomputed: {}\n", damage);
  if (!run_options.is_quiet)
    fmt::print(stderr,
               "{}: {} tasks, {} done before, {} run now ({} of them continued) in {} with {} threads\n",
               directory.string(), report.tasks, report.done_before, report.ran, report.continued,
               sweeps::duration(report.seconds), report.threads);
  if (report.is_complete) return exit_done;
  fmt::print(stderr, "interrupted; the same command goes on\n");
  return exit_run_again;
}

}  // namespace mattis::cli
