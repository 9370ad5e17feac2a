#include "sweeps/cli/advice_text.hpp"

#include <fmt/format.h>

#include "sweeps/cli/result_tables.hpp"

namespace mattis::cli {

namespace {

analysis::RunLength run_length(const sweeps::Job& job) {
  return {static_cast<double>(job.burn_in), static_cast<double>(job.sweeps)};
}

}  // namespace

std::string advice_text(const sweeps::Job& job, const std::vector<analysis::Estimate>& estimates) {
  std::string text;
  for (const auto& advice : analysis::advise(estimates, run_length(job)))
    text += fmt::format("advice    {}: {}\n", advice.observable, analysis::sentence(advice));
  return text;
}

std::string advice_json(const sweeps::Job& job, const store::ResultTable& table,
                        const std::vector<analysis::Estimate>& estimates) {
  TextTable out = table_with_axes(
      table, {"observable", "component", "advice", "disorder_share", "gain_of_sweeps", "best_sweeps"});
  for (const analysis::Estimate& e : estimates) {
    const auto advice = analysis::advise(e, run_length(job));
    if (!advice) continue;
    out.row();
    add_coordinates(out, table, e.at);
    for (const std::string& text : {e.observable, e.component, analysis::name_of(advice->remedy)})
      out.add(text);
    for (const double value : {advice->disorder_share, advice->gain, advice->best_sweeps}) out.add(value);
  }
  return out.as("json");
}

}  // namespace mattis::cli
