#include "sweeps/figures_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/estimates/observable_kind.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

using analysis::Estimate;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Observables that get a panel, in this order, with the label of their axis.
const std::vector<std::pair<std::string, std::string>>& panels() {
  static const std::vector<std::pair<std::string, std::string>> list{
      {"retrieved", "fraction of chains that retrieve"},
      {"retrieval_overlap", "retrieval overlap m"},
      {"energy_per_spin", "energy per spin u"},
      {"retrieval_lost", "fraction of chains that lost retrieval"},
      {"magnetisation", "magnetisation"},
      {"replica_overlap", "replica overlap, moments"},
      {"specific_heat", "specific heat"},
      {"binder", "Binder parameter"},
  };
  return list;
}

/// The axis to draw against: the numeric axis with most values, N only if there is no other.
std::size_t abscissa(const store::ResultTable& table) {
  std::size_t best = 0, most = 0;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    if (table.axes[a].is_label) continue;
    std::set<double> values;
    for (const auto& point : table.points)
      if (std::isfinite(point.at[a].number)) values.insert(point.at[a].number);
    const std::size_t count =
        table.axes[a].name == "N" ? std::min<std::size_t>(values.size(), 1) : values.size();
    if (count > most) {
      most = count;
      best = a;
    }
  }
  return best;
}

/// Axes that take more than one value: only those need saying in a legend.
std::vector<bool> varies(const store::ResultTable& table) {
  std::vector<bool> result(table.axes.size(), false);
  for (std::size_t a = 0; a < table.axes.size(); ++a)
    for (const auto& point : table.points)
      result[a] = result[a] || !(point.at[a] == table.points.front().at[a]);
  return result;
}

std::string setting(const store::ResultTable& table, const std::vector<store::Coordinate>& at, std::size_t x,
                    const std::vector<bool>& varying, const std::string& component, bool with_size) {
  std::string text;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    if (a == x || !varying[a] || (!with_size && table.axes[a].name == "N")) continue;
    const std::string part =
        table.axes[a].is_label ? at[a].label : fmt::format("{} = {:.6g}", table.axes[a].name, at[a].number);
    text += (text.empty() ? "" : ", ") + part;
  }
  if (!component.empty()) text += (text.empty() ? "" : ", ") + component;
  return text;
}

class PanelMaker {
 public:
  PanelMaker(const Job& job, const Statements& statements)
      : job_(job),
        statements_(statements),
        table_(statements.table),
        estimates_(statements.comparison.estimates),
        x_(abscissa(table_)),
        varying_(varies(table_)),
        theory_(theory_of(job)) {}

  /// Nothing if the observable was not measured.
  std::optional<Figure> panel(const std::string& observable, const std::string& label) {
    Figure figure;
    figure.x_label = axis_label();
    figure.y_label = label;
    if (analysis::is_fraction(observable)) figure.least_y = 0, figure.greatest_y = 1;
    std::map<std::string, std::size_t> curve_of;
    std::map<std::string, int> group_of;
    std::vector<const Estimate*> theory_lines;
    for (const Estimate& e : estimates_) {
      if (e.observable != observable || e.point == analysis::no_point || !std::isfinite(e.mean)) continue;
      const std::string component = e.component.empty() ? "" : fmt::format("within {}", e.component);
      const std::string name = setting(table_, e.at, x_, varying_, component, true);
      auto [found, is_new] = curve_of.emplace(name, figure.curves.size());
      if (is_new) {
        Curve curve;
        curve.title = name;
        // Against T the theory line of one load carries that load's colour; else each size has its own.
        const std::string group = setting(table_, e.at, x_, varying_, component, !theory_);
        curve.group = theory_ ? group_of.emplace(group, static_cast<int>(group_of.size())).first->second : -1;
        if (is_sized_curve()) curve.group = -1;
        figure.curves.push_back(std::move(curve));
        theory_lines.push_back(&e);
      }
      Curve& curve = figure.curves[found->second];
      curve.x.push_back(abscissa_of(e));
      curve.y.push_back(e.mean);
      curve.error.push_back(e.error);
    }
    if (figure.curves.empty()) return std::nullopt;
    for (Curve& curve : figure.curves) sort_by_x(curve);
    const std::size_t measured = figure.curves.size();
    std::set<std::string> drawn;
    for (std::size_t c = 0; c < measured; ++c) {
      const std::string name = setting(table_, theory_lines[c]->at, x_, varying_, "", false);
      if (drawn.insert(name).second) add_theory_line(figure, *theory_lines[c], name, figure.curves[c].group);
    }
    if (observable == "retrieved") add_fitted_curves(figure, measured);
    add_marks(figure);
    return figure;
  }

 private:
  bool is_load() const { return job_.grid.size() > 2 && table_.axes[x_].name == job_.grid[1].first; }
  bool is_sized_curve() const {
    return varying_[static_cast<std::size_t>(table_.axis("N"))] && !several_settings();
  }
  bool several_settings() const {
    for (std::size_t a = 0; a < table_.axes.size(); ++a)
      if (a != x_ && table_.axes[a].name != "N" && varying_[a]) return true;
    return false;
  }

  std::string axis_label() const {
    const store::Axis& axis = table_.axes[x_];
    if (axis.name == "T") return "temperature T";
    if (axis.name == "start_overlap") return "initial overlap";
    if (axis.name == "alpha") return "load alpha = P/N";
    if (axis.name == "P") return "number of patterns P";
    return axis.name;
  }

  double abscissa_of(const Estimate& e) const {
    const auto actual = e.actual.find("alpha_actual");
    return table_.axes[x_].name == "alpha" && actual != e.actual.end() ? actual->second : e.at[x_].number;
  }

  static void sort_by_x(Curve& curve) {
    std::vector<std::size_t> order(curve.x.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return curve.x[a] < curve.x[b]; });
    Curve sorted = curve;
    for (std::size_t k = 0; k < order.size(); ++k) {
      sorted.x[k] = curve.x[order[k]];
      sorted.y[k] = curve.y[order[k]];
      sorted.error[k] = curve.error[order[k]];
    }
    curve = std::move(sorted);
  }

  /// The theory at N = infinity on a fine grid between the ends of the data, at one setting of the other axes.
  void add_theory_line(Figure& figure, const Estimate& e, const std::string& name, int group) {
    if (!theory_ || (table_.axes[x_].name != "T" && table_.axes[x_].name != "alpha")) return;
    double from = infinity, to = -infinity;
    for (const Curve& curve : figure.curves)
      for (const double x : curve.x) {
        if (!std::isfinite(x)) continue;
        from = std::min(from, x);
        to = std::max(to, x);
      }
    if (!(to > from)) return;
    constexpr int steps = 100;
    Curve line;
    line.style = Curve::Style::line;
    line.group = group;
    store::GridPoint point{e.at, e.actual, 0};
    point.actual[store::strayed_chains] = 0;
    bool any = false;
    for (int k = 0; k <= steps; ++k) {
      const double x = from + (to - from) * k / steps;
      point.actual["N"] = infinity;
      point.actual[table_.axes[x_].name == "T" ? "T" : "alpha_actual"] = x;
      if (table_.axes[x_].name == "T") point.actual["alpha_actual"] = asked_load(e);
      const auto value = theory_(point, e.observable, e.component);
      line.x.push_back(x);
      line.y.push_back(value ? value->first : store::not_there);
      if (value) line.title = fmt::format("{}theory ({})", name.empty() ? "" : name + ", ", value->second);
      any = any || value;
    }
    if (any) figure.curves.push_back(std::move(line));
  }

  /// The probit curves that the capacity was read off, in the colours of their sizes.
  void add_fitted_curves(Figure& figure, std::size_t measured) {
    if (!is_load() || statements_.capacities.size() != 1) return;
    const auto& half_points = statements_.capacities.front().measured.half_points;
    if (half_points.size() != measured) return;
    for (std::size_t k = 0; k < measured; ++k) {
      const analysis::FractionCurve& fitted = half_points[k].curve;
      if (!fitted.converged) continue;
      figure.curves[k].group = static_cast<int>(k);
      Curve line;
      line.style = Curve::Style::line;
      line.group = static_cast<int>(k);
      for (int step = 0; step <= 100; ++step) {
        line.x.push_back(fitted.lowest_load + (fitted.highest_load - fitted.lowest_load) * step / 100);
        line.y.push_back(fitted.fraction(line.x.back()));
      }
      figure.curves.push_back(std::move(line));
    }
  }

  double asked_load(const Estimate& e) const {
    const int axis = table_.axis("alpha");
    return axis >= 0 ? e.at[static_cast<std::size_t>(axis)].number : e.actual.at("alpha_actual");
  }

  /// Against the load: where theory puts the capacity. Against T: where the retrieval state disappears.
  void add_marks(Figure& figure) const {
    if (!theory_) return;
    if (table_.axes[x_].name == "alpha" && job_.temperatures().size() == 1)
      for (const CapacityTheory& c : capacity_theory(job_, job_.temperatures().front()))
        figure.marks.push_back({c.alpha, fmt::format("alpha_c {} = {:.6f}", c.level, c.alpha)});
    const theory::Quantity* spinodal = quantity_of(job_, "T_M");
    if (table_.axes[x_].name != "T" || !spinodal || job_.grid.at(1).first != "alpha") return;
    for (const double load : job_.grid[1].second) {
      const auto prediction = spinodal->evaluate("rs", {{"alpha", load}});
      if (prediction.converged && prediction.results.front().second)
        figure.marks.push_back(
            {*prediction.results.front().second,
             fmt::format("T_M({:.6g}) = {:.4f}", load, *prediction.results.front().second)});
    }
  }

  const Job& job_;
  const Statements& statements_;
  const store::ResultTable& table_;
  const std::vector<Estimate>& estimates_;
  std::size_t x_;
  std::vector<bool> varying_;
  analysis::TheoryValue theory_;
};

/// Both estimates of the capacity against N^-omega, their extrapolation, and theory at the left edge.
Figure capacity_panel(const Job& job, const CapacityStatement& statement) {
  const double omega = job.capacity->shift_exponent;
  const analysis::Capacity& measured = statement.measured;
  Figure figure;
  figure.x_label = fmt::format("N^-{:.4g}", omega);
  figure.y_label = "load alpha";
  Curve halves, crossings, line;
  const auto named = [](const char* what, const analysis::CapacityEstimate& estimate) {
    return estimate.converged
               ? fmt::format("{}; N to infinity: {:.5f} +- {:.5f}", what, estimate.load, estimate.error)
               : fmt::format("{} (not extrapolated)", what);
  };
  halves.title = named("half points", measured.from_half_points);
  halves.group = 0;
  crossings.title = named("crossings", measured.from_crossings);
  crossings.group = 1;
  double farthest = 0;
  for (const auto& half : measured.half_points) {
    if (!half.curve.converged) continue;
    halves.x.push_back(std::pow(half.N, -omega));
    halves.y.push_back(half.load);
    halves.error.push_back(half.error);
    farthest = std::max(farthest, halves.x.back());
  }
  for (const auto& x : measured.crossings) {
    if (!std::isfinite(x.error)) continue;
    crossings.x.push_back(std::pow(x.smaller * x.larger, -omega / 2));
    crossings.y.push_back(x.load);
    crossings.error.push_back(x.error);
  }
  const auto extrapolated = [&](Curve& curve, const analysis::CapacityEstimate& estimate) {
    if (!estimate.converged) return;
    curve.x.push_back(0);
    curve.y.push_back(estimate.load);
    curve.error.push_back(estimate.error);
  };
  extrapolated(halves, measured.from_half_points);
  extrapolated(crossings, measured.from_crossings);
  if (!halves.x.empty()) figure.curves.push_back(halves);
  if (!crossings.x.empty()) figure.curves.push_back(crossings);
  if (measured.from_half_points.converged) {
    line.style = Curve::Style::line;
    line.group = 0;
    for (int k = 0; k <= 50; ++k) {
      const double x = farthest * k / 50;
      double y = measured.from_half_points.load, power = 1;
      for (const double amplitude : measured.from_half_points.amplitudes) y += amplitude * (power *= x);
      line.x.push_back(x);
      line.y.push_back(y);
    }
    figure.curves.push_back(line);
  }
  for (const CapacityTheory& theory : statement.theory) {
    Curve level;
    level.style = Curve::Style::line;
    level.title = fmt::format("{} {:.6f}", theory.level, theory.alpha);
    level.x = {0, farthest};
    level.y = {theory.alpha, theory.alpha};
    figure.curves.push_back(level);
  }
  return figure;
}

}  // namespace

std::vector<Figure> figures_of(const Job& job, const Statements& statements, const std::string& footnote) {
  std::vector<Figure> figures;
  if (statements.table.points.empty()) return figures;
  PanelMaker maker(job, statements);
  for (const auto& [observable, label] : panels())
    if (auto figure = maker.panel(observable, label)) figures.push_back(std::move(*figure));
  for (const CapacityStatement& statement : statements.capacities) {
    Figure figure = capacity_panel(job, statement);
    if (!figure.curves.empty()) figures.push_back(std::move(figure));
  }
  if (!figures.empty()) {
    figures.front().title = job.title;
    figures.back().caption = footnote;
  }
  return figures;
}

}  // namespace mattis::sweeps
