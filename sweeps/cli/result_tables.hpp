// The tables of `export`: one row per estimate, or one row per chain.
#pragma once

#include <string>

#include "analysis/compare.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::cli {

/// One row per point, start, observable and component; rows at N = inf last.
std::string estimates_text(const store::ResultTable& table, const analysis::Comparison& comparison,
                           const std::string& format);

/// One row per sample, replica, observable and component (replica empty where several are involved).
std::string samples_text(const store::ResultTable& table, const std::string& format);

}  // namespace mattis::cli
