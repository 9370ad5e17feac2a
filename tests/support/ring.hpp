// The smallest spin system: a ferromagnetic ring.
#pragma once

#include <utility>

#include "engine/chain.hpp"

namespace mattis::tests {

/// H = -sum_i s_i s_{i+1} on a ring: costs 2 {-2, 0, +2} / 2.
class Ring {
 public:
  explicit Ring(Configuration spins) : spins_(std::move(spins)) {}
  SiteIndex num_spins() const { return static_cast<SiteIndex>(spins_.size()); }
  double energy_unit() const { return 2; }
  std::int64_t flip_cost(SiteIndex i) const {
    const auto n = spins_.size(), k = static_cast<std::size_t>(i);
    return spins_[k] * (spins_[(k + 1) % n] + spins_[(k + n - 1) % n]);
  }
  void flip(SiteIndex i) {
    auto& s = spins_[static_cast<std::size_t>(i)];
    s = static_cast<Spin>(-s);
  }
  Snapshot snapshot() const { return {num_spins(), energy(spins_), {}, spins_}; }
  static double energy(std::span<const Spin> s) {
    double sum = 0;
    for (std::size_t k = 0; k < s.size(); ++k) sum -= s[k] * s[(k + 1) % s.size()];
    return sum;
  }

 private:
  Configuration spins_;
};

}  // namespace mattis::tests
