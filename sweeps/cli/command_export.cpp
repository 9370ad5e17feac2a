// mattis export, mattis exact: results as a long-format table, measured or enumerated.
#include <cmath>

#include "analysis/compare.hpp"
#include "sweeps/cli/result_tables.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::cli {

namespace {

void add_table_options(Options& options) {
  namespace po = boost::program_options;
  options.add_options()("format", po::value<std::string>()->value_name("csv|json"), "csv (default) or json")(
      "samples", po::bool_switch(), "one row per sample and replica instead of averages");
}

/// Averages over all states are sums of order 1: what is left of them below this is rounding.
constexpr double rounding = 1e-15;

void print_table(const Values& values, const store::ResultTable& table,
                 const analysis::Comparison& comparison) {
  const std::string format = chosen(values, "format", {"csv", "json"});
  print_data(values["samples"].as<bool>() ? samples_text(table, format)
                                          : estimates_text(table, comparison, format));
}

}  // namespace

int run_export(const Verb& verb, const std::vector<std::string>& words) {
  Options options("options");
  add_table_options(options);
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const sweeps::Loaded loaded = sweeps::load(words_of(*values).front());
  const store::ResultTable table = sweeps::result_table(loaded.job, loaded.points, loaded.records);
  print_table(*values, table, analysis::compare(table, sweeps::theory_of(loaded.job)));
  warn_of_cycles(table);
  return exit_done;
}

int run_exact(const Verb& verb, const std::vector<std::string>& words) {
  Options options("options");
  add_table_options(options);
  add_overrides(options);
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const sweeps::Job job = sweeps::read_job(words_of(*values).front(), overrides_of(*values));
  store::ResultTable table = sweeps::exact_table(job, sweeps::points(job));
  for (store::Series& series : table.series)
    for (store::ChainValue& chain : series.values)
      if (std::abs(chain.value) < rounding) chain.value = 0;
  analysis::Comparison comparison = analysis::compare(table, sweeps::theory_of(job));
  for (analysis::Estimate& e : comparison.estimates) e.note.clear();  // averages over all states, no chains
  print_table(*values, table, comparison);
  return exit_done;
}

}  // namespace mattis::cli
