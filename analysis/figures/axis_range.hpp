// Which part of the plane a panel shows.
#pragma once

#include <limits>
#include <string>

#include "analysis/figures/figure.hpp"

namespace mattis::figures {

inline constexpr double x_air = 0.045, y_air = 0.06;  ///< of the axes' widths, around all that is drawn
inline constexpr double largest = 1e300;              ///< gnuplot knows no larger numbers

/// The smallest interval that holds all values it was shown. A logarithmic one holds positive numbers only.
class AxisRange {
 public:
  explicit AxisRange(bool logarithmic = false) : logarithmic_(logarithmic) {}

  bool can_show(double value) const;
  void show(double value);
  bool is_empty() const { return low_ > high_; }
  /// Where a value lies: 0 at the lower end, 1 at the upper.
  double share(double value) const;
  /// The value that lies `share` further up.
  double moved(double value, double share) const;
  bool is_logarithmic() const { return logarithmic_; }
  bool contains(double value) const { return value >= low_ && value <= high_; }
  double nearest(double value) const { return value < low_ ? low_ : value > high_ ? high_ : value; }

  /// With `air` times its width (its logarithm's) on both sides; a single value gets 5 % of itself.
  AxisRange widened(double air) const;

  /// As gnuplot writes it.
  std::string text() const;

 private:
  bool logarithmic_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
};

/// All points with their bars. Lines and marks lengthen the x axis by a tenth of the points' width at most:
/// what lies beyond is left out, and the y axis takes no notice of it. Lines count as points where there are none.
struct Axes {
  AxisRange x, y;
};
Axes axes_of(const Figure& figure);

/// A mark as the legend names it: one that lies off the axis is said to.
std::string mark_title(const VerticalLine& mark, const Axes& axes);

/// Whether a mark is drawn.
bool is_shown(const VerticalLine& mark, const Axes& axes);

}  // namespace mattis::figures
