#include "models/dense_energy.hpp"

#include <algorithm>
#include <cmath>

namespace mattis {

namespace {

constexpr double one = 0x1p54;
constexpr double inverse_e = 0.36787944117144233, sinh_2 = 3.6268604078470188, cosh_2 = 3.7621956910836314;

}  // namespace

ExponentialEnergy::ExponentialEnergy(SiteIndex num_spins) {
  auto tables = std::make_shared<Tables>(Tables{num_spins, 1e-270, {}, {}, {}, {}});
  double weight = 1;
  for (SiteIndex k = 0; k <= 2 * num_spins; ++k, weight *= inverse_e) {
    tables->exponential.push_back(weight);
    tables->weights.push_back(std::llrint(one * weight));
    tables->forces.push_back(std::llrint(one * sinh_2 * weight));
    tables->curvatures.push_back(std::llrint(one * (cosh_2 - 1) * weight));
  }
  tables_ = std::move(tables);
}

/// 2^-54 e^{t-N}.
double ExponentialEnergy::scale(double least) const {
  const auto k = static_cast<std::size_t>(tables_->num_spins - top_);
  return std::max(tables_->exponential[k], least) / one;
}

ForceSums<ExponentialEnergy::Force> ExponentialEnergy::follow(std::span<const std::int32_t> counts,
                                                              std::span<Force> forces,
                                                              std::span<Force> curvatures) {
  top_ = *std::max_element(counts.begin(), counts.end());
  ForceSums<Force> sums{0, 0};
  for (std::size_t mu = 0; mu < counts.size(); ++mu) {
    const auto k = static_cast<std::size_t>(top_ - counts[mu]);
    sums.forces += forces[mu] = tables_->forces[k];
    sums.curvatures += tables_->curvatures[k];
    if (!curvatures.empty()) curvatures[mu] = tables_->curvatures[k];
  }
  return sums;
}

double ExponentialEnergy::total(std::span<const std::int32_t> counts, std::int64_t) const {
  Wide sum = 0;
  for (const std::int32_t count : counts) sum += tables_->weights[static_cast<std::size_t>(top_ - count)];
  return -unit() * scale(0) * static_cast<double>(sum);
}

}  // namespace mattis
