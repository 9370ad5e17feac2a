// Where everything lies on the canvas, in pixels: the room that titles, legends and captions need is made,
// not hoped for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace mattis::figures {

inline constexpr double text_size = 14;  ///< height of the letters of axes and legend
inline constexpr double title_size = 16;
inline constexpr double small_print = 11;
inline constexpr double box_width = 620, least_box_height = 400;  ///< of the plot itself

/// A point of the canvas, measured from its left and its top.
struct Place {
  double x = 0, y = 0;
};

/// A line of text that starts at `at`, which is half-way up its letters.
struct PlacedLine {
  std::string text;
  Place at;
};

/// One panel on the canvas: the edges of the plot box and what is written around it.
struct PanelLayout {
  double left = 0, right = 0, top = 0, bottom = 0;
  double legend_x = 0;
  Place x_label, y_label;  ///< of their middle
  std::vector<PlacedLine> title, caption;
};

struct Layout {
  double width = 0, height = 0;
  std::vector<PanelLayout> panels;
};

/// A title as the legend shows it: plain, and cut where it would be longer than a legend can be wide.
std::string legend_title(const std::string& title);

/// What the legend of a panel lists, marks and remarks included, as it is written.
std::vector<std::string> legend_of(const Figure& figure);

/// Up to three panels one below the other, more in two columns; rows and columns are aligned.
Layout layout_of(const std::vector<Figure>& panels);

}  // namespace mattis::figures
