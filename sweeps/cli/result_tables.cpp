#include "sweeps/cli/result_tables.hpp"

namespace mattis::cli {

TextTable table_with_axes(const store::ResultTable& table, std::initializer_list<const char*> more) {
  std::vector<std::string> columns;
  for (const store::Axis& axis : table.axes) columns.push_back(axis.name);
  columns.insert(columns.end(), more.begin(), more.end());
  return TextTable(columns);
}

void add_coordinates(TextTable& out, const store::ResultTable& table,
                     const std::vector<store::Coordinate>& at) {
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    if (table.axes[a].is_label)
      out.add(at[a].label);
    else
      out.add(at[a].number);
  }
}

/// What the load of these points is called: the actual one of finite sizes.
const char* name_of_actual_load(const std::vector<analysis::Estimate>& estimates) {
  for (const char* name : {"alpha_actual", "gamma_actual", "rate_actual"})
    for (const analysis::Estimate& e : estimates)
      if (e.actual.count(name) > 0) return name;
  return "alpha_actual";
}

std::string estimates_text(const store::ResultTable& table, const analysis::Comparison& comparison,
                           const std::string& format) {
  const char* const load_name = name_of_actual_load(comparison.estimates);
  TextTable out = table_with_axes(
      table, {"observable", "component", "mean", "error", "error_thermal", "error_disorder", "tau_int",
              "samples", "theory", "theory_level", "z", load_name, "equilibrated", "left_out", "note"});
  for (const analysis::Estimate& e : comparison.estimates) {
    out.row();
    add_coordinates(out, table, e.at);
    out.add(e.observable);
    out.add(e.component);
    for (const double value : {e.mean, e.error, e.error_thermal, e.error_disorder, e.tau_int}) out.add(value);
    out.add(e.samples);
    out.add(e.theory.value_or(store::not_there));
    out.add(e.theory_level);
    out.add(e.z.value_or(store::not_there));
    const auto load = e.actual.find(load_name);
    out.add(load == e.actual.end() ? store::not_there : load->second);
    out.add(e.equilibrated);
    out.add(e.left_out);
    out.add(e.note);
  }
  return out.as(format);
}

std::string samples_text(const store::ResultTable& table, const std::string& format) {
  TextTable out =
      table_with_axes(table, {"sample", "replica", "observable", "component", "value", "error_thermal"});
  for (const store::Series& series : table.series)
    for (const store::ChainValue& value : series.values) {
      out.row();
      add_coordinates(out, table, table.points[series.point].at);
      out.add(value.sample);
      if (value.replica < 0)
        out.add(std::string{});
      else
        out.add(value.replica);
      out.add(table.observables[series.observable].name);
      out.add(series.component);
      out.add(value.value);
      out.add(value.error_thermal);
    }
  return out.as(format);
}

}  // namespace mattis::cli
