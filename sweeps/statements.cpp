#include "sweeps/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/theory/catalogue.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

std::vector<CapacityTheory> capacity_theory(const Job& job, const std::vector<store::Coordinate>& at) {
  std::vector<CapacityTheory> all;
  const theory::Quantity* capacity = quantity_of(job, "capacity");
  if (!capacity || !is_disorder_of_theory(job)) return all;
  const theory::Arguments arguments = arguments_at(job, *capacity, at);
  for (const theory::Parameter& parameter : capacity->parameters)
    if (!parameter.default_value && arguments.count(parameter.name) == 0) return all;
  const double temperature = std::get<double>(arguments.at("T"));
  const std::string wanted = job.grid.at(1).first == "gamma" ? "gamma_c" : "alpha_c";
  for (const std::string& level : capacity->levels) {
    if (level != "rs" && temperature > 0 && job.model->theory == "hopfield")
      continue;  // replica symmetry is broken at T_R only: RS holds at the spinodal above it
    try {
      const theory::Prediction prediction = capacity->evaluate(level, arguments);
      for (const auto& [name, value] : prediction.results)
        if (name == wanted && value && prediction.converged) all.push_back({level, *value});
    } catch (const InputError&) {
      // Theory does not speak of this order or form.
    }
  }
  return all;
}

namespace {

/// ", distinct, p = 3": the axes beside T, N and the load that vary.
std::string setting_of(const store::ResultTable& table, const std::vector<store::Coordinate>& at) {
  std::string text;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    const bool varies = std::any_of(
        table.points.begin(), table.points.end(),
        [&](const store::GridPoint& point) { return !(point.at[a] == table.points.front().at[a]); });
    if (!varies || table.axes[a].name == "T") continue;
    if (table.axes[a].is_label)
      text += ", " + at[a].label;
    else if (std::isfinite(at[a].number))
      text += fmt::format(", {} = {:.6g}", table.axes[a].name, at[a].number);
  }
  return text;
}

}  // namespace

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
    const std::string setting = setting_of(all.table, measured.at);
    std::vector<CapacityTheory> theory = capacity_theory(job, measured.at);
    all.capacities.push_back({std::move(measured), t, definition.load, setting, std::move(theory)});
  }
  return all;
}

}  // namespace mattis::sweeps
