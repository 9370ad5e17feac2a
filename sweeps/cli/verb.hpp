// The command line: a table of verbs, each with its options, its help and a worked example.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/job.hpp"

namespace mattis::cli {

struct Verb {
  std::string name, usage, summary, example;
  int (*run)(const Verb& verb, const std::vector<std::string>& words);
  std::string before = {};  ///< the commands that make what the example reads
};

/// All verbs, in the order of the help.
const std::vector<Verb>& verbs();

using Options = boost::program_options::options_description;
using Values = boost::program_options::variables_map;

/// Parses what follows the verb. Words that are no options go to "words". Nothing if --help was asked (and
/// printed). Errors   InputError for unknown options, missing values and a wrong number of words.
std::optional<Values> parse(const Verb& verb, const std::vector<std::string>& words, const Options& options,
                            std::size_t fewest_words, std::size_t most_words);

/// --set, which every verb that reads a job takes.
void add_overrides(Options& options);

const std::vector<std::string>& words_of(const Values& values);
std::vector<std::string> overrides_of(const Values& values);

/// The value of an option that is one of `choices` (the first is the default), or InputError with a suggestion.
std::string chosen(const Values& values, const std::string& option, const std::vector<std::string>& choices);

/// Says on stderr when averages at T > 0 would begin at the start itself.
void warn_of_transient(const sweeps::Job& job);

/// Says on stderr what readers of the table have to know.
void warn_of_cycles(const store::ResultTable& table);

/// Data goes out in one piece, flushed and checked. Errors   EnvironmentError if stdout cannot take it.
void print_data(const std::string& text);

/// Says the exception being handled on stderr (nothing where another rank says it) and gives its exit code.
int say_failure();

int run_models(const Verb&, const std::vector<std::string>&);
int run_explain(const Verb&, const std::vector<std::string>&);
int run_check(const Verb&, const std::vector<std::string>&);
int run_plan(const Verb&, const std::vector<std::string>&);
int run_run(const Verb&, const std::vector<std::string>&);
int run_status(const Verb&, const std::vector<std::string>&);
int run_export(const Verb&, const std::vector<std::string>&);
int run_exact(const Verb&, const std::vector<std::string>&);
int run_theory(const Verb&, const std::vector<std::string>&);
int run_compare(const Verb&, const std::vector<std::string>&);
int run_plot(const Verb&, const std::vector<std::string>&);
int run_verify(const Verb&, const std::vector<std::string>&);
int run_fsck(const Verb&, const std::vector<std::string>&);
int run_merge(const Verb&, const std::vector<std::string>&);
int run_bench(const Verb&, const std::vector<std::string>&);

/// Exit codes of the program.
inline constexpr int exit_done = 0, exit_comparison_failed = 1, exit_bad_input = 2, exit_environment = 3,
                     exit_internal = 70, exit_run_again = 75;

}  // namespace mattis::cli
