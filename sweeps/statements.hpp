// What a job's results say, put beside theory: comparison and capacity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/compare.hpp"
#include "analysis/estimates/capacity.hpp"
#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// Where theory puts the capacity: level and value.
struct CapacityTheory {
  std::string level;
  double alpha = 0;
};

struct CapacityStatement {
  analysis::Capacity measured;
  double temperature = 0;
  std::string load;                    ///< the axis: alpha, gamma, P ...
  std::string setting;                 ///< ", distinct, p = 3": the other axes that vary
  std::vector<CapacityTheory> theory;  ///< empty where the patterns are not those of the theory
};

struct Statements {
  store::ResultTable table;
  analysis::Comparison comparison;
  std::vector<CapacityStatement> capacities;  ///< if [analysis.capacity] asks
};

Statements make_statements(const Job& job, store::ResultTable table);

/// Capacity at a point of the grid (its load is not read) by every level of theory that knows it; none where the job's disorder is
/// not theory's.
std::vector<CapacityTheory> capacity_theory(const Job& job, const std::vector<store::Coordinate>& at);

}  // namespace mattis::sweeps
