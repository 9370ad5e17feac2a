#include "analysis/estimates/disorder_average.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {
namespace {

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double sum_of_squares(const std::vector<double>& x, double origin) {
  double sum = 0;
  for (const double value : x) sum += (value - origin) * (value - origin);
  return sum;
}

void set_errors(Estimate& estimate, const SampleMeans& samples) {
  const double S = estimate.samples;
  const double spread = S > 1 ? std::sqrt(sum_of_squares(samples.value, estimate.mean) / (S * (S - 1))) : 0;
  if (is_fraction(estimate.observable)) {
    estimate.error = std::max(spread, 1 / (S + 1));
    return;
  }
  estimate.error_thermal = std::sqrt(sum_of_squares(samples.error_thermal, 0)) / S;
  if (S < 2) {
    estimate.error = estimate.error_thermal;
    return;
  }
  estimate.error = spread;
  const double excess = spread * spread - estimate.error_thermal * estimate.error_thermal;
  estimate.error_disorder = excess < 0 ? 0 : std::sqrt(excess);  // NaN if no thermal error is known
}

/// Replicas whose spread their own errors cannot explain (p < 1e-6) have not forgotten their starts: then the spread
/// is the error.
double error_of_replicas(const store::ChainValue* chain, std::size_t count, double mean, double squares,
                         int replicas) {
  const double own = std::sqrt(squares) / replicas;
  double chi_squared = 0, spread = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (std::isnan(chain[k].value)) continue;
    const double d = chain[k].value - mean;
    spread += d * d;
    if (chain[k].error_thermal > 0) chi_squared += d * d / (chain[k].error_thermal * chain[k].error_thermal);
  }
  if (replicas < 2 || !(own > 0) || gsl_cdf_chisq_Q(chi_squared, replicas - 1) >= 1e-6) return own;
  return std::max(own, std::sqrt(spread / (replicas * (replicas - 1.0))));
}

}  // namespace

SampleMeans sample_means(const store::Series& series) {
  SampleMeans means;
  double tau_sum = 0;
  int taus = 0;
  const auto& chains = series.values;
  for (std::size_t first = 0; first < chains.size();) {
    double sum = 0, squares = 0;
    int replicas = 0;
    std::size_t k = first;
    for (; k < chains.size() && chains[k].sample == chains[first].sample; ++k) {
      if (std::isnan(chains[k].value)) continue;
      sum += chains[k].value;
      squares += chains[k].error_thermal * chains[k].error_thermal;
      ++replicas;
      if (!std::isnan(chains[k].tau_int)) tau_sum += chains[k].tau_int, ++taus;
    }
    if (replicas > 0) {
      means.sample.push_back(chains[first].sample);
      means.value.push_back(sum / replicas);
      means.error_thermal.push_back(
          error_of_replicas(&chains[first], k - first, sum / replicas, squares, replicas));
    }
    first = k;
  }
  if (taus > 0) means.tau_int = tau_sum / taus;
  return means;
}

std::vector<Estimate> disorder_average(const store::ResultTable& table) {
  std::vector<Estimate> estimates;
  estimates.reserve(table.series.size());
  for (std::size_t k = 0; k < table.series.size(); ++k) {
    const auto& series = table.series[k];
    const auto& point = table.points.at(series.point);
    Estimate estimate;
    estimate.point = series.point;
    estimate.at = point.at;
    estimate.actual = point.actual;
    estimate.observable = table.observables.at(series.observable).name;
    estimate.component = series.component;
    estimate.left_out = series.left_out;
    estimate.terms = {{k, 1.0}};
    const auto samples = sample_means(series);
    estimate.samples = static_cast<int>(samples.value.size());
    estimate.tau_int = samples.tau_int;
    if (estimate.samples > 0) {
      estimate.mean = mean_of(samples.value);
      set_errors(estimate, samples);
    }
    estimates.push_back(std::move(estimate));
  }
  return estimates;
}

}  // namespace mattis::analysis
