#include "sweeps/cli/verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "engine/error.hpp"
#include "engine/nearest_name.hpp"
#include "sweeps/results.hpp"

namespace mattis::cli {

namespace po = boost::program_options;

namespace {

const std::string basins = "mattis run sweeps/jobs/basins.toml -o basins -j 2";

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {"models", "models", "list the models", "mattis models", run_models},
      {"explain", "explain MODEL", "Hamiltonian, load, observables, theory and sources of a model",
       "mattis explain hopfield", run_explain},
      {"check", "check JOB [--set KEY=VALUE]", "validate a job and print it with every default filled in",
       "mattis check sweeps/jobs/hopfield-thermal.toml", run_check},
      {"plan", "plan JOB [--set KEY=VALUE] [-j THREADS]",
       "points, tasks, memory, files and time of a job, without running it",
       "mattis plan sweeps/jobs/hopfield-capacity.toml", run_plan},
      {"run", "run JOB [-o DIR] [-j THREADS] [--kernel NAME] [--set KEY=VALUE]",
       "run a job, or go on with it: the same command resumes and extends", basins, run_run},
      {"status", "status DIR", "what is done, running and missing, and when it will end",
       "mattis status basins", run_status, basins},
      {"export", "export DIR [--format csv|json] [--samples]",
       "results as a table on stdout, one number a row", "mattis export basins --format csv", run_export,
       basins},
      {"exact", "exact JOB [--format csv|json] [--samples] [--set KEY=VALUE]",
       "what export would print, by enumeration of all states (N <= 24)",
       "mattis exact sweeps/jobs/hopfield-thermal.toml --set grid.N=12 --set grid.alpha=0.25 --set "
       "plan.samples=2",
       run_exact},
      {"theory", "theory MODEL [QUANTITY] [KEY=VALUE ...] [--level rs|1rsb|parisi] [--format table|csv|json]",
       "predictions; a value may be a range a:b:step",
       "mattis theory hopfield state alpha=0.05 T=0.1:0.5:0.1 phase=retrieval", run_theory},
      {"compare", "compare DIR [--require Z] [--format table|csv|json]",
       "simulation minus theory in units of the error", "mattis compare basins", run_compare, basins},
      {"plot", "plot DIR [-o F.svg,F.png,F.pdf]", "figures with error bars and theory lines",
       "mattis plot basins -o basins.svg,.png", run_plot, basins},
      {"verify", "verify DIR [--share 0.05] [--all] [--seed S] [-j THREADS]",
       "run some finished tasks again and compare every bit with what is on disk",
       "mattis verify basins --share 0.1 --seed 7", run_verify, basins},
      {"fsck", "fsck DIR", "what a directory holds, what is damaged, what `run` would still do",
       "mattis fsck basins", run_fsck, basins},
      {"merge", "merge DIR... -o OUT [-q]",
       "join results of several machines: one physics, any parts of the grid",
       "mattis merge basins-1 basins-2 -o basins-all", run_merge,
       "mattis run sweeps/jobs/basins.toml -o basins-1 --set grid.N=500\n"
       "         mattis run sweeps/jobs/basins.toml -o basins-2 --set grid.N=1000"},
      {"bench",
       "bench [MODEL] [--size N] [--load ALPHA] [--temperature T] [--kernel NAME] [--seconds S] [--format "
       "table|csv|json]",
       "speed of this machine: proposals a second, beside the naive baseline and the bound",
       "mattis bench hopfield --size 1000 --temperature 0.5 --seconds 0.1", run_bench},
  };
  return all;
}

namespace {

/// "--threads takes a whole number: threads of each rank ...".
std::string what_it_takes(const Options& options, const std::string& option) {
  const std::string name = option.substr(std::min(option.find_first_not_of('-'), option.size()));
  const po::option_description* known = options.find_nothrow(name, false);
  if (!known) return {};
  const auto* value = known->semantic().get();
  const std::string kind = dynamic_cast<const po::typed_value<int>*>(value) ||
                                   dynamic_cast<const po::typed_value<std::uint64_t>*>(value)
                               ? "a whole number"
                           : dynamic_cast<const po::typed_value<double>*>(value) ? "a number"
                                                                                 : "another value";
  return fmt::format("--{} takes {}: {}", known->long_name(), kind, known->description());
}

}  // namespace

std::optional<Values> parse(const Verb& verb, const std::vector<std::string>& words, const Options& options,
                            std::size_t fewest_words, std::size_t most_words) {
  Options everything;
  everything.add(options);
  everything.add_options()("help,h", "print this help")(
      "words", po::value<std::vector<std::string>>()->default_value({}, ""));
  po::positional_options_description positional;
  positional.add("words", -1);
  Values values;
  const std::string name = "mattis " + verb.name;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(words).options(everything).positional(positional).style(style).run(),
              values);
    po::notify(values);
  } catch (const po::invalid_option_value& error) {
    throw InputError(error.what(), name, what_it_takes(everything, error.get_option_name()));
  } catch (const po::error& error) {
    throw InputError(error.what(), name, fmt::format("see {} --help", name));
  }
  if (values.count("help")) {
    std::ostringstream text;
    text << "usage: mattis " << verb.usage << "\n\n" << verb.summary << "\n\n";
    if (!options.options().empty()) text << options << "\n";
    text << "example: " << verb.example << "\n";
    if (!verb.before.empty()) text << "after:   " << verb.before << "\n";
    print_data(text.str());
    return std::nullopt;
  }
  const std::size_t count = words_of(values).size();
  if (count < fewest_words) throw InputError("something is missing", name, "usage: mattis " + verb.usage);
  if (count > most_words)
    throw InputError(fmt::format("does not know what to do with '{}'", words_of(values)[most_words]), name,
                     "usage: mattis " + verb.usage);
  return values;
}

void add_overrides(Options& options) {
  options.add_options()("set", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
                        "override a value of the job, as in plan.samples=20 (repeatable)");
}

const std::vector<std::string>& words_of(const Values& values) {
  return values["words"].as<std::vector<std::string>>();
}

std::vector<std::string> overrides_of(const Values& values) {
  return values.count("set") ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string chosen(const Values& values, const std::string& option, const std::vector<std::string>& choices) {
  if (!values.count(option)) return choices.front();
  const std::string& value = values[option].as<std::string>();
  if (std::find(choices.begin(), choices.end(), value) == choices.end())
    throw InputError(fmt::format("'{}' is not known", value), "--" + option, suggestion(value, choices));
  return value;
}

void warn_of_transient(const sweeps::Job& job) {
  const auto& temperatures = job.temperatures();
  if (job.burn_in > 0 ||
      std::all_of(temperatures.begin(), temperatures.end(), [](double t) { return t == 0; }))
    return;
  if (std::all_of(job.observables.begin(), job.observables.end(),
                  [](const auto& name) { return name == "retrieval_lost"; }))
    return;
  fmt::print(stderr,
             "note: burn_in = 0 at T > 0, so averages begin at the start itself and may be off by several of "
             "their errors; "
             "[plan] burn_in = {} would leave out the first {} sweeps\n",
             std::max<std::int64_t>(job.sweeps / 10, 1), std::max<std::int64_t>(job.sweeps / 10, 1));
}

void warn_of_cycles(const store::ResultTable& table) {
  if (const std::string note = sweeps::note_of_cycles(table); !note.empty()) fmt::print(stderr, "{}\n", note);
}

void print_data(const std::string& text) {
  errno = 0;
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!is_written) throw EnvironmentError("stdout", "writing", std::strerror(errno));
}

}  // namespace mattis::cli
