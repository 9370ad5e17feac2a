#include "analysis/estimates/fraction_curve.hpp"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace mattis::analysis {
namespace {

using Loads = std::vector<FractionAtLoad>;

struct Information {
  double s0 = 0, s1 = 0;             // score
  double i00 = 0, i01 = 0, i11 = 0;  // Fisher information
  double determinant() const { return i00 * i11 - i01 * i01; }
};

double probability(double eta) { return gsl_cdf_ugaussian_P(eta); }
double complement(double eta) { return gsl_cdf_ugaussian_Q(eta); }

double log_likelihood(const Loads& data, double origin, double b0, double b1) {
  double sum = 0;
  for (const auto& d : data) {
    const double eta = b0 + b1 * (d.load - origin);
    if (d.fraction > 0) sum += d.samples * d.fraction * std::log(probability(eta));
    if (d.fraction < 1) sum += d.samples * (1 - d.fraction) * std::log(complement(eta));
  }
  return sum;
}

Information information(const Loads& data, double origin, double b0, double b1) {
  Information sum;
  for (const auto& d : data) {
    const double x = d.load - origin, eta = b0 + b1 * x;
    const double p = probability(eta), q = complement(eta), density = gsl_ran_ugaussian_pdf(eta);
    if (!(p > 0) || !(q > 0)) continue;
    const double score = d.samples * density * (d.fraction / p - (1 - d.fraction) / q);
    const double weight = d.samples * density * density / (p * q);
    sum.s0 += score, sum.s1 += score * x;
    sum.i00 += weight, sum.i01 += weight * x, sum.i11 += weight * x * x;
  }
  return sum;
}

/// Newton steps of expected information, halved until the likelihood rises.
bool climb(const Loads& data, double origin, double& b0, double& b1) {
  double height = log_likelihood(data, origin, b0, b1);
  for (int iteration = 0; iteration < 200; ++iteration) {
    const auto at = information(data, origin, b0, b1);
    const double determinant = at.determinant();
    if (!(determinant > 0)) return false;
    const double d0 = (at.i11 * at.s0 - at.i01 * at.s1) / determinant;
    const double d1 = (at.i00 * at.s1 - at.i01 * at.s0) / determinant;
    const double gain = at.s0 * d0 + at.s1 * d1;  // twice the expected rise
    if (gain < 1e-16) return true;
    double step = 1;
    while (step > 1e-6) {
      const double tried = log_likelihood(data, origin, b0 + step * d0, b1 + step * d1);
      if (tried >= height) {
        height = tried;
        break;
      }
      step /= 2;
    }
    if (step <= 1e-6) return gain < 1e-8;
    b0 += step * d0, b1 += step * d1;
  }
  return false;
}

double overdispersion(const Loads& data) {
  double between = 0, coin = 0;
  for (const auto& d : data) {
    if (d.samples < 2) continue;
    between += d.samples * d.variance;
    coin += d.samples * d.fraction * (1 - d.fraction) + d.variance;
  }
  return coin > 0 && between > 0 ? between / coin : 1;
}

void fit_window(const Loads& data, FractionCurve& curve) {
  curve.converged = false;
  curve.loads = static_cast<int>(data.size());
  const auto inner =
      std::count_if(data.begin(), data.end(), [](const auto& d) { return d.fraction > 0 && d.fraction < 1; });
  if (inner < 2) {
    curve.reason = "fewer than two loads of the window have a fraction strictly between 0 and 1";
    return;
  }
  double weight = 0, mean = 0, lowest = infinity, highest = -infinity;
  for (const auto& d : data) {
    mean += d.samples * d.load, weight += d.samples;
    lowest = std::min(lowest, d.load), highest = std::max(highest, d.load);
  }
  curve.origin = mean / weight;
  curve.lowest_load = lowest, curve.highest_load = highest;
  curve.b0 = 0, curve.b1 = -2 / (highest - lowest);
  if (!climb(data, curve.origin, curve.b0, curve.b1)) {
    curve.reason = "the likelihood has no finite maximum";
    return;
  }
  curve.overdispersion = overdispersion(data);
  const auto at = information(data, curve.origin, curve.b0, curve.b1);
  const double scale = curve.overdispersion / at.determinant();
  curve.covariance = {at.i11 * scale, -at.i01 * scale, at.i00 * scale};
  double chi2 = 0;
  for (const auto& d : data) {
    const double p = curve.fraction(d.load);
    chi2 += d.samples * (d.fraction - p) * (d.fraction - p) / (p * (1 - p));
  }
  curve.quality.value = chi2 / curve.overdispersion;
  curve.quality.dof = curve.loads - 2;
  curve.quality.p_value = t_squared_p_value(curve.quality.value, curve.quality.dof, infinity);
  curve.converged = curve.b1 < 0;
  curve.reason = curve.converged ? "" : "the fraction does not fall with the load";
}

}  // namespace

double FractionCurve::covariance_at(double load, double other) const {
  const double x = load - origin, y = other - origin;
  return covariance[0] + covariance[1] * (x + y) + covariance[2] * x * y;
}

double FractionCurve::fraction(double load) const { return probability(probit(load)); }

double FractionCurve::load_at(double level) const {
  return origin + (gsl_cdf_ugaussian_Pinv(level) - b0) / b1;
}

double FractionCurve::error_at(double level) const {
  const double load = load_at(level);
  return std::sqrt(covariance_at(load, load)) / std::abs(b1);
}

double FractionCurve::width_error() const { return std::sqrt(covariance[2]) / (b1 * b1); }

FractionCurve fit_fraction_curve(std::span<const FractionAtLoad> data, double lower, double upper) {
  const Loads all(data.begin(), data.end());
  FractionCurve curve;
  for (const auto& d : all) {
    curve.lowest_measured = std::fmin(curve.lowest_measured, d.load);
    curve.highest_measured = std::fmax(curve.highest_measured, d.load);
  }
  fit_window(all, curve);
  std::vector<bool> window(all.size(), true);
  std::set<std::vector<bool>> seen{window};
  while (curve.converged) {
    std::vector<bool> next(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double p = curve.fraction(all[i].load);
      next[i] = p >= lower && p <= upper;
    }
    if (next == window) break;
    const bool is_cycle = !seen.insert(next).second;
    Loads kept;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (next[i] || (is_cycle && window[i])) kept.push_back(all[i]);
    fit_window(kept, curve);
    if (is_cycle) break;
    window = std::move(next);
  }
  return curve;
}

}  // namespace mattis::analysis
