// Result tables made of invented chains.
#pragma once

#include <string>
#include <vector>

#include "engine/store/result_table.hpp"

namespace mattis::tests {

/// Axes N, alpha, T, start; actual holds N, P, alpha_actual, T. Points of equal (N, P) share their disorder.
inline store::ResultTable empty_table(const std::vector<std::string>& observables) {
  store::ResultTable table;
  table.axes = {
      {"N", "1", "spins"}, {"alpha", "1", "load"}, {"T", "1", "temperature"}, {"start", "", "start", true}};
  for (const auto& name : observables) table.observables.push_back({name, "", "1", "", ""});
  return table;
}

inline std::size_t add_point(store::ResultTable& table, double N, double alpha, double T,
                             const std::string& start = "cued") {
  store::GridPoint point;
  point.at = {{N, ""}, {alpha, ""}, {T, ""}, {store::not_there, start}};
  const double P = static_cast<double>(static_cast<long>(alpha * N + 0.5));
  point.actual = {{"N", N}, {"P", P}, {"alpha_actual", P / N}, {"T", T}};
  point.disorder = static_cast<std::uint64_t>(N) * 1000003 + static_cast<std::uint64_t>(P);
  table.points.push_back(point);
  return table.points.size() - 1;
}

/// One chain per sample.
inline void add_series(store::ResultTable& table, std::size_t point, std::size_t observable,
                       const std::vector<double>& values, double error_thermal = 0,
                       const std::string& component = {}) {
  store::Series series{point, observable, component, {}};
  for (std::size_t s = 0; s < values.size(); ++s)
    series.values.push_back({static_cast<int>(s), 0, values[s], error_thermal, 0.5});
  table.series.push_back(series);
}

}  // namespace mattis::tests
