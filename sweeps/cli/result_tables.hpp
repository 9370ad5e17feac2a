// The tables of `export`: one row per estimate, or one row per chain.
#pragma once

#include <initializer_list>
#include <string>

#include "analysis/compare.hpp"
#include "engine/store/result_table.hpp"
#include "sweeps/cli/text_table.hpp"

namespace mattis::cli {

/// A table whose first columns are the axes, and the cells of one place along them.
TextTable table_with_axes(const store::ResultTable& table, std::initializer_list<const char*> more);
void add_coordinates(TextTable& out, const store::ResultTable& table,
                     const std::vector<store::Coordinate>& at);

/// One row per point, start, observable and component; rows at N = inf last.
std::string estimates_text(const store::ResultTable& table, const analysis::Comparison& comparison,
                           const std::string& format);

/// One row per sample, replica, observable and component (replica empty where several are involved).
std::string samples_text(const store::ResultTable& table, const std::string& format);

}  // namespace mattis::cli
