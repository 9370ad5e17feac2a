// The curves of states at one temperature, with the noise as their parameter.
#include <cmath>
#include <numbers>

#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

using std::numbers::inv_sqrtpi;
using std::numbers::sqrt2;

NoisePoint point_from(double a, double m, double temperature, const FieldAverages& averages) {
  NoisePoint at;
  at.a = a;
  at.m = m;
  at.averages = averages;
  at.q = averages.tanh2;
  at.susceptibility = averages.sech2 / temperature;
  // 1 - C, without its cancellation near T = 1 and q = 0
  at.stiffness = at.q < 0.5 ? ((temperature - 1) + at.q) / temperature : 1 - at.susceptibility;
  at.alpha = at.stiffness > 0 ? a * a * at.stiffness * at.stiffness / at.q : 0;
  return at;
}

}  // namespace

NoisePoint retrieval_point(double a, double temperature) {
  double m = 1;
  FieldAverages averages;
  for (int k = 0; k < 200; ++k) {
    averages = field_averages(m / temperature, a / temperature);
    const double excess = averages.tanh - m, stiffness = 1 - averages.sech2 / temperature;
    const double lower = m + excess / stiffness;  // Newton on a concave function, from above
    if (!(stiffness > 0) || !(lower < m * (1 - 1e-16)) || lower <= 0) break;
    const bool is_last = m - lower < 1e-9 * m;  // quadratic: the next step is below rounding
    m = lower;
    if (is_last) {
      averages = field_averages(m / temperature, a / temperature);
      break;
    }
  }
  auto at = point_from(a, m, temperature, averages);
  // along the curve dm/da = <z sech^2>beta/D = -2 beta^2 a K / D with K = <tanh sech^2>
  const double beta = 1 / temperature, k = averages.tanh_sech2 * beta * beta;
  const double dm = -2 * k * a / at.stiffness;
  const double dc = averages.sech2_by_width * beta * beta - 2 * k * dm;
  at.slope = 2 - a * dc * (2 / at.stiffness - temperature / at.q);
  return at;
}

NoisePoint spin_glass_point(double a, double temperature) {
  return point_from(a, 0, temperature, field_averages(0, a / temperature));
}

std::optional<Spinodal> hopfield_rs_spinodal(double temperature) {
  if (temperature >= 1) return std::nullopt;
  if (temperature < lowest_hopfield_temperature) {
    // d/dy [erf(y)/y - (2/sqrt pi) e^{-y^2}] = 0:  erf(y) = (2/sqrt pi) e^{-y^2} (y + 2 y^3)
    const auto slope = [](double y) {
      return std::erf(y) - 2 * inv_sqrtpi * std::exp(-y * y) * (y + 2 * y * y * y);
    };
    const auto y = find_root(slope, 1, 3);
    const double root = hopfield_root_of_twice_load(y.x), m = std::erf(y.x);
    return Spinodal{root * root / 2, m, m / (y.x * sqrt2), y.converged};
  }
  const double limit = hopfield_critical_noise(temperature);
  const auto slope = [&](double ln_a) { return retrieval_point(std::exp(ln_a), temperature).slope; };
  // the maximum lies between 0.57 (T -> 0) and 0.64 (T -> 1) of the critical noise
  const auto ln_a = find_root(slope, std::log(0.4 * limit), std::log(0.8 * limit), 1e-13);
  const auto at = retrieval_point(std::exp(ln_a.x), temperature);
  return Spinodal{at.alpha, at.m, at.a, ln_a.converged};
}

double hopfield_critical_noise(double temperature) {
  const auto d = [&](double a) { return spin_glass_point(a, temperature).stiffness; };
  const double start = std::sqrt(2 / std::numbers::pi);
  double lo = start;
  while (d(lo) > 0) lo /= 2;
  return lo == start ? lo : find_root(d, lo, 2 * lo).x;
}

double hopfield_root_of_twice_load(double y) { return std::erf(y) / y - 2 * inv_sqrtpi * std::exp(-y * y); }

}  // namespace mattis::theory
