#include "sweeps/figures_of_theory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

using analysis::Estimate;

constexpr int steps = 100;  // of a line

/// Loads that are densities: any number is one, and the actual one is in `NAME_actual`.
bool is_density(const std::string& name) { return name == "alpha" || name == "gamma"; }

void note(std::vector<std::string>& levels, const std::string& level) {
  if (std::find(levels.begin(), levels.end(), level) == levels.end()) levels.push_back(level);
}

}  // namespace

TheoryDrawing::TheoryDrawing(const Job& job, const Statements& statements, const FigureAxes& axes)
    : job_(job), statements_(statements), axes_(axes), theory_(theory_of(job)) {}

double TheoryDrawing::x_of(const Estimate& e) const {
  const auto actual = e.actual.find(axes_.x_name() + "_actual");
  return is_density(axes_.x_name()) && actual != e.actual.end() ? actual->second : e.at[axes_.x()].number;
}

/// Can theory be asked between the points? Not along N, and along P or K no load stays what it is.
bool TheoryDrawing::is_continuous(const Estimate& e) const {
  const std::string& name = axes_.x_name();
  return is_density(name) || (name != "N" && name != "P" && name != "K" && name != "p" &&
                              name != "start_overlap" && e.actual.count(name) > 0);
}

std::vector<LegendKey> TheoryDrawing::draw(Figure& figure,
                                           const std::vector<const Estimate*>& estimates) const {
  std::vector<LegendKey> keys;
  if (add_fitted_curves(figure, estimates)) keys.push_back({"fits of the half points", Curve::Style::line});
  add_marks(figure, estimates);
  if (!theory_) return keys;
  const auto [least, greatest] = std::minmax_element(
      estimates.begin(), estimates.end(), [&](const auto* a, const auto* b) { return x_of(*a) < x_of(*b); });
  const double from = x_of(**least), to = x_of(**greatest);
  std::vector<std::string> levels;
  bool is_drawn = false;
  const bool as_lines = to > from && is_continuous(*estimates.front());
  std::set<int> done;
  if (as_lines) {
    for (const Estimate* e : estimates)
      if (done.insert(axes_.group_of_theory(e->at)).second)
        is_drawn = add_line(figure, *e, from, to, levels) || is_drawn;
  } else {
    is_drawn = add_crosses(figure, estimates, levels);
  }
  if (is_drawn)
    keys.push_back({fmt::format("theory ({})", fmt::join(levels, ", ")),
                    as_lines ? Curve::Style::line : Curve::Style::cross});
  return keys;
}

/// Theory at N = infinity on a fine grid, at one setting of the other axes.
bool TheoryDrawing::add_line(Figure& figure, const Estimate& e, double from, double to,
                             std::vector<std::string>& levels) const {
  Curve line;
  line.style = Curve::Style::line;
  line.group = axes_.group_of_theory(e.at);
  store::GridPoint point{e.at, e.actual, 0};
  point.actual[store::strayed_chains] = 0;
  point.actual["N"] = analysis::infinity;
  for (const store::Coordinate& coordinate : e.at)
    if (const std::string& name =
            statements_.table.axes[static_cast<std::size_t>(&coordinate - e.at.data())].name;
        is_density(name))
      point.actual[name + "_actual"] = coordinate.number;  // asked for: the limit of the actual ones
  bool any = false;
  for (int k = 0; k <= steps; ++k) {
    const double x = from + (to - from) * k / steps;
    point.at[axes_.x()].number = x;
    point.actual[axes_.x_name() + (is_density(axes_.x_name()) ? "_actual" : "")] = x;
    const auto value = theory_(point, e.observable, e.component);
    line.x.push_back(x);
    line.y.push_back(value ? value->first : store::not_there);
    if (value) note(levels, value->second);
    any = any || value;
  }
  const std::string setting = line.group >= 0 ? axes_.curve(e.at) : "";
  line.title = fmt::format("{}theory ({})", setting.empty() ? "" : setting + ", ", fmt::join(levels, ", "));
  if (any) figure.curves.push_back(std::move(line));
  return any;
}

/// Theory at the points themselves, one cross where several sizes agree on it.
bool TheoryDrawing::add_crosses(Figure& figure, const std::vector<const Estimate*>& estimates,
                                std::vector<std::string>& levels) const {
  std::map<int, std::set<std::pair<double, double>>> by_group;
  for (const Estimate* e : estimates) {
    if (!e->theory) continue;
    by_group[axes_.group_of_theory(e->at)].insert({x_of(*e), *e->theory});
    note(levels, e->theory_level);
  }
  for (const auto& [group, places] : by_group) {
    Curve crosses;
    crosses.style = Curve::Style::cross;
    crosses.group = group;
    crosses.title = fmt::format("theory ({})", fmt::join(levels, ", "));
    for (const auto& [x, y] : places) crosses.x.push_back(x), crosses.y.push_back(y);
    figure.curves.push_back(std::move(crosses));
  }
  return !by_group.empty();
}

/// The probit curves that capacities were read off, in the colours of their points.
bool TheoryDrawing::add_fitted_curves(Figure& figure, const std::vector<const Estimate*>& estimates) const {
  if (estimates.front()->observable != "retrieved" || job_.grid.size() < 3 ||
      axes_.x_name() != job_.grid[1].first)
    return false;
  const auto size = static_cast<std::size_t>(statements_.table.axis("N"));
  std::set<std::pair<const CapacityStatement*, double>> done;
  for (const Estimate* e : estimates)
    for (const CapacityStatement& statement : statements_.capacities) {
      bool is_of_it = true;
      for (std::size_t a = 0; a < e->at.size(); ++a)
        is_of_it = is_of_it && (a == axes_.x() || a == size || e->at[a] == statement.measured.at[a]);
      if (!is_of_it || !done.insert({&statement, e->at[size].number}).second) continue;
      for (const analysis::HalfPoint& half : statement.measured.half_points) {
        const analysis::FractionCurve& fitted = half.curve;
        if (half.N != e->at[size].number || !fitted.converged) continue;
        Curve line;
        line.style = Curve::Style::line;
        line.group = axes_.group(e->at);
        for (int k = 0; k <= steps; ++k) {
          line.x.push_back(fitted.lowest_load + (fitted.highest_load - fitted.lowest_load) * k / steps);
          line.y.push_back(fitted.fraction(line.x.back()));
        }
        figure.curves.push_back(std::move(line));
      }
    }
  return std::any_of(figure.curves.begin(), figure.curves.end(),
                     [](const Curve& curve) { return curve.style == Curve::Style::line; });
}

/// Against the load: where theory puts the capacity. Against T: where the retrieval state disappears, and in models with a
/// static glass transition also where they meet.
void TheoryDrawing::add_marks(Figure& figure, const std::vector<const Estimate*>& estimates) const {
  if (!theory_) return;
  std::set<double> temperatures;
  for (const Estimate* e : estimates) temperatures.insert(e->actual.at("T"));
  if (axes_.x_name() == job_.grid.at(1).first && axes_.x_name() != "P" && axes_.x_name() != "K" &&
      temperatures.size() == 1)
    add_capacities(figure, estimates);
  if (axes_.x_name() != "T") return;
  const bool has_glass_line = quantity_of(job_, "T_s") != nullptr;
  add_transition(figure, estimates, "T_M", "rs");
  if (!has_glass_line) return;
  for (const char* name : {"T_c", "T_d", "T_s"}) add_transition(figure, estimates, name, "1rsb");
}

/// One mark for each level, and for each form of the model or order of its interaction in the panel.
void TheoryDrawing::add_capacities(Figure& figure, const std::vector<const Estimate*>& estimates) const {
  const theory::Quantity* capacity = quantity_of(job_, "capacity");
  if (!capacity) return;
  std::map<theory::Arguments, const Estimate*> settings;
  for (const Estimate* e : estimates) settings.try_emplace(arguments_at(job_, *capacity, e->at), e);
  for (const auto& [arguments, e] : settings) {
    std::string setting;
    for (const auto& [name, value] : arguments) {
      const bool varies =
          std::any_of(settings.begin(), settings.end(), [&, name = name, value = value](const auto& other) {
            const auto found = other.first.find(name);
            return found == other.first.end() || found->second != value;
          });
      if (!varies) continue;
      const auto* word = std::get_if<std::string>(&value);
      setting += word ? *word + ": " : fmt::format("{} = {:.6g}: ", name, std::get<double>(value));
    }
    for (const CapacityTheory& c : capacity_theory(job_, e->at))
      figure.marks.push_back(
          {c.alpha, fmt::format("{}{}_c {} = {:.6f}", setting, axes_.x_name(), c.level, c.alpha)});
  }
}

/// A mark at this transition for each load of the panel.
void TheoryDrawing::add_transition(Figure& figure, const std::vector<const Estimate*>& estimates,
                                   const std::string& name, const std::string& level) const {
  const theory::Quantity* transition = quantity_of(job_, name);
  if (!transition) return;
  std::set<theory::Arguments> done;
  for (const Estimate* e : estimates) {
    const theory::Arguments arguments = arguments_at(job_, *transition, e->at);
    std::string loads;
    bool is_complete = true, has_load = false, takes_load = false;
    for (const theory::Parameter& parameter : transition->parameters) {
      const auto given = arguments.find(parameter.name);
      takes_load = takes_load || is_density(parameter.name);
      if (given == arguments.end())
        is_complete = is_complete && (parameter.default_value || is_density(parameter.name));
      else if (is_density(parameter.name))
        has_load = true, loads = fmt::format("({:.6g})", std::get<double>(given->second));
    }
    if (!is_complete || has_load != takes_load || !done.insert(arguments).second) continue;
    const auto prediction = transition->evaluate(level, arguments);
    if (prediction.converged && prediction.results.front().second)
      figure.marks.push_back({*prediction.results.front().second,
                              fmt::format("{}{} = {:.4f}", name, loads, *prediction.results.front().second)});
  }
}

}  // namespace mattis::sweeps
