// Panels of P(q), the density of the overlap of two replicas.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sweeps/figures_of.hpp"
#include "sweeps/figures_of_axes.hpp"

namespace mattis::sweeps {

namespace {

using analysis::Estimate;

/// What varies besides x and N, and the size itself where there are several.
std::string setting(const FigureAxes& axes, const FigureAxes::Place& at) {
  std::string text = axes.panel(at);
  if (const std::string curve = axes.curve(at); !curve.empty()) text += (text.empty() ? "" : ", ") + curve;
  return text;
}

}  // namespace

std::vector<Figure> figures_of_overlaps(const Statements& statements) {
  const FigureAxes axes(statements.table);
  const auto size = static_cast<std::size_t>(statements.table.axis("N"));
  const auto all = axes.values(axes.x());
  const auto shown = FigureAxes::spread(all);
  double largest = 0;
  std::vector<const Estimate*> bins;
  for (const Estimate& e : statements.comparison.estimates) {
    if (e.observable != "overlap_histogram" || e.point == analysis::no_point || !std::isfinite(e.mean))
      continue;
    bins.push_back(&e);
    largest = std::max(largest, e.at[size].number);
  }
  std::stable_sort(bins.begin(), bins.end(), [](const Estimate* a, const Estimate* b) {
    return std::stod(a->component) < std::stod(b->component);
  });
  std::map<std::string, std::map<std::size_t, Curve>> panels;
  for (const Estimate* e : bins) {
    const auto place = std::find(shown.begin(), shown.end(), e->at[axes.x()]);
    if (e->at[size].number != largest && axes.x() != size) continue;
    if (place == shown.end()) continue;
    const auto group = static_cast<std::size_t>(place - shown.begin());
    Curve& curve = panels[setting(axes, e->at)][group];
    curve.title = axes.name(axes.x(), *place);
    curve.group = curve.marker = static_cast<int>(group);
    curve.x.push_back(std::stod(e->component));
    curve.y.push_back(e->mean);
    curve.error.push_back(e->error);
  }
  std::vector<Figure> figures;
  for (const auto& [title, curves] : panels) {
    Figure figure;
    figure.title = title;
    if (shown.size() < all.size())
      figure.title += fmt::format("{}{} of {} values of {}", title.empty() ? "" : "; ", shown.size(),
                                  all.size(), axes.x_name());
    figure.x_label = "replica overlap q";
    figure.y_label = "density P(q)";
    figure.least_y = 0;
    for (const auto& [group, curve] : curves) {
      Curve line{"", curve.x, curve.y, {}, Curve::Style::line, curve.group};
      figure.curves.push_back(curve);
      figure.curves.push_back(std::move(line));
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace mattis::sweeps
