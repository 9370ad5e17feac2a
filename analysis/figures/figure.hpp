// Figures as values: curves with error bars, theory lines and marks, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mattis {

/// Points with error bars (simulation) or a line (theory).
///
/// Shape    y.size() = x.size(); error is empty or of the same size.
/// Units    those of the axis labels. A NaN in y leaves a gap; a NaN in error draws the point without its
/// bar.
struct Curve {
  enum class Style { points, line };
  std::string title;  ///< in the legend; empty: not listed there
  std::vector<double> x, y, error;
  Style style = Style::points;
  /// Curves of one group share their colour (a size and its theory line); -1: a colour of its own.
  int group = -1;
};

/// A vertical line at a value that theory predicts: alpha_c, T_M ...
struct VerticalLine {
  double x = 0;
  std::string title;
};

/// One panel. All strings are plain text: nothing in them is markup, and newlines become spaces but in the
/// caption.
struct Figure {
  std::string title, x_label, y_label;
  std::vector<Curve> curves;
  std::vector<VerticalLine> marks;
  bool log_x = false;
  std::string caption;  ///< model, N, samples, seed, commit: small print below the panel
};

/// Draws the panels into one file, and leaves FILE.gp (the gnuplot script) and FILE.csv (the data) beside it,
/// so that `gnuplot FILE.gp` in that directory draws the figure again.
///
/// The ending decides the format: .svg, .png or .pdf. Lines are drawn below points; colours are told apart by
/// colour-blind readers (Okabe and Ito, 2008) and every curve also has a symbol or dash pattern of its own.
///
/// Errors   InputError for another ending, no panels, or columns of unequal length;
///          EnvironmentError if gnuplot is missing (names the package), or a file cannot be written.
void draw(const std::vector<Figure>& panels, const std::filesystem::path& file);

}  // namespace mattis
