#include "analysis/estimates/jackknife.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "analysis/estimates/disorder_average.hpp"
#include "engine/error.hpp"

namespace mattis::analysis {
namespace {

const store::Series& find_series(const store::ResultTable& table, std::size_t point,
                                 const std::pair<std::string, std::string>& quantity) {
  for (const auto& series : table.series)
    if (series.point == point && table.observables.at(series.observable).name == quantity.first &&
        series.component == quantity.second)
      return series;
  throw InputError(fmt::format("no observable \"{}\" with component \"{}\" at this point", quantity.first,
                               quantity.second));
}

/// The values of `means` at the given samples, all of which it has.
std::vector<double> values_at(const SampleMeans& means, const std::vector<int>& samples) {
  std::vector<double> values;
  for (std::size_t k = 0; k < means.sample.size(); ++k)
    if (std::binary_search(samples.begin(), samples.end(), means.sample[k])) values.push_back(means.value[k]);
  return values;
}

}  // namespace

Jackknife jackknife(std::span<const std::vector<double>> bins, const FunctionOfMeans& f) {
  if (bins.empty()) throw InputError("a jackknife needs at least one quantity");
  const std::size_t n = bins.front().size();
  for (const auto& quantity : bins)
    if (quantity.size() != n) throw InputError("a jackknife needs equally many bins of every quantity");
  Jackknife result;
  result.bins = static_cast<int>(n);
  if (n == 0) return result;

  std::vector<double> sums(bins.size()), means(bins.size());
  for (std::size_t a = 0; a < bins.size(); ++a) {
    for (const double x : bins[a]) sums[a] += x;
    means[a] = sums[a] / static_cast<double>(n);
  }
  const double full = f(means);
  result.value = full;
  if (n < 2) return result;

  std::vector<double> without(n);
  for (std::size_t b = 0; b < n; ++b) {
    for (std::size_t a = 0; a < bins.size(); ++a)
      means[a] = (sums[a] - bins[a][b]) / static_cast<double>(n - 1);
    without[b] = f(means);
  }
  double average = 0, squares = 0;
  for (const double x : without) average += x / static_cast<double>(n);
  for (const double x : without) squares += (x - average) * (x - average);
  result.bias = static_cast<double>(n - 1) * (average - full);
  result.value = full - result.bias;
  result.error = std::sqrt(squares * static_cast<double>(n - 1) / static_cast<double>(n));
  return result;
}

Estimate derived_estimate(const store::ResultTable& table, std::size_t point,
                          std::span<const std::pair<std::string, std::string>> quantities,
                          const std::string& name, const FunctionOfMeans& f) {
  std::vector<SampleMeans> means;
  std::vector<int> common;
  Estimate estimate;
  for (const auto& quantity : quantities) {
    const auto& series = find_series(table, point, quantity);
    estimate.left_out = std::max(estimate.left_out, series.left_out);
    means.push_back(sample_means(series));
    if (means.size() == 1) {
      common = means.back().sample;
      continue;
    }
    std::vector<int> both;
    std::set_intersection(common.begin(), common.end(), means.back().sample.begin(),
                          means.back().sample.end(), std::back_inserter(both));
    common = std::move(both);
  }
  std::vector<std::vector<double>> bins;
  for (const auto& m : means) bins.push_back(values_at(m, common));
  const auto result = jackknife(bins, f);
  estimate.point = point;
  estimate.at = table.points.at(point).at;
  estimate.actual = table.points[point].actual;
  estimate.observable = name;
  estimate.mean = result.value;
  estimate.error = result.error;
  estimate.samples = result.bins;
  return estimate;
}

}  // namespace mattis::analysis
