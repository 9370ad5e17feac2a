// DIR/results.h5: the results as xarray, h5py, netCDF and R open them without our code (schema.md).
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/store/provenance.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::store {

/// Has the estimate forgotten where its chains began?
enum class Equilibrated : signed char { not_judged = -1, no = 0, yes = 1, metastable = 2 };

/// The average over disorder samples of one (point, observable, component), with its theory. NaN = none.
struct EstimateRow {
  std::size_t point = 0;       ///< index into ResultTable::points
  std::size_t observable = 0;  ///< index into ResultTable::observables
  std::string component;
  double mean = not_there;
  double error = not_there;
  double error_thermal = not_there;
  double error_disorder = not_there;
  double tau_int = not_there;
  double theory = not_there;
  Equilibrated equilibrated = Equilibrated::not_judged;
};

/// The same quantity extrapolated to N = infinity.
struct ExtrapolatedRow {
  /// One per axis as in GridPoint::at; what stands on the axis N is not looked at.
  std::vector<Coordinate> at;
  std::size_t observable = 0;
  std::string component;
  double value = not_there;
  double error = not_there;
  double theory = not_there;
};

/// Writes `file` aside, syncs it to disk and renames it: readers see the old file or the new one, whole.
///
/// Variables for an observable X over the grid axes G (the last one is start), as schema.md states them:
///
///     X(G, sample[, component])   mean over the replicas of one sample;   X_sample_error: its thermal error
///     X_mean, X_error, X_error_thermal, X_error_disorder, X_tau_int, X_theory, X_samples (G[, component])
///     X_extrapolated, X_extrapolated_error, X_extrapolated_theory   over G without N
///
/// Points that are no full product of the axes lie along one dimension `point` instead of G.
///
/// Errors   EnvironmentError when it cannot be written; the old file then stays.
void write_results(const std::filesystem::path& file, const ResultTable& table,
                   std::span<const EstimateRow> estimates, std::span<const ExtrapolatedRow> extrapolated,
                   const Provenance& provenance);

/// The provenance group of a results file.
Provenance read_provenance(const std::filesystem::path& file);

}  // namespace mattis::store
