// Measured values with their coordinates: what a sweep leaves behind and every reader starts from.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mattis::store {

inline constexpr double not_there = std::numeric_limits<double>::quiet_NaN();

/// One direction of the grid: N, alpha, T ... (numbers) or ensemble, start (labels).
struct Axis {
  std::string name;
  std::string units;
  std::string definition;
  bool is_label = false;
};

/// Where a point lies on one axis: a number, or a label on an axis of labels.
struct Coordinate {
  double number = not_there;
  std::string label;
  bool operator==(const Coordinate& other) const {
    return label == other.label &&
           (number == other.number || (number != number && other.number != other.number));
  }
};

/// Key of GridPoint::actual: how many chains of the point ended in another branch than they are compared with.
/// Their averages mix two branches: no theory is claimed for them, and they are not extrapolated.
inline constexpr const char* strayed_chains = "strayed_chains";

/// One point of the grid. Points with equal `disorder` share their disorder samples: sample s of one is
/// sample s of the other, so their estimates are correlated.
struct GridPoint {
  std::vector<Coordinate> at;  ///< one per axis; the last axis is "start"
  std::map<std::string, double>
      actual;  ///< every number the model took: N, P, T, alpha_actual, start_overlap ...
  std::uint64_t disorder = 0;
};

/// What is measured. `component` names what a component counts ("mu", "rank", "moment", "tau"), or is empty.
struct ObservableSpec {
  std::string name, symbol, units, definition, component;
};

/// One chain's value of one observable: the mean over its measured sweeps. Joint observables of several
/// replicas have replica = -1.
struct ChainValue {
  int sample = 0;
  int replica = 0;
  double value = not_there;
  double error_thermal = not_there;  ///< NaN where there is none to speak of (a fraction of one chain)
  double tau_int = not_there;        ///< sweeps; 1 + 2 tau/every = var(mean) n / var(single)
};

/// All values of one (point, observable, component), ordered by sample, then replica.
/// Chains that were left out on purpose ([measure] condition) are not in `values` but counted in `left_out`.
struct Series {
  std::size_t point = 0;
  std::size_t observable = 0;
  std::string component;
  std::vector<ChainValue> values;
  int left_out = 0;
};

struct ResultTable {
  std::vector<Axis> axes;
  std::vector<GridPoint> points;
  std::vector<ObservableSpec> observables;
  std::vector<Series> series;  ///< ordered by point, observable, component

  /// Index of an axis, or -1.
  int axis(std::string_view name) const {
    for (std::size_t a = 0; a < axes.size(); ++a)
      if (axes[a].name == name) return static_cast<int>(a);
    return -1;
  }
};

}  // namespace mattis::store
