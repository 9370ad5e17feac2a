#include "analysis/figures/layout.hpp"

#include <algorithm>

#include "analysis/figures/axis_range.hpp"
#include "analysis/figures/plain_text.hpp"
#include "analysis/figures/side_by_side.hpp"

namespace mattis::figures {

namespace {

constexpr double letter_width = 0.62;  // of the size, on average, in a wide sans-serif
constexpr double line_height = 1.45;   // of the size
constexpr double left_margin = 100, right_margin = 30, top_margin = 22, axis_room = 70, bottom_margin = 16;
constexpr double legend_gap = 16, legend_sample = 56, legend_line = 26;
constexpr std::size_t longest_legend = 48, most_panels_in_a_column = 3;

std::size_t characters_in(double width, double size) {
  return static_cast<std::size_t>(width / (letter_width * size));
}

/// What one panel needs, before it has a place.
struct Need {
  std::vector<std::string> title, caption;
  double legend_width = 0, box_height = least_box_height;

  double title_height() const { return static_cast<double>(title.size()) * title_size * line_height; }
  double caption_height() const { return static_cast<double>(caption.size()) * small_print * line_height; }
  double height() const {
    return top_margin + title_height() + box_height + axis_room + caption_height() + bottom_margin;
  }
};

Need need_of(const Figure& figure) {
  Need need;
  need.title = wrapped(plain(figure.title), characters_in(box_width, title_size));
  std::size_t longest = 0, entries = 0;
  for (const std::string& title : legend_of(figure)) {
    ++entries;
    longest = std::max(longest, length_of(title));
  }
  if (entries > 0)
    need.legend_width = legend_gap + legend_sample + static_cast<double>(longest) * letter_width * text_size;
  need.box_height = std::max(least_box_height, static_cast<double>(entries + 1) * legend_line);
  need.caption =
      wrapped(figure.caption, characters_in(left_margin / 2 + box_width + need.legend_width, small_print));
  return need;
}

std::vector<PlacedLine> placed(const std::vector<std::string>& lines, double x, double y, double size) {
  std::vector<PlacedLine> out;
  for (std::size_t k = 0; k < lines.size(); ++k)
    out.push_back({lines[k], {x, y + (static_cast<double>(k) + 0.5) * size * line_height}});
  return out;
}

PanelLayout panel_at(const Need& need, double x, double y) {
  PanelLayout panel;
  panel.left = x + left_margin;
  panel.right = panel.left + box_width;
  panel.top = y + top_margin + need.title_height();
  panel.bottom = panel.top + need.box_height;
  panel.legend_x = panel.right + legend_gap;
  panel.x_label = {(panel.left + panel.right) / 2, panel.bottom + axis_room - 18};
  panel.y_label = {x + 24, (panel.top + panel.bottom) / 2};
  panel.title = placed(need.title, panel.left, y + top_margin / 2, title_size);
  panel.caption = placed(need.caption, x + left_margin / 2, panel.bottom + axis_room, small_print);
  return panel;
}

}  // namespace

std::string legend_title(const std::string& title) {
  const std::string line = plain(title);
  if (length_of(line) <= longest_legend) return line;
  return wrapped(line, longest_legend - 1).front() + "\u2026";
}

std::vector<std::string> legend_of(const Figure& figure) {
  std::vector<std::string> titles;
  const auto list = [&](const std::string& title) {
    if (!title.empty()) titles.push_back(legend_title(title));
  };
  for (const LegendKey& key : figure.legend) list(key.title);
  if (figure.legend.empty())
    for (const Curve& curve : figure.curves) list(curve.title);
  for (const VerticalLine& mark : figure.marks) list(mark_title(mark, axes_of(figure)));
  list(note_of_places(figure, side_by_side(figure, box_width, least_box_height)));
  return titles;
}

Layout layout_of(const std::vector<Figure>& panels) {
  const std::size_t columns = panels.size() > most_panels_in_a_column ? 2 : 1;
  std::vector<Need> needs;
  std::vector<double> widths(columns, 0), heights((panels.size() + columns - 1) / columns, 0);
  for (std::size_t p = 0; p < panels.size(); ++p) {
    needs.push_back(need_of(panels[p]));
    const double width = left_margin + box_width + needs[p].legend_width + right_margin;
    widths[p % columns] = std::max(widths[p % columns], width);
    heights[p / columns] = std::max(heights[p / columns], needs[p].height());
  }

  Layout layout;
  for (const double width : widths) layout.width += width;
  double y = 0;
  for (std::size_t row = 0; row < heights.size(); ++row) {
    double x = 0;
    for (std::size_t p = row * columns; p < std::min(panels.size(), (row + 1) * columns); ++p) {
      layout.panels.push_back(panel_at(needs[p], x, y));
      x += widths[p % columns];
    }
    y += heights[row];
  }
  layout.height = y;
  return layout;
}

}  // namespace mattis::figures
