#include "analysis/figures/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/figures/axis_range.hpp"

namespace mattis::figures {

namespace {

/// A point in pixels, with its bar.
struct Box {
  double x, bottom, top;
};

std::vector<Box> boxes_of(const Curve& curve, const AxisRange& x, const AxisRange& y, double width,
                          double height) {
  std::vector<Box> boxes;
  if (curve.style != Curve::Style::points) return boxes;
  for (std::size_t k = 0; k < curve.x.size(); ++k) {
    if (!x.can_show(curve.x[k]) || !y.can_show(curve.y[k])) continue;
    const double error = curve.error.empty() || !std::isfinite(curve.error[k]) ? 0 : curve.error[k];
    boxes.push_back({x.share(curve.x[k]) * width, y.share(curve.y[k] - error) * height - symbol_width / 2,
                     y.share(curve.y[k] + error) * height + symbol_width / 2});
  }
  return boxes;
}

bool meet(const std::vector<Box>& a, const std::vector<Box>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Box& p) {
    return std::any_of(b.begin(), b.end(), [&](const Box& q) {
      return std::abs(p.x - q.x) < symbol_width && p.bottom < q.top && q.bottom < p.top;
    });
  });
}

/// The smallest distance along x of points that are not at one place.
double spacing_of(const std::vector<std::vector<Box>>& all, double width) {
  std::vector<double> x;
  for (const auto& boxes : all)
    for (const Box& box : boxes) x.push_back(box.x);
  std::sort(x.begin(), x.end());
  double least = width;
  for (std::size_t k = 1; k < x.size(); ++k)
    if (x[k] - x[k - 1] > symbol_width) least = std::min(least, x[k] - x[k - 1]);
  return least;
}

}  // namespace

std::vector<double> side_by_side(const Figure& figure, double width, double height) {
  const Axes axes = axes_of(figure);
  std::vector<double> places(figure.curves.size(), 0);
  if (axes.x.is_empty() || axes.y.is_empty()) return places;
  const AxisRange x = axes.x.widened(x_air), y = axes.y.widened(y_air);
  std::vector<std::vector<Box>> boxes;
  for (const Curve& curve : figure.curves) boxes.push_back(boxes_of(curve, x, y, width, height));
  std::vector<std::size_t> slot(boxes.size(), 0);
  std::size_t slots = 1;
  for (std::size_t c = 0; c < boxes.size(); ++c) {
    std::vector<bool> is_taken(slots + 1, false);
    for (std::size_t before = 0; before < c; ++before)
      if (meet(boxes[before], boxes[c])) is_taken[slot[before]] = true;
    slot[c] = static_cast<std::size_t>(std::find(is_taken.begin(), is_taken.end(), false) - is_taken.begin());
    slots = std::max(slots, slot[c] + 1);
  }
  const auto number = static_cast<double>(slots);
  const double room =
      2 * (width * x_air / (1 + 2 * x_air) - symbol_width / 2);  // inside the box at its edges too
  const double apart = std::min(
      {most_apart * symbol_width, 0.8 * spacing_of(boxes, width) / number, room / std::max(number - 1, 1.0)});
  for (std::size_t c = 0; c < boxes.size(); ++c)
    if (!boxes[c].empty()) places[c] = (static_cast<double>(slot[c]) - (number - 1) / 2) * apart;
  return places;
}

std::string note_of_places(const Figure& figure, const std::vector<double>& places) {
  std::vector<double> sorted;
  for (std::size_t c = 0; c < places.size(); ++c)
    if (figure.curves[c].style == Curve::Style::points) sorted.push_back(places[c]);
  std::sort(sorted.begin(), sorted.end());
  double apart = 0;
  for (std::size_t k = 1; k < sorted.size(); ++k)
    if (const double gap = sorted[k] - sorted[k - 1]; gap > 1e-9)
      apart = apart > 0 ? std::min(apart, gap) : gap;
  if (apart == 0) return {};
  return fmt::format("where bars meet: {:.1f} symbols apart in x", apart / symbol_width);
}

}  // namespace mattis::figures
