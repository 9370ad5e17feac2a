// Figures as values: curves with error bars, theory lines and marks, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace mattis {

/// Points with error bars (simulation) or a line (theory).
///
/// Shape    y.size() = x.size(); error is empty or of the same size.
/// Units    those of the axis labels. What is not finite leaves a gap; an error that is not finite draws no
/// bar.
struct Curve {
  enum class Style { points, line, cross };
  std::string
      title;  ///< in the data; in the legend too where the figure has none of its own; empty: not listed
  std::vector<double> x, y, error;
  Style style = Style::points;  ///< a line shows its error as a band; a cross is theory at one place
  int group = -1;               ///< curves of one group share their colour; -1: a colour of its own
  int marker = -1;              ///< curves of one marker share their symbol; -1: a symbol of its own
};

/// What a colour or a symbol means, for all curves that have it.
struct LegendKey {
  std::string title;
  Curve::Style style = Curve::Style::points;
  int group = -1;   ///< -1: no colour is meant (dark grey)
  int marker = -1;  ///< -1: no symbol is meant (a filled square, or the line)
};

/// A vertical line at a value that theory predicts: alpha_c, T_M ... Far from all points (axis_range.hpp) it is not
/// drawn; the legend names it all the same.
struct VerticalLine {
  double x = 0;
  std::string title;
};

/// One panel. All strings are plain text (UTF-8): nothing in them is markup, and a line break is a space
/// except in the caption. On a logarithmic axis x <= 0 is left out of the drawing, not out of the data beside
/// it.
struct Figure {
  std::string title, x_label, y_label;
  std::vector<Curve> curves;
  std::vector<VerticalLine> marks;
  bool log_x = false;
  std::string caption;  ///< model, N, samples, seed, commit: small print below the panel
  /// What y can be, 0 and 1 for a fraction: drawn bars and bands end there. The data keep their errors.
  double least_y = -std::numeric_limits<double>::infinity(), greatest_y = -least_y;
  /// Colours and symbols explained one by one; empty: every curve by its title.
  std::vector<LegendKey> legend = {};
};

/// Draws the panels into one file: FILE.svg, FILE.png or FILE.pdf by its ending.
///
/// Leaves FILE.curves.csv (the data: panel, curve, x, y, error, style, title) and FILE.gp (the gnuplot
/// script) beside it. `gnuplot FILE.gp` in that directory draws the figure again, `gnuplot -e "ending='pdf'"
/// FILE.gp` in another format.
///
/// Lines lie below points, crosses above. Curves whose bars coincide stand side by side (side_by_side.hpp), and the legend
/// says so; and of symbols at one place each can be seen: the first is a disc, the next five are open. The palette is that of Okabe and Ito (2008), which colour-blind readers can tell
/// apart, and every curve has a symbol or a dash pattern besides.
///
/// Errors   InputError for another ending, no panels, columns of unequal length or a file name with control
///          characters; EnvironmentError if gnuplot is missing (names the package), fails, or a file cannot
///          be written.
void draw(const std::vector<Figure>& panels, const std::filesystem::path& file);

}  // namespace mattis
