// The dimensions that components of observables span: mu, rank, moment ...
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "engine/store/result_table.hpp"
#include "engine/store/variable.hpp"

namespace mattis::store {

/// All labels that occur, for each kind of component over all observables that have it. Note every label,
/// write the scales, then ask where a component stands.
class ComponentLabels {
 public:
  explicit ComponentLabels(const std::vector<ObservableSpec>& observables);

  /// MATTIS_CHECK: there is a label exactly where the observable has components.
  void note(std::size_t observable, const std::string& label);
  /// One scale for each kind: numbers ascending (int64, or float64 where one is not whole), else texts.
  void write(Hdf5File& file);

  std::size_t count(std::size_t observable) const;  ///< 1 for an observable without components
  std::size_t index(std::size_t observable, const std::string& label) const;
  /// `dims` and the observable's component, if it has one, as the fastest dimension.
  Dimensions appended(std::size_t observable, const Dimensions& dims) const;

 private:
  const std::vector<ObservableSpec>& observables_;
  std::map<std::string, std::vector<std::string>> labels_;
};

}  // namespace mattis::store
