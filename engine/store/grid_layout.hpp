// How scattered points become arrays: one dimension per axis of the grid, or one dimension of points.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/store/hdf5_file.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::store {

/// Where each point stands in arrays over `dimensions`.
struct GridLayout {
  bool is_product = false;
  std::vector<std::string> dimensions;  ///< the axes' names, or one name for the list of points
  Shape lengths;
  std::vector<std::size_t> cell;               ///< per point: row-major index into those dimensions
  std::vector<std::vector<Coordinate>> along;  ///< product: per axis its distinct coordinates, in order
};

/// Distinct coordinates of the points on axis number `axis`: numbers ascending, labels as they first appear.
std::vector<Coordinate> distinct_coordinates(const std::vector<Axis>& axes, std::size_t axis,
                                             std::span<const std::vector<Coordinate>> points);

/// A product if every combination of coordinates is one point exactly; else the points in their order along
/// one dimension called `list_name`.
GridLayout lay_out(const std::vector<Axis>& axes, std::span<const std::vector<Coordinate>> points,
                   const std::string& list_name);

/// Row-major index of a point in a product of coordinates. MATTIS_CHECK: it is one of them.
std::size_t cell_of(std::span<const std::vector<Coordinate>> along, const std::vector<Coordinate>& at);

}  // namespace mattis::store
