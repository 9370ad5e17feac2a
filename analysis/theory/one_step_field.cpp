#include "analysis/theory/one_step_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "analysis/theory/field_average.hpp"
#include "analysis/theory/quadrature.hpp"

namespace mattis::theory {

namespace {

using std::numbers::sqrt2;

const double inverse_sqrt_2pi = 1 / std::sqrt(2 * std::numbers::pi);

double normal_density(double y) { return inverse_sqrt_2pi * std::exp(-y * y / 2); }
double normal_distribution(double y) { return std::erfc(-y / sqrt2) / 2; }

/// The spin given z, that is given the field u = mean + outer z.
struct Tilted {
  double log_z = 0;  ///< ln int Dy (2 cosh beta h)^x - w |u| - w^2 A^2 / 2
  double t = 0, one_minus_t2 = 0, susceptibility = 0, tilt_slope = 0, entropy = 0, sech4 = 0;
};

/// Sums over y with the weight relative to exp(w |u| + w^2 A^2/2), for u >= 0.
struct Sums {
  double z = 0, minus = 0, plus = 0;  ///< of 1, 1 - tanh, 1 + tanh
  double tilt_slope = 0;              ///< of the quantity itself
  double sech2 = 0, sech4 = 0, entropy = 0;
};

/// What depends on |h| = T s only.
struct Place {
  double s, weight;                        // node
  double log1p_exp, power, power_minus_1;  // l = ln(1 + e^{-2s}), e^{x l}, e^{x l} - 1
  double one_minus_tanh, sech2, entropy;
};

Place place_at(double s, double weight, double x) {
  const double e = std::exp(-2 * s), l = std::log1p(e), sech2 = 4 * e / ((1 + e) * (1 + e));
  return {s, weight, l, std::exp(x * l), std::expm1(x * l), 2 * e / (1 + e), sech2, l + 2 * s * e / (1 + e)};
}

/// d e^d - e^d + 1.
double information(double d) {
  if (std::abs(d) > 0.05) return d * std::exp(d) - std::expm1(d);
  return d * d *
         (1. / 2 + d * (1. / 3 + d * (1. / 8 + d * (1. / 30 + d * (1. / 144 + d * (1. / 840 + d / 5760))))));
}

class TiltedSpin {
 public:
  explicit TiltedSpin(const TwoLevelField& field)
      : a_{field.inner}, w_{field.tilt}, t_{field.temperature}, x_{field.tilt * field.temperature} {
    if (is_wide())
      for (const auto& node :
           gauss_legendre(t_ > 0 ? std::vector<double>{0, 1, 3, 6, 11, 20} : std::vector<double>{}, 14))
        places_.push_back(place_at(node.x, node.weight * t_ / a_, x_));
  }

  Tilted at(double u) const {
    if (const double distance = std::abs(u); distance > a_ * (9 + w_ * a_) + 20 * t_) {  // no field near zero
      Tilted spin;
      spin.t = std::copysign(1, u);
      return spin;
    }
    const Sums sum = is_wide() ? wide(std::abs(u)) : narrow(std::abs(u));
    Tilted spin;
    spin.log_z = std::log(sum.z);
    spin.t = std::copysign((sum.plus - sum.minus) / (2 * sum.z), u);
    spin.one_minus_t2 = sum.minus / sum.z * (sum.plus / sum.z);
    spin.susceptibility = sum.sech2 / sum.z;
    spin.tilt_slope = sum.tilt_slope;
    spin.entropy = sum.entropy / sum.z;
    spin.sech4 = sum.sech4 / sum.z;
    return spin;
  }

 private:
  bool is_wide() const { return a_ >= t_; }

  Sums wide(double u) const {
    const double y = u / a_, tilt = w_ * a_, opposite = std::exp(-2 * w_ * u);
    const double right = normal_distribution(y + tilt), left = opposite * normal_distribution(tilt - y);
    Sums sum{right + left, 2 * left, 2 * right, 0, 0, 0, 0};
    double energy = 2 * a_ * normal_density(y + tilt) - 2 * u * left;  // of T ln 2cosh(beta h) - u - w A^2
    if (t_ == 0) sum.sech2 = 2 * normal_density(y + tilt) / a_;
    for (const auto& p : places_) {
      const double v = t_ * p.s, at = v / a_;
      const double r = p.weight * normal_density(at - y - tilt),
                   l = p.weight * opposite * normal_density(at + y - tilt);
      sum.z += p.power_minus_1 * (r + l);
      const double away = p.power * p.one_minus_tanh, along = 2 * p.power_minus_1 - away;
      sum.minus += away * r + along * l;
      sum.plus += along * r + away * l;
      energy += (p.power_minus_1 * (v - u - tilt * a_) + p.power * t_ * p.log1p_exp) * (r + l);
      const double both = p.power * (r + l);
      sum.sech2 += both * p.sech2 / t_;
      sum.sech4 += both * p.sech2 * p.sech2 / (t_ * t_);
      sum.entropy += both * p.entropy;
    }
    sum.tilt_slope = (energy / sum.z - std::log(sum.z) / w_) / w_;
    return sum;
  }

  /// The tilted weight p and the normal measure p0 of y are close: with d = ln(p/p0) = w (E - g) the slope
  /// (<E> - g)/w = sum p d / w^2 is summed as p0 (d e^d - e^d + 1), which is positive.
  Sums narrow(double u) const {
    constexpr double finest = 0.3, range = 10.2;  // error exp(-pi^2 T / (A step)): 5e-15
    const double step = finest * std::min(2.0, t_ / a_), tilt = w_ * a_;
    const int reach = static_cast<int>(range / step);
    Sums sum;
    std::array<double, 2 * static_cast<int>(range / finest) + 3> excess;  // w (E - u) - w^2 A^2/2
    for (int k = -reach; k <= reach; ++k) {
      const double h = u + a_ * (k * step + tilt);  // centred on the tilted weight
      const auto p = place_at(std::abs(h) / t_, step, x_);
      const double lift = h < 0 ? -2 * h : 0;  // |h| - h
      excess[static_cast<std::size_t>(k + reach)] =
          tilt * (k * step + tilt / 2) + w_ * lift + x_ * p.log1p_exp;
      const double weight = p.weight * normal_density(k * step) * std::exp(w_ * lift) * p.power;
      const double away = h >= 0 ? p.one_minus_tanh : 2 - p.one_minus_tanh;
      sum.z += weight;
      sum.minus += weight * away;
      sum.plus += weight * (2 - away);
      sum.sech2 += weight * p.sech2 / t_;
      sum.sech4 += weight * p.sech2 * p.sech2 / (t_ * t_);
      sum.entropy += weight * p.entropy;
    }
    const double log_z = std::log(sum.z);
    double divergence = 0;
    for (int k = -reach; k <= reach; ++k)
      divergence += step * normal_density(k * step + tilt) *
                    information(excess[static_cast<std::size_t>(k + reach)] - log_z);
    sum.tilt_slope = divergence / (w_ * w_) - a_ * a_ / 2;
    return sum;
  }

  double a_, w_, t_, x_;
  std::vector<Place> places_;
};

/// Nodes for z - centre, weighted by the normal measure of z; panels double from `width` at the step, z =
/// centre (unless it is out of reach: 1e3 standard deviations).
std::vector<Node> outer_nodes(double centre, double width) {
  constexpr double widest = 1.5, reach = 1e3;
  const double range = std::max(10.0, std::abs(centre) + 3);
  std::vector<double> points;
  if (range < reach && width > 0) {
    points.push_back(0);
    for (const int side : {-1, 1}) {
      const double last = range - side * centre;
      for (double at = std::min(width, widest); at < last; at += std::min(at, widest))
        points.push_back(side * at);
      points.push_back(side * last);
    }
  } else {
    for (int k = -7; k <= 7; ++k) points.push_back(k * widest - centre);
  }
  std::sort(points.begin(), points.end());
  std::vector<Node> nodes;
  for (auto node : gauss_legendre(points, 16)) {
    node.weight *= normal_density(centre + node.x);
    if (node.weight > 0) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace

OneStepAverages one_step_averages(const TwoLevelField& field) {
  const TiltedSpin spin{field};
  // the step in u is that of tanh(w u) or of the inner field, never sharper than T
  const double width = std::max(field.temperature, std::min(1 / field.tilt, field.inner));
  const bool is_spread = field.outer > 0;
  const auto nodes =
      is_spread ? outer_nodes(-field.mean / field.outer, width / field.outer) : std::vector<Node>{{0, 1}};
  OneStepAverages mean;
  double log_z = 0;
  for (const auto& node : nodes) {
    const auto at = spin.at(is_spread ? field.outer * node.x : field.mean);
    mean.m += node.weight * at.t;
    mean.q0 += node.weight * at.t * at.t;
    mean.one_minus_q0 += node.weight * at.one_minus_t2;
    mean.susceptibility += node.weight * at.susceptibility;
    mean.tilt_slope += node.weight * at.tilt_slope;
    mean.entropy += node.weight * at.entropy;
    mean.sech4 += node.weight * at.sech4;
    log_z += node.weight * at.log_z;
  }
  mean.overlap_step = mean.one_minus_q0 - field.temperature * mean.susceptibility;
  mean.log_moment = mean_absolute(field.mean, field.outer) + field.tilt * field.inner * field.inner / 2 +
                    log_z / field.tilt;
  if (field.temperature == 0) mean.sech4 = std::numeric_limits<double>::infinity();
  return mean;
}

}  // namespace mattis::theory
