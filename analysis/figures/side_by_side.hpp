// Points of several curves at one place, set side by side.
#pragma once

#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace mattis::figures {

inline constexpr double symbol_width = 9;  ///< pixels
inline constexpr double most_apart = 0.8;  ///< neighbours' distance, in widths of a symbol

/// How far the points of each curve are drawn to the right of their x, in pixels of a box that is `width` by `height`.
///
/// Two curves meet where two of their points lie less than a symbol apart along x and their bars, or symbols, overlap
/// along y. Curves that meet get different places, each the first that is free, in the order of the curves; neighbouring
/// places are most_apart symbols apart, less where the points along x stand closer, and so that all stay in the box. Nothing moves where nothing
/// meets. O(points^2) in the worst case.
std::vector<double> side_by_side(const Figure& figure, double width, double height);

/// What the legend says of these places; empty where nothing moved.
std::string note_of_places(const Figure& figure, const std::vector<double>& places);

}  // namespace mattis::figures
