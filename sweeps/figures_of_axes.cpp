#include "sweeps/figures_of_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mattis::sweeps {

namespace {

using store::Coordinate;

int index_of(const std::vector<Coordinate>& values, const Coordinate& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  return found == values.end() ? -2 : static_cast<int>(found - values.begin());
}

void join(std::string& text, const std::string& part) {
  if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
}

}  // namespace

FigureAxes::FigureAxes(const store::ResultTable& table)
    : table_(table), size_(static_cast<std::size_t>(table.axis("N"))), x_(size_) {
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    std::vector<Coordinate> distinct;
    for (const auto& point : table.points)
      if (index_of(distinct, point.at[a]) < 0) distinct.push_back(point.at[a]);
    values_.push_back(std::move(distinct));
  }
  const auto count = [&](std::size_t axis) {
    return std::count_if(values_[axis].begin(), values_[axis].end(),
                         [](const Coordinate& value) { return std::isfinite(value.number); });
  };
  for (std::size_t a = 0; a < table.axes.size(); ++a)
    if (a != size_ && count(a) > (x_ == size_ ? 1 : count(x_))) x_ = a;
  if (x_ == size_ && !varies(size_)) {  // a single point: against what users think of as the variable
    const int temperature = table.axis("T");
    if (temperature >= 0) x_ = static_cast<std::size_t>(temperature);
  }
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    if (a == x_ || a == size_ || !varies(a)) continue;
    if (!colour_ || count(a) > count(*colour_)) colour_ = a;
  }
  if (colour_) colours_ = spread(values_[*colour_]);
  sizes_ = spread(values_[size_]);
}

std::vector<Coordinate> FigureAxes::values(std::size_t axis) const { return values_[axis]; }

std::vector<Coordinate> FigureAxes::spread(const std::vector<Coordinate>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<Coordinate> chosen;
  for (std::size_t k = 0; k < most; ++k)
    chosen.push_back(all[(k * (all.size() - 1) + (most - 1) / 2) / (most - 1)]);
  return chosen;
}

std::string FigureAxes::x_label() const {
  if (x_name() == "T") return "temperature T";
  if (x_name() == "start_overlap") return "initial overlap";
  if (x_name() == "alpha") return table_.axis("p") < 0 ? "load alpha = P/N" : "load alpha = K/N^(p-1)";
  if (x_name() == "gamma") return "load gamma = alpha p!/2";
  if (x_name() == "K") return "number of patterns K";
  if (x_name() == "P") return "number of patterns P";
  if (x_name() == "N") return "number of spins N";
  return x_name();
}

int FigureAxes::group(const Place& at) const {
  if (colour_) return index_of(colours_, at[*colour_]);
  return marker(at);
}

int FigureAxes::marker(const Place& at) const { return x_ == size_ ? 0 : index_of(sizes_, at[size_]); }

std::string FigureAxes::name(std::size_t axis, const Coordinate& value) const {
  if (table_.axes[axis].is_label) return value.label;
  if (std::isnan(value.number)) return {};  // a random start has no overlap
  return fmt::format("{} = {:.6g}", table_.axes[axis].name, value.number);
}

std::string FigureAxes::panel(const Place& at) const {
  std::string text;
  for (std::size_t a = 0; a < table_.axes.size(); ++a)
    if (a != x_ && a != size_ && a != colour_ && varies(a)) join(text, name(a, at[a]));
  return text;
}

std::string FigureAxes::curve(const Place& at) const {
  std::string text;
  if (x_ != size_ && varies(size_)) text = name(size_, at[size_]);
  if (colour_) join(text, name(*colour_, at[*colour_]));
  return text;
}

std::string FigureAxes::left_out() const {
  std::string text;
  const auto say = [&](std::size_t axis, const std::vector<Coordinate>& drawn) {
    if (drawn.size() < values_[axis].size())
      join(text,
           fmt::format("{} of {} values of {}", drawn.size(), values_[axis].size(), table_.axes[axis].name));
  };
  if (x_ != size_) say(size_, sizes_);
  if (colour_) say(*colour_, colours_);
  return text;
}

std::vector<LegendKey> FigureAxes::legend(const std::vector<Place>& drawn, bool as_lines) const {
  std::vector<LegendKey> keys;
  const auto is_there = [&](std::size_t axis, const Coordinate& value) {
    return std::any_of(drawn.begin(), drawn.end(), [&](const Place& at) { return at[axis] == value; });
  };
  for (std::size_t k = 0; k < colours_.size(); ++k)
    if (is_there(*colour_, colours_[k]))
      keys.push_back({name(*colour_, colours_[k]), as_lines ? Curve::Style::line : Curve::Style::points,
                      static_cast<int>(k), -1});
  if (x_ == size_ || (colour_ && !varies(size_))) return keys;
  for (std::size_t k = 0; k < sizes_.size(); ++k)
    if (is_there(size_, sizes_[k]))
      keys.push_back({name(size_, sizes_[k]), Curve::Style::points, colour_ ? -1 : static_cast<int>(k),
                      static_cast<int>(k)});
  return keys;
}

}  // namespace mattis::sweeps
