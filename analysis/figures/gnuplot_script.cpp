#include "analysis/figures/gnuplot_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/figures/axis_range.hpp"
#include "analysis/figures/layout.hpp"
#include "analysis/figures/plain_text.hpp"
#include "analysis/figures/side_by_side.hpp"

namespace mattis::figures {

namespace {

// Okabe and Ito (2008), without the yellow that white paper swallows; black is for the first theory line.
constexpr std::array palette{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
constexpr std::array line_palette{"#000000", "#56B4E9", "#E69F00", "#CC79A7",
                                  "#009E73", "#D55E00", "#0072B2"};

/// gnuplot's number of a symbol and its size. A disc, then open symbols, then filled ones that shrink: later curves are
/// drawn above, and what they coincide with shows.
struct Symbol {
  int type;
  double size;
};
constexpr std::array symbols{Symbol{7, 1}, Symbol{4, 1},   Symbol{8, 1},   Symbol{12, 1},   Symbol{10, 1},
                             Symbol{6, 1}, Symbol{5, 0.7}, Symbol{9, 0.6}, Symbol{13, 0.5}, Symbol{11, 0.4}};

constexpr std::array dashes{"solid", "(12,4)", "(3,3)", "(12,4,3,4)", "(12,3,3,3,3,3)"};
constexpr std::array mark_colours{"#444444", "#888888", "#AA4499"};
constexpr std::array mark_dashes{"(7,5)", "(2,4)", "(9,3,2,3)"};
constexpr double cap_width = 3.5;  // pixels, half the flat end of an error bar
constexpr double pixels_per_inch = 96;
constexpr double png_scale = 2, longest_side = 30000, most_pixels = 5e7;  // cairo stops at 32767

template <class Array>
auto cycled(const Array& values, std::size_t k) {
  return values[k % values.size()];
}

struct Look {
  const char* colour;
  std::string symbol;
  const char* dash;
};

constexpr const char* no_colour = "#444444";
constexpr const char* cross = "pt 2 ps symbol*1.7 lw 2.5";

std::string symbol_of(std::size_t k) {
  const Symbol symbol = cycled(symbols, k);
  return fmt::format("pt {} ps symbol*{} lw 1.5", symbol.type, symbol.size);
}

/// A group has its colour and its dash, a marker its symbol; the others take the next that no group has.
std::vector<Look> looks_of(const std::vector<Curve>& curves) {
  int next_group = 0;
  for (const auto& curve : curves) next_group = std::max(next_group, curve.group + 1);
  std::vector<Look> looks;
  std::size_t points = 0, own_colours = static_cast<std::size_t>(next_group), own_line_colours = 0;
  for (const auto& curve : curves) {
    const bool is_measured = curve.style == Curve::Style::points;
    const auto group = static_cast<std::size_t>(curve.group);
    const std::size_t dash = curve.group >= 0 ? group : own_line_colours;
    const char* colour = curve.group >= 0 ? cycled(palette, group)
                         : is_measured    ? cycled(palette, own_colours++)
                                          : cycled(line_palette, own_line_colours++);
    const std::size_t marker = curve.marker >= 0 ? static_cast<std::size_t>(curve.marker) : points;
    looks.push_back(
        {colour, curve.style == Curve::Style::cross ? cross : symbol_of(marker), cycled(dashes, dash)});
    points += is_measured;
  }
  return looks;
}

Look look_of(const LegendKey& key) {
  const auto group = static_cast<std::size_t>(std::max(key.group, 0));
  const char* colour = key.group >= 0                      ? cycled(palette, group)
                       : key.style == Curve::Style::points ? no_colour
                                                           : line_palette.front();
  const std::string symbol = key.style == Curve::Style::cross ? cross
                             : key.marker >= 0 ? symbol_of(static_cast<std::size_t>(key.marker))
                                               : "pt 5 ps symbol*1.2";
  return {colour, symbol, cycled(dashes, group)};
}

/// The column of x, `pixels` to the right where the curve has its place there.
std::string x_column(const AxisRange& x, double pixels) {
  if (pixels == 0) return "3";
  const AxisRange wide = x.widened(x_air);
  const double share = pixels / box_width;
  return wide.is_logarithmic() ? fmt::format("($3*{})", wide.moved(1, share))
                               : fmt::format("($3+({}))", wide.moved(0, share));
}

/// The line of the script that draws one curve: rows `first` to `last` of the data.
std::string curve_of(const Curve& curve, const Look& look, std::size_t first, std::size_t last,
                     const std::string& x) {
  const std::string rows = fmt::format("data skip 1 every ::{}::{} using", first, last);
  if (curve.style == Curve::Style::line) {
    const std::string line =
        fmt::format("{} 3:4 with lines lw 2 dt {} lc rgb '{}' notitle", rows, look.dash, look.colour);
    if (curve.error.empty()) return line;
    return fmt::format(
        "{} 3:(bottom($4,error(5))):(top($4,error(5))) with filledcurves fill solid 0.2 noborder lc rgb '{}' "
        "notitle, "
        "\\\n  {}",
        rows, look.colour, line);
  }
  const std::string points =
      fmt::format("{} {}:4 with points {} lc rgb '{}' notitle", rows, x, look.symbol, look.colour);
  if (curve.error.empty()) return points;
  // Bars with flat ends drawn as arrows: gnuplot's own error bars clear a halo that hides what lies below.
  return fmt::format(
      "{0} {3}:(bottom($4,error(5))):(0):(top($4,error(5))-bottom($4,error(5))) with vectors heads size "
      "screen "
      "cap,90 lw 1.3 lc rgb '{1}' notitle, \\\n  {2}",
      rows, look.colour, points, x);
}

std::string legend_entry(const std::string& title, Curve::Style style, const Look& look) {
  if (style == Curve::Style::line)
    return fmt::format("keyentry with lines lw 2 dt {} lc rgb '{}' title {}", look.dash, look.colour,
                       gnuplot_string(legend_title(title)));
  return fmt::format("keyentry with points {} lc rgb '{}' title {}", look.symbol, look.colour,
                     gnuplot_string(legend_title(title)));
}

/// The plot command: lines, points above them, crosses above all; the legend in the order of its keys or of the curves.
std::string plot_command(const Figure& figure, const Axes& axes, std::size_t first_row) {
  const auto looks = looks_of(figure.curves);
  const auto places = side_by_side(figure, box_width, least_box_height);
  std::vector<std::string> drawn[3], legend;
  for (std::size_t c = 0; c < figure.curves.size(); ++c) {
    const auto& curve = figure.curves[c];
    const std::size_t layer = curve.style == Curve::Style::line     ? 0
                              : curve.style == Curve::Style::points ? 1
                                                                    : 2;
    if (!curve.x.empty())
      drawn[layer].push_back(
          curve_of(curve, looks[c], first_row, first_row + curve.x.size() - 1, x_column(axes.x, places[c])));
    if (!curve.title.empty() && figure.legend.empty())
      legend.push_back(legend_entry(curve.title, curve.style, looks[c]));
    first_row += curve.x.size();
  }
  for (const LegendKey& key : figure.legend)
    if (!key.title.empty()) legend.push_back(legend_entry(key.title, key.style, look_of(key)));
  for (std::size_t k = 0; k < figure.marks.size(); ++k)
    if (!figure.marks[k].title.empty())
      legend.push_back(fmt::format("keyentry with lines lw 1.5 dt {} lc rgb '{}' title {}",
                                   cycled(mark_dashes, k),
                                   is_shown(figure.marks[k], axes) ? cycled(mark_colours, k) : "#FFFFFF",
                                   gnuplot_string(legend_title(mark_title(figure.marks[k], axes)))));
  if (const std::string note = note_of_places(figure, places); !note.empty())
    legend.push_back(fmt::format("keyentry with lines lc rgb '#FFFFFF' title {}", gnuplot_string(note)));
  std::vector<std::string> lines = drawn[0];
  lines.insert(lines.end(), drawn[1].begin(), drawn[1].end());
  lines.insert(lines.end(), drawn[2].begin(), drawn[2].end());
  lines.insert(lines.end(), legend.begin(), legend.end());
  return fmt::format("plot NaN notitle, \\\n  {}\n", fmt::join(lines, ", \\\n  "));
}

std::string labels_of(const std::vector<PlacedLine>& lines, double size, const char* colour,
                      const Layout& canvas) {
  std::string out;
  for (const auto& line : lines)
    out += fmt::format("set label {} at screen {:.6f},{:.6f} left font ',{}' tc rgb '{}'\n",
                       gnuplot_string(line.text), line.at.x / canvas.width, 1 - line.at.y / canvas.height,
                       size, colour);
  return out;
}

std::string axis_label(const std::string& text, const Place& place, const char* turn, const Layout& canvas) {
  return fmt::format("set label {} at screen {:.6f},{:.6f} center {}\n", gnuplot_string(text),
                     place.x / canvas.width, 1 - place.y / canvas.height, turn);
}

std::string panel_of(const Figure& figure, const PanelLayout& place, const Layout& canvas,
                     std::size_t first_row) {
  const Axes axes = axes_of(figure);
  std::string out = "unset label\nunset arrow\n";
  out += fmt::format("set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n",
                     place.left / canvas.width, place.right / canvas.width);
  out += fmt::format("set tmargin at screen {:.6f}\nset bmargin at screen {:.6f}\n",
                     1 - place.top / canvas.height, 1 - place.bottom / canvas.height);
  out += labels_of(place.title, title_size, "#000000", canvas);
  out += labels_of(place.caption, small_print, "#555555", canvas);
  if (axes.x.is_empty()) out += "set label 'nothing to draw' at graph 0.5,0.5 center tc rgb '#555555'\n";
  for (std::size_t k = 0; k < figure.marks.size(); ++k)
    if (is_shown(figure.marks[k], axes))
      out += fmt::format(
          "set arrow from first {0},graph 0 to first {0},graph 1 nohead back lw 1.5 dt {1} lc rgb '{2}'\n",
          figure.marks[k].x, cycled(mark_dashes, k), cycled(mark_colours, k));
  out += axis_label(figure.x_label, place.x_label, "", canvas) +
         axis_label(figure.y_label, place.y_label, "rotate by 90", canvas);
  out += figure.log_x ? "set logscale x\n" : "unset logscale x\n";
  out += fmt::format("set xrange {}\nset yrange {}\n", axes.x.widened(x_air).text(),
                     axes.y.widened(y_air).text());
  out += fmt::format("least = {}\ngreatest = {}\n", std::max(figure.least_y, -largest),
                     std::min(figure.greatest_y, largest));
  out +=
      fmt::format("set key at screen {:.6f},{:.6f} left top vertical Left reverse samplen 2.5 spacing 1.2\n",
                  place.legend_x / canvas.width, 1 - place.top / canvas.height);
  return out + plot_command(figure, axes, first_row);
}

/// The three terminals measure letters, lines and symbols each in its own way; looked at, they agree.
std::string terminals(const Layout& canvas) {
  const double inches = 1 / pixels_per_inch;
  const double scale = std::min({png_scale, longest_side / std::max(canvas.width, canvas.height),
                                 std::sqrt(most_pixels / (canvas.width * canvas.height))});
  return fmt::format(
      "if (ending eq 'svg') {{\n"
      "  set terminal svg size {0:.0f},{1:.0f} dynamic noenhanced font 'DejaVu Sans,{2}' background 'white'\n"
      "  symbol = 0.6\n"
      "}} else {{ if (ending eq 'pdf') {{\n"
      "  set terminal pdfcairo size {3:.4f}in,{4:.4f}in noenhanced font 'DejaVu Sans,{2}' fontscale 0.5625 "
      "linewidth 1.5 "
      "background 'white'\n"
      "  symbol = 0.65\n"
      "}} else {{\n"
      "  set terminal pngcairo size {5:.0f},{6:.0f} noenhanced font 'DejaVu Sans,{2}' fontscale {7} "
      "linewidth {8} "
      "pointscale {8} background 'white'\n"
      "  symbol = 0.9\n"
      "}} }}\n",
      canvas.width, canvas.height, text_size, canvas.width * inches, canvas.height * inches,
      canvas.width * scale, canvas.height * scale, 0.75 * scale, scale);
}

const char* name_of(Curve::Style style) {
  if (style == Curve::Style::cross) return "cross";
  return style == Curve::Style::line ? "line" : "points";
}

}  // namespace

std::string data_of(const std::vector<Figure>& panels) {
  std::string out = "panel,curve,x,y,error,style,title\n";
  for (std::size_t p = 0; p < panels.size(); ++p)
    for (std::size_t c = 0; c < panels[p].curves.size(); ++c) {
      const auto& curve = panels[p].curves[c];
      for (std::size_t k = 0; k < curve.x.size(); ++k)
        out += fmt::format("{},{},{},{},{},{},{}\n", p, c, curve.x[k], curve.y[k],
                           curve.error.empty() ? std::string() : fmt::format("{}", curve.error[k]),
                           name_of(curve.style), csv_field(curve.title));
    }
  return out;
}

std::string script_of(const std::vector<Figure>& panels, const std::string& stem, const std::string& ending) {
  const Layout canvas = layout_of(panels);
  std::string out = fmt::format(
      "# Draws the figure from its data. Another format: gnuplot -e \"ending='pdf'\" with this file (svg, "
      "png or pdf).\n"
      "if (!exists('ending')) ending = '{}'\n",
      ending);
  out += terminals(canvas);
  out += fmt::format(
      "set output {}.ending\n"
      "data = {}\n"
      "set encoding utf8\n"
      "set datafile separator comma\n"
      "set datafile commentschars ''\n"
      "error(column) = valid(column) ? column(column) : 0\n"
      "bottom(y, e) = y - e < least ? least : y - e\n"
      "top(y, e) = y + e > greatest ? greatest : y + e\n"
      "set border 3 lw 1.2\n"
      "set tics nomirror out\n"
      "set format '%g'\n"
      "set grid lw 0.8 dt solid lc rgb '#E2E2E2'\n"
      "cap = {:.6f}\n"

      "set multiplot\n",
      gnuplot_string("./" + stem + "."), gnuplot_string("./" + stem + ".curves.csv"),
      cap_width / canvas.width);
  std::size_t row = 0;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    out += fmt::format("\n# panel {}\n", p) + panel_of(panels[p], canvas.panels[p], canvas, row);
    for (const auto& curve : panels[p].curves) row += curve.x.size();
  }
  return out + "\nunset multiplot\nunset output\n";
}

}  // namespace mattis::figures
