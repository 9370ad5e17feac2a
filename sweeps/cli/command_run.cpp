// mattis run: the work itself.
#include <fmt/format.h>

#include <cstdio>

#include "sweeps/cli/verb.hpp"
#include "sweeps/directory.hpp"
#include "sweeps/progress.hpp"
#include "sweeps/requested_kernel.hpp"
#include "sweeps/run.hpp"
#include "sweeps/stop.hpp"

namespace mattis::cli {

namespace {

/// "90", "90s", "30m", "1.5h", or "[days-]hours:minutes:seconds" as SLURM writes it: seconds.
double duration_of(const std::string& text) {
  const auto refuse = [&] {
    throw InputError(fmt::format("'{}' is no time", text), "--time-limit", "write 3600, 60m, 1h or 01:00:00");
  };
  double seconds = 0;
  char unit = 's', rest = 0;
  if (text.find(':') != std::string::npos) {
    int days = 0, hours = 0, minutes = 0;
    const char* clock = text.c_str();
    if (const auto dash = text.find('-'); dash != std::string::npos) {
      if (std::sscanf(clock, "%d-", &days) != 1) refuse();
      clock += dash + 1;
    }
    if (std::sscanf(clock, "%d:%d:%lf%c", &hours, &minutes, &seconds, &rest) != 3) refuse();
    seconds += 60.0 * (minutes + 60.0 * (hours + 24.0 * days));
  } else {
    const int read = std::sscanf(text.c_str(), "%lf%c%c", &seconds, &unit, &rest);
    if (read < 1 || read > 2) refuse();
    if (unit == 'm') seconds *= 60;
    if (unit == 'h') seconds *= 3600;
    if (unit != 's' && unit != 'm' && unit != 'h') refuse();
  }
  if (!(seconds > 0) || seconds > 1e9) refuse();
  return seconds;
}

/// Saving what is under way and writing results takes a moment too.
double with_margin(double limit) { return limit - std::min(10.0, limit / 10); }

int run_among(sweeps::Ranks& ranks, std::atomic<bool>& stop, const Verb& verb,
              const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("output,o", po::value<std::string>()->default_value(""),
                        "results directory (default: the job's name)")(
      "threads,j", po::value<int>(), "threads of each rank (default: its share of the cores it may use)")(
      "time-limit", po::value<std::string>()->value_name("TIME"),
      "stop in time, save all and exit with 75: 3600, 60m, 1h, 01:00:00")(
      "kernel", po::value<std::string>()->value_name("NAME"),
      "auto (default), scalar, cached or table: how sweeps are computed; speed only, the results are the "
      "same bits")("quiet,q", po::bool_switch(), "no progress on stderr");
  add_overrides(options);
  std::optional<Values> values;
  std::optional<sweeps::Job> job;
  sweeps::RunOptions run_options;
  sweeps::together(ranks, [&] {
    values = parse(verb, words, options, 1, 1);
    if (!values) return;
    if (values->count("threads") && (run_options.threads = (*values)["threads"].as<int>()) < 1)
      throw InputError(fmt::format("{} threads", run_options.threads), "-j",
                       "one or more; leave -j out for all cores");
    if (values->count("kernel"))
      run_options.kernel = sweeps::kernel_named((*values)["kernel"].as<std::string>());
    run_options.is_quiet = (*values)["quiet"].as<bool>();
    if (values->count("time-limit"))
      sweeps::stop_after(with_margin(duration_of((*values)["time-limit"].as<std::string>())));
    job = sweeps::read_job(words_of(*values).front(), overrides_of(*values));
  });
  if (!values) return exit_done;
  const bool speaks = ranks.is_first() && !run_options.is_quiet;
  if (speaks) warn_of_transient(*job);
  const auto directory = sweeps::results_directory(*job, (*values)["output"].as<std::string>());
  const sweeps::RunReport report = sweeps::run(*job, directory, run_options, stop, ranks);
  for (const std::string& damage : report.damaged) fmt::print(stderr, "damaged, recomputed: {}\n", damage);
  if (speaks)
    fmt::print(stderr,
               "{}: {} tasks, {} done before, {} run now ({} of them continued) in {} with {} threads{}\n",
               directory.string(), report.tasks, report.done_before, report.ran, report.continued,
               sweeps::duration(report.seconds), report.threads,
               report.ranks > 1 ? fmt::format(" on each of {} ranks", report.ranks) : "");
  if (!report.note.empty()) fmt::print(stderr, "{}\n", report.note);
  if (report.is_complete) return exit_done;
  if (ranks.is_first()) fmt::print(stderr, "interrupted; the same command goes on\n");
  return exit_run_again;
}

}  // namespace

int run_run(const Verb& verb, const std::vector<std::string>& words) {
  std::atomic<bool>& stop = sweeps::stop_flag();
  const auto ranks = sweeps::join_ranks();
  try {
    return run_among(*ranks, stop, verb, words);
  } catch (...) {
    return say_failure();  // while the ranks are together: the first that ends with a code has the launcher kill the rest
  }
}

}  // namespace mattis::cli
