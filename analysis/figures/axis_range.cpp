#include "analysis/figures/axis_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mattis::figures {

namespace {

constexpr double reach = 0.1;  // of the points' width: how far lines and marks may lengthen the axis

void show_bar(AxisRange& y, const Figure& figure, const Curve& curve, std::size_t k) {
  const double error = curve.error.empty() || !std::isfinite(curve.error[k]) ? 0 : curve.error[k];
  y.show(curve.y[k]);
  y.show(std::max(curve.y[k] - error, figure.least_y));
  y.show(std::min(curve.y[k] + error, figure.greatest_y));
}

}  // namespace

bool AxisRange::can_show(double value) const {
  return std::abs(value) < largest && !(logarithmic_ && value <= 0);
}

void AxisRange::show(double value) {
  if (!can_show(value)) return;
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
}

double AxisRange::share(double value) const {
  return logarithmic_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
}

double AxisRange::moved(double value, double share) const {
  return logarithmic_ ? value * std::pow(high_ / low_, share) : value + share * (high_ - low_);
}

AxisRange AxisRange::widened(double air) const {
  AxisRange wide = *this;
  if (is_empty()) return wide;
  if (logarithmic_) {
    const double factor = high_ > low_ ? std::pow(high_ / low_, air) : 1.5;
    wide.low_ = std::max(low_ / factor, std::numeric_limits<double>::min());
    wide.high_ = high_ * factor;
    return wide;
  }
  const double tiny = 1e-9 * std::max(std::abs(low_), std::abs(high_));  // narrower than tic labels can tell
  const double width = high_ - low_;
  const double margin = width > tiny ? air * width : std::max(0.05 * std::abs(high_), 1e-6);
  wide.low_ = low_ - margin;
  wide.high_ = high_ + margin;
  return wide;
}

std::string AxisRange::text() const {
  if (is_empty()) return logarithmic_ ? "[1:10]" : "[0:1]";
  return fmt::format("[{}:{}]", low_, high_);
}

Axes axes_of(const Figure& figure) {
  Axes axes{AxisRange(figure.log_x), AxisRange()};
  const auto show = [&](bool measured, const auto& place) {
    for (const auto& curve : figure.curves)
      for (std::size_t k = 0; (curve.style == Curve::Style::points) == measured && k < curve.x.size(); ++k) {
        if (!axes.x.can_show(curve.x[k]) || !axes.y.can_show(curve.y[k]) || !place(curve.x[k])) continue;
        show_bar(axes.y, figure, curve, k);
      }
  };
  const auto show_all = [&](double x) {
    axes.x.show(x);
    return true;
  };
  show(true, show_all);
  if (axes.x.is_empty()) show(false, show_all);
  if (axes.x.is_empty()) return axes;
  const AxisRange near = axes.x.widened(reach);
  show(false, [&](double x) {
    axes.x.show(near.nearest(x));
    return near.contains(x);
  });
  for (const auto& mark : figure.marks)
    if (near.contains(mark.x)) axes.x.show(mark.x);
  return axes;
}

bool is_shown(const VerticalLine& mark, const Axes& axes) {
  return axes.x.is_empty() ? axes.x.can_show(mark.x) : axes.x.contains(mark.x);
}

std::string mark_title(const VerticalLine& mark, const Axes& axes) {
  return mark.title.empty() || is_shown(mark, axes) ? mark.title : mark.title + " (off the axis)";
}

}  // namespace mattis::figures
