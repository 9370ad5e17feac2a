#include "engine/store/grid_layout.hpp"

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace mattis::store {

std::vector<Coordinate> distinct_coordinates(const std::vector<Axis>& axes, std::size_t axis,
                                             std::span<const std::vector<Coordinate>> points) {
  std::vector<Coordinate> distinct;
  for (const auto& point : points) {
    const Coordinate& c = point.at(axis);
    if (std::find(distinct.begin(), distinct.end(), c) == distinct.end()) distinct.push_back(c);
  }
  if (!axes.at(axis).is_label) {
    std::stable_sort(distinct.begin(), distinct.end(), [](const Coordinate& a, const Coordinate& b) {
      return a.number < b.number || (!std::isnan(a.number) && std::isnan(b.number));
    });
  }
  return distinct;
}

std::size_t cell_of(std::span<const std::vector<Coordinate>> along, const std::vector<Coordinate>& at) {
  MATTIS_CHECK(at.size() == along.size());
  std::size_t cell = 0;
  for (std::size_t a = 0; a < along.size(); ++a) {
    const auto found = std::find(along[a].begin(), along[a].end(), at[a]);
    MATTIS_CHECK(found != along[a].end());
    cell = cell * along[a].size() + static_cast<std::size_t>(found - along[a].begin());
  }
  return cell;
}

GridLayout lay_out(const std::vector<Axis>& axes, std::span<const std::vector<Coordinate>> points,
                   const std::string& list_name) {
  GridLayout layout;
  std::size_t product = 1;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    layout.along.push_back(distinct_coordinates(axes, a, points));
    layout.dimensions.push_back(axes[a].name);
    layout.lengths.push_back(layout.along.back().size());
    product *= layout.lengths.back();
  }
  for (const auto& point : points) layout.cell.push_back(cell_of(layout.along, point));
  auto taken = layout.cell;
  std::sort(taken.begin(), taken.end());
  layout.is_product =
      taken.size() == product && std::adjacent_find(taken.begin(), taken.end()) == taken.end() && product > 0;
  if (!layout.is_product) {
    layout.dimensions = {list_name};
    layout.lengths = {points.size()};
    for (std::size_t i = 0; i < points.size(); ++i) layout.cell[i] = i;
  }
  return layout;
}

}  // namespace mattis::store
