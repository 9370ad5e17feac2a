#include "sweeps/write_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/store/results_file.hpp"
#include "sweeps/results.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

store::Equilibrated judgement(const std::string& word) {
  if (word == "yes") return store::Equilibrated::yes;
  if (word == "no") return store::Equilibrated::no;
  if (word == "metastable") return store::Equilibrated::metastable;
  return store::Equilibrated::not_judged;
}

}  // namespace

store::Provenance provenance_of(const Job& job) {
  store::Provenance provenance = store::program_provenance();
  provenance.set("title", job.title);
  provenance.set("job_toml", job.text);
  std::string text;
  for (const auto& [key, value] : resolved(job)) text += key + " = " + value + "\n";
  provenance.set("job_resolved", text);
  provenance.set("overrides", fmt::format("{}", fmt::join(job.overrides, "\n")));
  provenance.set("seed", fmt::format("{}", job.seed));
  provenance.set("rng", "philox4x32-10");
  return provenance;
}

store::ResultTable write_results_file(const Job& job, const std::vector<Point>& points,
                                      const Records& records, const std::filesystem::path& directory,
                                      const store::Provenance& provenance) {
  store::ResultTable table = result_table(job, points, records);
  const analysis::Comparison comparison = analysis::compare(table, theory_of(job));
  std::vector<store::EstimateRow> estimates;
  std::vector<store::ExtrapolatedRow> extrapolated;
  for (const analysis::Estimate& e : comparison.estimates) {
    std::size_t observable = 0;
    while (table.observables[observable].name != e.observable) ++observable;
    const double theory = e.theory.value_or(store::not_there);
    if (e.point == analysis::no_point)
      extrapolated.push_back({e.at, observable, e.component, e.mean, e.error, theory});
    else
      estimates.push_back({e.point, observable, e.component, e.mean, e.error, e.error_thermal,
                           e.error_disorder, e.tau_int, theory, judgement(e.equilibrated)});
  }
  store::write_results(directory / "results.h5", table, estimates, extrapolated, provenance);
  return table;
}

}  // namespace mattis::sweeps
