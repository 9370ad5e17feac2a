// What is measured: each observable's definition, as a mean of channels or as a function of their means.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/chain.hpp"
#include "engine/store/result_table.hpp"

namespace mattis {

/// What a job asks to be measured, for one point of the grid.
struct MeasurementPlan {
  std::vector<std::string> observables;
  std::int64_t every = 1;                 ///< sweeps between measurements
  double cut = 0.9;                       ///< retrieval overlap above which a memory counts as retrieved
  std::vector<std::int64_t> lost_within;  ///< sweeps
  SiteIndex cued = 0;                     ///< the cued pattern
  std::vector<SiteIndex> patterns;        ///< patterns whose overlaps are measured (the cued one first)
  SiteIndex num_patterns = 0;
  double temperature = 0;

  bool measures(std::string_view observable) const;
};

/// Every observable a job may name, with symbol, units and definition.
const std::vector<store::ObservableSpec>& observable_catalogue();
const store::ObservableSpec* find_observable(std::string_view name);

bool needs_patterns(std::string_view observable);
bool needs_replicas(std::string_view observable);
bool needs_synchronous(std::string_view observable);
bool is_of_zero_temperature(std::string_view observable);

/// Observables that are thermal averages <c> of functions c(s) of the configuration, one per component.
struct Channel {
  std::string observable;
  std::vector<std::string> components;                            ///< "" for a scalar
  std::function<void(const Snapshot&, std::span<double>)> value;  ///< one number per component
};
std::vector<Channel> channels(const MeasurementPlan& plan);

/// Observables that are functions of thermal averages: f(<c_1>, <c_2> ...).
struct DerivedObservable {
  std::string observable;
  std::function<double(std::span<const double>)> of_moments;
};
/// The moments they need: <e>, <e^2>, <m>, <m^2>, <m^4> with e = H/N and m the retrieval overlap.
inline constexpr std::size_t num_moments = 5;
void moments(const Snapshot& snapshot, SiteIndex cued, std::span<double> out);
std::vector<DerivedObservable> derived_observables(const MeasurementPlan& plan, SiteIndex num_spins);

}  // namespace mattis
