#include "sweeps/statements.hpp"

#include <utility>

#include "analysis/theory/catalogue.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

std::vector<CapacityTheory> capacity_theory(const Job& job, double temperature) {
  std::vector<CapacityTheory> all;
  const theory::Quantity* capacity = quantity_of(job, "capacity");
  if (!capacity || !is_disorder_of_theory(job)) return all;
  for (const std::string& level : capacity->levels) {
    if (level != "rs" && temperature > 0)
      continue;  // replica symmetry is broken at T_R only: RS holds at the spinodal above it
    const theory::Prediction prediction = capacity->evaluate(level, {{"T", temperature}});
    for (const auto& [name, value] : prediction.results)
      if (name == "alpha_c" && value && prediction.converged) all.push_back({level, *value});
  }
  return all;
}

Statements make_statements(const Job& job, store::ResultTable table) {
  Statements all{std::move(table), {}, {}};
  all.comparison = analysis::compare(all.table, theory_of(job));
  if (!job.capacity) return all;
  analysis::CapacityDefinition definition;
  definition.load = job.grid.at(1).first;
  definition.level = job.capacity->level;
  definition.lower = job.capacity->lower;
  definition.upper = job.capacity->upper;
  definition.smallest_size = job.capacity->smallest_size;
  definition.shift_exponent = job.capacity->shift_exponent;
  definition.shift_terms = job.capacity->shift_terms;
  definition.crossing_exponent = job.capacity->crossing_exponent;
  const int temperature_axis = all.table.axis("T");
  for (analysis::Capacity& measured : analysis::measure_capacity(all.table, definition)) {
    const double t = measured.at[static_cast<std::size_t>(temperature_axis)].number;
    all.capacities.push_back({std::move(measured), t, capacity_theory(job, t)});
  }
  return all;
}

}  // namespace mattis::sweeps
