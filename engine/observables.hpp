// What is measured: each observable's definition, as a mean of channels or as a function of their means.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
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
  Updates updates = Updates::single;

  bool measures(std::string_view observable) const;
};

/// Every observable a job may name, with symbol, units and definition.
const std::vector<store::ObservableSpec>& observable_catalogue();
const store::ObservableSpec* find_observable(std::string_view name);

/// Is it an overlap with stored patterns, or made of one?
bool needs_patterns(std::string_view observable);
/// Is it measured on several replicas of one sample side by side?
bool needs_replicas(std::string_view observable);
/// Does it speak of the point where a run at T = 0 ends?
bool needs_zero_temperature(std::string_view observable);
/// Does it say something about synchronous (Little) dynamics only?
bool needs_synchronous_updates(std::string_view observable);

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

/// Bins of equal width over -1 <= q <= 1 that hold the distribution of the replica overlap.
struct OverlapHistogram {
  static constexpr std::int64_t num_bins = 40;
  static constexpr double width = 2.0 / num_bins;

  /// Adds `weight` at q = 1 - 2 d/N, where two configurations of N spins differ at d sites. Bins are found by
  /// integers; a value on the edge of two bins is half in each, so that q and -q are treated alike.
  void add(std::int64_t d, std::int64_t n, double weight);
  /// The centre of a bin, as results name it: "-0.975" ... "0.975".
  static std::string center(std::size_t bin);

  std::array<double, num_bins> weights{};
};

}  // namespace mattis
