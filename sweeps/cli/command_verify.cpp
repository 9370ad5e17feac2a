// mattis verify: some finished tasks once more, bit for bit.
#include <fmt/format.h>

#include <chrono>

#include "sweeps/cli/verb.hpp"
#include "sweeps/ranks.hpp"
#include "sweeps/stop.hpp"
#include "sweeps/verify.hpp"

namespace mattis::cli {

namespace {

std::uint64_t seed_of_the_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

sweeps::VerifyOptions options_of(const Values& values) {
  sweeps::VerifyOptions options;
  options.share = values["all"].as<bool>() ? 1.0 : values["share"].as<double>();
  if (!(options.share > 0 && options.share <= 1))
    throw InputError(fmt::format("{} is no share", options.share), "--share", "it lies above 0 and up to 1");
  options.seed = seed_of_the_clock();
  if (values.count("seed")) {
    const auto seed = values["seed"].as<std::int64_t>();
    if (seed < 0) throw InputError(fmt::format("{} is no seed", seed), "--seed", "it is 0 or more");
    options.seed = static_cast<std::uint64_t>(seed);
  }
  options.threads = values.count("threads") ? values["threads"].as<int>() : sweeps::one_rank()->threads();
  if (options.threads < 1)
    throw InputError(fmt::format("{} threads", options.threads), "-j",
                     "one or more; leave -j out for all cores");
  return options;
}

}  // namespace

int run_verify(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("share", po::value<double>()->default_value(0.05, "0.05")->value_name("X"),
                        "of the finished tasks, above 0 and up to 1; at least one is run")(
      "all", po::bool_switch(), "every finished task")(
      "seed", po::value<std::int64_t>()->value_name("S"),
      "chooses the tasks (default: the clock); it is printed, for the same choice again")(
      "threads,j", po::value<int>()->value_name("THREADS"), "threads (default: the cores it may use)");
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const std::filesystem::path directory = words_of(*values).front();
  const sweeps::VerifyOptions chosen = options_of(*values);
  std::atomic<bool>& stop = sweeps::stop_flag();
  const auto report = sweeps::verify(directory, chosen, stop, [&](const sweeps::Verification& ahead) {
    for (const std::string& damage : ahead.damaged) fmt::print(stderr, "damaged, left out: {}\n", damage);
    fmt::print(stderr, "{} of {} finished tasks are run again\n", ahead.chosen, ahead.finished);
  });
  std::string text = fmt::format("seed      {}\ntasks     {} finished, {} chosen, {} run again\n",
                                 chosen.seed, report.finished, report.chosen, report.reruns.size());
  for (const sweeps::Rerun& rerun : report.reruns)
    text +=
        fmt::format("task      {}: {}\n", rerun.place,
                    rerun.differing ? fmt::format("{} of {} records differ", rerun.differing, rerun.records)
                                    : fmt::format("{} records agree", rerun.records));
  for (const std::string& difference : report.differences) text += fmt::format("differs   {}\n", difference);
  text += fmt::format("records   {} compared, {} agree, {} differ\n", report.records,
                      report.records - report.differences.size(), report.differences.size());
  print_data(text);
  if (!report.differences.empty()) return exit_comparison_failed;
  if (report.reruns.size() == report.chosen) return exit_done;
  fmt::print(stderr, "interrupted; the same command with --seed {} begins again\n", chosen.seed);
  return exit_run_again;
}

}  // namespace mattis::cli
