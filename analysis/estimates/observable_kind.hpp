// Which observables are fractions of runs, and which go as a + b/N.
#pragma once

#include <string_view>

namespace mattis::analysis {

/// A fraction of runs (each run says 0 or 1): no thermal error, and a standard error that is never zero.
bool is_fraction(std::string_view observable);

/// Whether the mean may be extrapolated as a + b/N. Not fractions (a step smeared over a width, see
/// capacity.hpp), not times, not ordered overlaps (extremes of many fields, sqrt(ln P / N)).
bool has_size_expansion(std::string_view observable);

}  // namespace mattis::analysis
