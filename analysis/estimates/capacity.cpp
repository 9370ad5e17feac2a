#include "analysis/estimates/capacity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/estimates/disorder_average.hpp"
#include "analysis/estimates/linear_fit.hpp"
#include "engine/error.hpp"

namespace mattis::analysis {
namespace {

using FractionsBySize = std::map<double, std::map<double, std::pair<std::uint64_t, FractionAtLoad>>>;

void check(const CapacityDefinition& definition) {
  if (!(definition.level > 0 && definition.level < 1)) throw InputError("the level must lie between 0 and 1");
  if (!(definition.lower >= 0 && definition.lower < definition.upper && definition.upper <= 1))
    throw InputError("the window must obey 0 <= lower < upper <= 1");
  if (!(definition.shift_exponent > 0)) throw InputError("the shift exponent must be positive");
  if (!(definition.crossing_exponent >= 0)) throw InputError("the crossing exponent must not be negative");
  if (definition.shift_terms < 1) throw InputError("the shift needs one term or more");
}

std::size_t require_axis(const store::ResultTable& table, const std::string& name) {
  const int axis = table.axis(name);
  if (axis < 0) throw InputError(fmt::format("a capacity needs the axis \"{}\"", name));
  return static_cast<std::size_t>(axis);
}

/// alpha_c and, from further columns of the design, the amplitudes of the drift.
void extrapolate(const std::vector<std::vector<double>>& design, const std::vector<double>& loads,
                 const SymmetricMatrix& covariance, CapacityEstimate& estimate) {
  const auto fit = fit_linear(design, loads, covariance);
  if (!fit) {
    estimate.reason = "the fit is singular";
    return;
  }
  estimate.load = fit->parameters[0];
  estimate.error = std::sqrt(fit->covariance(0, 0));
  for (std::size_t k = 1; k < fit->parameters.size(); ++k) {
    estimate.amplitudes.push_back(fit->parameters[k]);
    estimate.amplitude_errors.push_back(std::sqrt(fit->covariance(k, k)));
  }
  estimate.quality = fit->quality;
  estimate.converged = true;
}

CapacityEstimate from_half_points(const std::vector<HalfPoint>& points, double exponent, int terms) {
  CapacityEstimate estimate;
  std::vector<std::vector<double>> design;
  std::vector<double> loads, variances;
  for (const auto& point : points) {
    if (!point.curve.converged) continue;
    design.push_back({1});
    for (int k = 1; k <= terms; ++k) design.back().push_back(std::pow(point.N, -k * exponent));
    loads.push_back(point.load);
    variances.push_back(point.error * point.error);
  }
  if (loads.size() < static_cast<std::size_t>(terms) + 2)
    estimate.reason = fmt::format("{} sizes have a fitted curve, {} are needed", loads.size(), terms + 2);
  else
    extrapolate(design, loads, SymmetricMatrix::diagonal(variances), estimate);
  return estimate;
}

FractionAtLoad fraction_at(double load, const SampleMeans& means) {
  FractionAtLoad result;
  result.load = load;
  result.samples = static_cast<int>(means.value.size());
  result.fraction = 0;
  result.variance = 0;
  for (const double x : means.value) result.fraction += x / result.samples;
  for (const double x : means.value)
    if (result.samples > 1)
      result.variance += (x - result.fraction) * (x - result.fraction) / (result.samples - 1);
  return result;
}

double actual_load(const store::GridPoint& point, const std::string& name, std::size_t axis) {
  const auto found = point.actual.find(name + "_actual");
  return found != point.actual.end() ? found->second : point.at[axis].number;
}

/// Adds one point; loads that round to the same P are one set of chains and count once.
void add(FractionsBySize& by_size, double size, std::uint64_t disorder, const FractionAtLoad& fraction) {
  auto& loads = by_size[size];
  for (const auto& [load, known] : loads)
    if (known.first == disorder && load != fraction.load)
      throw InputError(
          fmt::format("loads {} and {} share their disorder at N = {}: their fractions are correlated", load,
                      fraction.load, size));
  loads.try_emplace(fraction.load, disorder, fraction);
}

}  // namespace

Capacity measure_capacity(const std::vector<double>& sizes,
                          const std::vector<std::vector<FractionAtLoad>>& data,
                          const CapacityDefinition& definition) {
  check(definition);
  if (sizes.size() != data.size()) throw InputError("one set of fractions per size is needed");
  if (!std::is_sorted(sizes.begin(), sizes.end())) throw InputError("sizes must ascend");
  Capacity capacity;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    if (sizes[k] < definition.smallest_size) continue;
    HalfPoint point;
    point.N = sizes[k];
    point.curve = fit_fraction_curve(data[k], definition.lower, definition.upper);
    if (point.curve.converged) {
      point.load = point.curve.load_at(definition.level);
      point.error = point.curve.error_at(definition.level);
    }
    capacity.half_points.push_back(std::move(point));
  }
  std::vector<SizedCurve> curves;
  for (const auto& point : capacity.half_points)
    if (point.curve.converged) curves.push_back({point.N, point.curve});
  capacity.crossings = find_crossings(curves);
  capacity.from_half_points =
      from_half_points(capacity.half_points, definition.shift_exponent, definition.shift_terms);
  capacity.from_crossings = fit_crossings(curves, definition.crossing_exponent);
  return capacity;
}

std::vector<Capacity> measure_capacity(const store::ResultTable& table,
                                       const CapacityDefinition& definition) {
  check(definition);
  const auto size_axis = require_axis(table, "N"), load_axis = require_axis(table, definition.load),
             start_axis = require_axis(table, "start");
  std::vector<std::pair<Capacity, FractionsBySize>> places;
  for (const auto& series : table.series) {
    const auto& point = table.points.at(series.point);
    if (table.observables.at(series.observable).name != definition.observable) continue;
    if (point.at[start_axis].label != definition.start) continue;
    const auto means = sample_means(series);
    if (means.value.empty()) continue;
    auto at = point.at;
    at[size_axis] = at[load_axis] = {};
    auto place = std::find_if(places.begin(), places.end(), [&](const auto& p) {
      return p.first.component == series.component && p.first.at == at;
    });
    if (place == places.end()) {
      place = places.emplace(places.end());
      place->first.at = at;
      place->first.component = series.component;
    }
    add(place->second, point.at[size_axis].number, point.disorder,
        fraction_at(actual_load(point, definition.load, load_axis), means));
  }
  std::vector<Capacity> capacities;
  for (auto& [place, by_size] : places) {
    std::vector<double> sizes;
    std::vector<std::vector<FractionAtLoad>> data;
    for (const auto& [size, loads] : by_size) {
      sizes.push_back(size);
      data.emplace_back();
      for (const auto& [load, fraction] : loads) data.back().push_back(fraction.second);
    }
    auto capacity = measure_capacity(sizes, data, definition);
    capacity.at = place.at;
    capacity.component = place.component;
    capacities.push_back(std::move(capacity));
  }
  return capacities;
}

}  // namespace mattis::analysis
