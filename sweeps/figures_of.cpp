#include "sweeps/figures_of.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/estimates/observable_kind.hpp"
#include "sweeps/figures_of_axes.hpp"
#include "sweeps/figures_of_theory.hpp"

namespace mattis::sweeps {

namespace {

using analysis::Estimate;

constexpr const char* histogram = "overlap_histogram";

/// Observables that get a panel, in this order, with the label of their axis.
const std::vector<std::pair<std::string, std::string>>& worth_a_panel() {
  static const std::vector<std::pair<std::string, std::string>> list{
      {"retrieved", "fraction of chains that retrieve"},
      {"retrieval_overlap", "retrieval overlap m"},
      {"energy_per_spin", "energy per spin u"},
      {"retrieval_lost", "fraction of chains that lost retrieval"},
      {"magnetisation", "magnetisation"},
      {"replica_overlap", "replica overlap"},
      {"specific_heat", "specific heat"},
      {"susceptibility", "susceptibility"},
      {"binder", "Binder parameter"},
  };
  return list;
}

std::string label_of(const std::string& observable, std::string label, const std::string& component) {
  if (observable == "retrieval_lost") return fmt::format("{} within {} sweeps", label, component);
  if (observable == "replica_overlap" && component == "abs") return "replica overlap <|q|>";
  if (observable == "replica_overlap")
    return component == "1" ? "replica overlap <q>" : fmt::format("replica overlap <q^{}>", component);
  if (label.empty())
    std::replace_copy(observable.begin(), observable.end(), std::back_inserter(label), '_', ' ');
  return component.empty() ? label : fmt::format("{}, component {}", label, component);
}

class PanelMaker {
 public:
  PanelMaker(const Job& job, const Statements& statements)
      : statements_(statements), axes_(statements.table), theory_(job, statements, axes_) {}

  /// The panels of one observable, by component and setting, in the order of the table.
  void add_panels(const std::string& observable, const std::string& label,
                  std::vector<Figure>& figures) const {
    std::vector<std::pair<std::string, std::vector<const Estimate*>>> panels;
    for (const Estimate& e : statements_.comparison.estimates) {
      if (e.observable != observable || e.point == analysis::no_point || !std::isfinite(e.mean)) continue;
      if (!axes_.is_drawn(e.at) || !std::isfinite(theory_.x_of(e))) continue;
      const std::string name = e.component + '\n' + axes_.panel(e.at);
      auto found = std::find_if(panels.begin(), panels.end(), [&](const auto& p) { return p.first == name; });
      if (found == panels.end()) found = panels.insert(panels.end(), {name, {}});
      found->second.push_back(&e);
    }
    std::stable_sort(panels.begin(), panels.end(), [](const auto& a, const auto& b) {
      return a.second.front()->component < b.second.front()->component;
    });
    for (const auto& [name, estimates] : panels)
      figures.push_back(panel(label_of(observable, label, estimates.front()->component), estimates));
  }

 private:
  Figure panel(const std::string& label, const std::vector<const Estimate*>& estimates) const {
    const Estimate& first = *estimates.front();
    Figure figure;
    figure.title = axes_.panel(first.at);
    if (const std::string left_out = axes_.left_out(); !left_out.empty())
      figure.title += (figure.title.empty() ? "" : "; ") + left_out;
    figure.x_label = axes_.x_label();
    figure.y_label = label;
    if (analysis::is_fraction(first.observable)) figure.least_y = 0, figure.greatest_y = 1;
    std::map<std::pair<int, int>, std::vector<const Estimate*>> curves;  // by colour and symbol
    for (const Estimate* e : estimates) curves[{axes_.group(e->at), axes_.marker(e->at)}].push_back(e);
    std::vector<FigureAxes::Place> drawn;
    for (auto& [look, points] : curves) {
      std::stable_sort(points.begin(), points.end(), [&](const Estimate* a, const Estimate* b) {
        return theory_.x_of(*a) < theory_.x_of(*b);
      });
      Curve curve;
      curve.title = axes_.curve(points.front()->at);
      curve.group = look.first;
      curve.marker = look.second;
      for (const Estimate* e : points) {
        curve.x.push_back(theory_.x_of(*e));
        curve.y.push_back(e->mean);
        curve.error.push_back(e->error);
      }
      figure.curves.push_back(std::move(curve));
      drawn.push_back(points.front()->at);
    }
    const std::vector<LegendKey> of_theory = theory_.draw(figure, estimates);
    const bool has_lines = std::any_of(figure.curves.begin(), figure.curves.end(), [](const Curve& curve) {
      return curve.style == Curve::Style::line && curve.group >= 0;
    });
    figure.legend = axes_.legend(drawn, has_lines);
    figure.legend.insert(figure.legend.end(), of_theory.begin(), of_theory.end());
    return figure;
  }

  const Statements& statements_;
  FigureAxes axes_;
  TheoryDrawing theory_;
};

/// "40 samples", "7 to 40 samples".
std::string range_of(const std::set<int>& numbers, const char* what) {
  if (numbers.size() == 1)
    return fmt::format("{} {}{}", *numbers.begin(), what, *numbers.begin() == 1 ? "" : "s");
  return fmt::format("{} to {} {}s", *numbers.begin(), *numbers.rbegin(), what);
}

/// Sizes and samples that have numbers, whatever the job asked for.
std::string small_print(const Job& job, const Statements& statements) {
  const FigureAxes axes(statements.table);
  std::set<double> sizes;
  std::set<int> samples;
  for (const Estimate& e : statements.comparison.estimates) {
    if (e.point == analysis::no_point || !std::isfinite(e.mean) || !axes.is_drawn(e.at)) continue;
    sizes.insert(statements.table.points[e.point].actual.at("N"));
    samples.insert(e.samples);
  }
  return fmt::format("{}; N = {}; {}, replicas: {}; seed {}", job.model->name, fmt::join(sizes, ", "),
                     range_of(samples, "sample"), job.replicas, job.seed);
}

}  // namespace

std::vector<Figure> figures_of(const Job& job, const Statements& statements, const std::string& footnote) {
  std::vector<Figure> figures;
  if (statements.table.points.empty()) return figures;
  const PanelMaker maker(job, statements);
  for (const auto& [observable, label] : worth_a_panel()) maker.add_panels(observable, label, figures);
  for (Figure& figure : figures_of_overlaps(statements)) figures.push_back(std::move(figure));
  for (Figure& figure : figures_of_capacity(job, statements)) figures.push_back(std::move(figure));
  if (figures.empty())
    for (const std::string& observable : job.observables)
      if (observable != histogram) maker.add_panels(observable, "", figures);
  if (figures.empty()) return figures;
  std::string& title = figures.front().title;
  title = job.title + (title.empty() ? "" : ": " + title);
  figures.back().caption = small_print(job, statements) + (footnote.empty() ? "" : "; " + footnote);
  return figures;
}

}  // namespace mattis::sweeps
