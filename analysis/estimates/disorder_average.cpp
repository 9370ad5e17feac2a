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

/// What the replicas of one sample say of the error of their mean: squares of both estimates.
struct ReplicaErrors {
  double own = 0, spread = 0;
  int replicas = 0;
};

ReplicaErrors errors_of(const store::ChainValue* chain, std::size_t count, double mean) {
  ReplicaErrors errors;
  for (std::size_t k = 0; k < count; ++k) {
    if (std::isnan(chain[k].value)) continue;
    ++errors.replicas;
    errors.own += chain[k].error_thermal * chain[k].error_thermal;
    errors.spread += (chain[k].value - mean) * (chain[k].value - mean);
  }
  errors.own /= errors.replicas * errors.replicas;
  errors.spread /= errors.replicas * (errors.replicas - 1.0);
  return errors;
}

/// f of sample_means().
double scale_of(const std::vector<ReplicaErrors>& samples) {
  double own = 0, spread = 0;
  for (const auto& sample : samples)
    if (sample.replicas > 1) own += sample.own, spread += sample.spread;
  return spread > own && own > 0 ? spread / own : 1;
}

/// Errors of the means over replicas from err_sr where there is one, else from the spread of the replicas.
void set_thermal_errors(SampleMeans& means, const std::vector<ReplicaErrors>& samples) {
  double own = 0, spread = 0, scaled = 0;
  int freedom = 0;
  for (const auto& sample : samples) {
    own += sample.own;
    if (sample.replicas < 2) continue;
    const double squares = sample.spread * sample.replicas * (sample.replicas - 1);
    freedom += sample.replicas - 1;
    spread += squares;
    if (squares > 0) scaled += squares / (sample.own * sample.replicas);
  }
  means.is_frozen = own == 0;
  if (freedom > 0 && !std::isnan(own))
    means.p_value = std::isfinite(scaled) ? gsl_cdf_chisq_Q(scaled, freedom) : 0;
  const bool from_spread = !(own > 0) && freedom > 0;
  const double scale = scale_of(samples);
  for (const auto& sample : samples)
    means.error_thermal.push_back(
        std::sqrt(from_spread ? spread / freedom / sample.replicas : scale * sample.own));
}

bool is_joint(const store::Series& series) {
  return !series.values.empty() && series.values.front().replica < 0;
}

/// Points whose replicas were seen to forget their starts: those of all single-chain observables agree. Enumerations have
/// joint values and no replicas: nothing to forget.
std::vector<bool> find_forgetful(const store::ResultTable& table) {
  struct Replicas {
    double least = 1;
    int observables = 0;
    bool has_chains = false, has_replicas = false;
  };
  std::vector<Replicas> points(table.points.size());
  for (const auto& series : table.series) {
    if (is_joint(series) || series.values.empty()) continue;
    auto& point = points[series.point];
    point.has_chains = true;
    for (const auto& chain : series.values) point.has_replicas = point.has_replicas || chain.replica > 0;
    const double p_value = sample_means(series).p_value;
    if (std::isnan(p_value)) continue;
    point.least = std::min(point.least, p_value);
    ++point.observables;
  }
  std::vector<bool> forgetful;
  for (const auto& point : points)
    forgetful.push_back(point.has_replicas ? point.observables > 0 && point.least * point.observables >= 1e-3
                                           : point.has_chains);
  return forgetful;
}

}  // namespace

SampleMeans sample_means(const store::Series& series) {
  SampleMeans means;
  std::vector<ReplicaErrors> errors;
  double tau_sum = 0;
  int taus = 0;
  const auto& chains = series.values;
  for (std::size_t first = 0; first < chains.size();) {
    double sum = 0;
    int replicas = 0;
    std::size_t k = first;
    for (; k < chains.size() && chains[k].sample == chains[first].sample; ++k) {
      if (std::isnan(chains[k].value)) continue;
      sum += chains[k].value;
      ++replicas;
      if (!std::isnan(chains[k].tau_int)) tau_sum += chains[k].tau_int, ++taus;
    }
    if (replicas > 0) {
      means.sample.push_back(chains[first].sample);
      means.value.push_back(sum / replicas);
      errors.push_back(errors_of(&chains[first], k - first, sum / replicas));
    }
    first = k;
  }
  set_thermal_errors(means, errors);
  if (taus > 0) means.tau_int = tau_sum / taus;
  return means;
}

std::vector<Estimate> disorder_average(const store::ResultTable& table) {
  std::vector<Estimate> estimates;
  estimates.reserve(table.series.size());
  const auto forgetful = find_forgetful(table);
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
    auto samples = sample_means(series);
    estimate.is_frozen = samples.is_frozen;
    if (is_joint(series) && !forgetful[series.point])
      samples.error_thermal.assign(samples.error_thermal.size(), no_number);
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
