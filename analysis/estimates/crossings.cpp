#include "analysis/estimates/crossings.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace mattis::analysis {
namespace {

constexpr double largest_parallel_p_value = 1e-3;

struct Range {
  double lowest, highest;
  bool holds(double load) const { return load >= lowest && load <= highest; }
};

Range measured_at_both(const FractionCurve& a, const FractionCurve& b) {
  return {std::max(a.lowest_measured, b.lowest_measured), std::min(a.highest_measured, b.highest_measured)};
}

/// The pairs of curves as functions of where they are asked to meet.
class Pairs {
 public:
  Pairs(std::span<const SizedCurve> curves, double exponent) {
    for (std::size_t k = 0; k + 1 < curves.size(); ++k) {
      smaller_.push_back(&curves[k].curve);
      larger_.push_back(&curves[k + 1].curve);
      slopes_.push_back(curves[k].curve.b1 - curves[k + 1].curve.b1);
      design_.push_back({1});
      if (exponent > 0) design_.back().push_back(std::pow(curves[k].N * curves[k + 1].N, -exponent / 2));
    }
  }

  std::size_t size() const { return slopes_.size(); }

  ChiSquared parallelism() const {
    CovariancePart part{{}, covariance([](const auto& c, auto, auto) { return c.covariance[2]; })};
    for (std::size_t k = 0; k < size(); ++k) part.where.push_back(k);
    return chi_squared(slopes_, std::vector{part});
  }

  struct State {
    double chi2 = infinity;
    std::vector<double> score;  ///< (1/2) d chi^2 / d theta
    SymmetricMatrix information;
  };
  State at(const std::vector<double>& theta) const {
    const std::size_t n = size();
    std::vector<double> loads(n), u(n);
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t a = 0; a < theta.size(); ++a) loads[k] += design_[k][a] * theta[a];
      u[k] = smaller_[k]->probit(loads[k]) - larger_[k]->probit(loads[k]);
    }
    const auto V = covariance([&](const FractionCurve& c, std::size_t k, std::size_t l) {
      return c.covariance_at(loads[k], loads[l]);
    });
    const auto precision = V.inverse();
    State state;
    if (!precision) return state;
    state.chi2 = precision->form(u, u);
    std::vector<double> pull(n);  // V^-1 u
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t l = 0; l < n; ++l) pull[k] += (*precision)(k, l) * u[l];
    std::vector<std::vector<double>> columns(theta.size(), std::vector<double>(n));
    state.score.assign(theta.size(), 0);
    for (std::size_t k = 0; k < n; ++k) {
      double slope = slopes_[k] - pull[k] * (slope_covariance(*smaller_[k], loads[k]) +
                                             slope_covariance(*larger_[k], loads[k]));
      if (k > 0) slope += pull[k - 1] * slope_covariance(*smaller_[k], loads[k - 1]);
      if (k + 1 < n) slope += pull[k + 1] * slope_covariance(*larger_[k], loads[k + 1]);
      for (std::size_t a = 0; a < theta.size(); ++a) {
        columns[a][k] = slope * design_[k][a];
        state.score[a] += columns[a][k] * pull[k];
      }
    }
    state.information = SymmetricMatrix{theta.size()};
    for (std::size_t a = 0; a < theta.size(); ++a)
      for (std::size_t b = 0; b <= a; ++b)
        state.information.set(a, b, precision->form(columns[a], columns[b]));
    return state;
  }

 private:
  static double slope_covariance(const FractionCurve& c, double load) {
    return c.covariance[1] + c.covariance[2] * (load - c.origin);
  }

  /// Of linear functions of the pairs, from the covariance within one size:
  /// same pair: both sizes; neighbours: minus that of the size they share.
  template <class Within>
  SymmetricMatrix covariance(const Within& within) const {
    SymmetricMatrix result{size()};
    for (std::size_t k = 0; k < size(); ++k) {
      result.set(k, k, within(*smaller_[k], k, k) + within(*larger_[k], k, k));
      if (k > 0) result.set(k, k - 1, -within(*smaller_[k], k, k - 1));
    }
    return result;
  }

  std::vector<const FractionCurve*> smaller_, larger_;
  std::vector<double> slopes_;
  std::vector<std::vector<double>> design_;
};

/// Scoring steps from theta, halved until chi^2 falls; true if they end.
bool descend(const Pairs& pairs, std::vector<double>& theta, Pairs::State& state) {
  state = pairs.at(theta);
  for (int iteration = 0; iteration < 200; ++iteration) {
    const auto inverse = state.information.inverse();
    if (!std::isfinite(state.chi2) || !inverse) return false;
    const double gain = inverse->form(state.score, state.score);
    if (gain < 1e-14) return true;
    double step = 1;
    for (; step > 1e-6; step /= 2) {
      auto tried = theta;
      for (std::size_t a = 0; a < theta.size(); ++a)
        for (std::size_t b = 0; b < theta.size(); ++b) tried[a] -= step * (*inverse)(a, b) * state.score[b];
      auto next = pairs.at(tried);
      if (!(next.chi2 < state.chi2)) continue;
      theta = std::move(tried), state = std::move(next);
      break;
    }
    if (step <= 1e-6) return gain < 1e-8;
  }
  return false;
}

}  // namespace

std::vector<Crossing> find_crossings(std::span<const SizedCurve> curves) {
  std::vector<Crossing> crossings;
  for (std::size_t k = 0; k + 1 < curves.size(); ++k) {
    const auto &a = curves[k].curve, &b = curves[k + 1].curve;
    const double difference = a.b1 - b.b1;
    Crossing crossing;
    crossing.smaller = curves[k].N, crossing.larger = curves[k + 1].N;
    crossing.slope_difference_z = std::abs(difference) / std::sqrt(a.covariance[2] + b.covariance[2]);
    const double x = a.origin - (a.b0 - b.probit(a.origin)) / difference;
    const Range measured = measured_at_both(a, b);
    crossing.converged = measured.holds(x);
    if (crossing.converged) {
      crossing.load = x;
      crossing.error = std::sqrt(a.covariance_at(x, x) + b.covariance_at(x, x)) / std::abs(difference);
      crossing.fraction = a.fraction(x);
    } else {
      crossing.reason =
          fmt::format("the curves meet at {:.4g}, outside the loads measured at both sizes, {:.4g} to {:.4g}",
                      x, measured.lowest, measured.highest);
    }
    crossings.push_back(std::move(crossing));
  }
  return crossings;
}

CapacityEstimate fit_crossings(std::span<const SizedCurve> curves, double exponent) {
  CapacityEstimate estimate;
  const std::size_t parameters = exponent > 0 ? 2 : 1;
  const Pairs pairs{curves, exponent};
  if (pairs.size() < parameters) {
    estimate.reason =
        fmt::format("{} sizes have a fitted curve, {} are needed", curves.size(), parameters + 1);
    return estimate;
  }
  if (!(pairs.parallelism().p_value < largest_parallel_p_value)) {
    estimate.reason = "the curves of successive sizes are parallel within their errors";
    return estimate;
  }
  // chi^2 is no convex function of the load: start from every crossing, and from the middle of the curves.
  std::vector<double> starts;
  for (const auto& crossing : find_crossings(curves))
    if (crossing.converged) starts.push_back(crossing.load);
  for (const auto& c : curves) starts.push_back(c.curve.load_at(0.5));
  std::vector<double> theta;
  Pairs::State state;
  for (const double start : starts) {
    std::vector<double> tried(parameters, 0);
    tried[0] = start;
    Pairs::State end;
    if (!std::isfinite(start) || !descend(pairs, tried, end) || !(end.chi2 < state.chi2)) continue;
    theta = std::move(tried);
    state = std::move(end);
  }
  if (theta.empty()) {
    estimate.reason = "no load was found where the curves meet";
    return estimate;
  }
  const Range measured = measured_at_both(curves[curves.size() - 2].curve, curves.back().curve);
  if (!measured.holds(theta[0])) {
    estimate.reason = fmt::format(
        "the curves meet at {:.4g}, outside the loads measured at the two largest sizes, {:.4g} to {:.4g}",
        theta[0], measured.lowest, measured.highest);
    return estimate;
  }
  const auto covariance = state.information.inverse();
  estimate.load = theta[0];
  estimate.error = std::sqrt((*covariance)(0, 0));
  for (std::size_t k = 1; k < parameters; ++k) {
    estimate.amplitudes.push_back(theta[k]);
    estimate.amplitude_errors.push_back(std::sqrt((*covariance)(k, k)));
  }
  estimate.quality.value = state.chi2;
  estimate.quality.dof = static_cast<int>(pairs.size() - parameters);
  estimate.quality.p_value = t_squared_p_value(state.chi2, estimate.quality.dof, infinity);
  estimate.converged = true;
  return estimate;
}

}  // namespace mattis::analysis
