#include "analysis/theory/pspin.hpp"

#include <cmath>

#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

LineResult p_spin_dynamic_temperature(int p) {
  const auto glass = pure_p_spin(p);
  const auto ln_load = [&](double ln_inner) {
    return std::log(frozen_point(glass, std::exp(ln_inner), 1).load);
  };
  const auto lowest = minimise(ln_load, std::log(0.3), std::log(10), 20, 1e-8);
  return {std::exp(-lowest.value / 2), lowest.converged, 0};
}

LineResult p_spin_static_temperature(int p) {
  const auto transition = glass_transition(pure_p_spin(p));
  return {transition.temperature, transition.converged, 0};
}

LineResult p_spin_gardner_temperature(int p) {
  const auto glass = pure_p_spin(p);
  const auto replicon = [&](double ln_inner) { return frozen_state(glass, std::exp(ln_inner)).replicon; };
  const double lo = std::log(frozen_onset(glass).inner);
  double hi = lo + 0.2;
  while (replicon(hi) > 0 && hi < lo + 60) hi += 0.2;
  const auto root = find_root(replicon, hi - 0.2, hi);
  if (!root.converged) return {std::nullopt, false, 0};
  return {1 / std::sqrt(frozen_state(glass, std::exp(root.x)).load), true, std::abs(root.value)};
}

}  // namespace mattis::theory
