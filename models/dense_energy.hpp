// The energies of dense memories as the pattern machine runs them: from tables of integers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "models/dense_table.hpp"
#include "models/narrow_forces.hpp"
#include "models/pattern_set.hpp"
#include "models/pattern_system.hpp"

namespace mattis {

/// H = sum_mu F(M_mu) by a DenseTable; Force is a type that its numbers fit. Immutable, shared by all chains.
template <class Force>
struct DenseTables {
  DenseTables(const DenseTable& table, std::vector<std::int32_t> origins_)
      : unit(table.unit()),
        quantum(table.quantum()),
        mean(table.mean()),
        forces(table.forces().begin(), table.forces().end()),
        curvatures(table.curvatures().begin(), table.curvatures().end()),
        energies(table.energies()),
        origin(table.origin(0)),
        origins(std::move(origins_)),
        narrow(table.origin(0), table.forces().data() + table.origin(0),
               table.curvatures().data() + table.origin(0)) {}

  double unit, quantum, mean;
  std::vector<Force> forces, curvatures;
  std::vector<pattern_fields::Wide> energies;
  std::int32_t origin;                ///< where M = 0 stands, for all patterns
  std::vector<std::int32_t> origins;  ///< or for each, where it differs
  NarrowLaw narrow;                   ///< of patterns without entries 0
};

/// Costs are exact differences of F: nothing drifts, and a chain that is rebuilt from its spins is the same chain.
template <class Force_>
class DenseEnergy {
 public:
  using Force = Force_;
  static constexpr bool pairwise = false;

  explicit DenseEnergy(std::shared_ptr<const DenseTables<Force>> tables) : tables_(std::move(tables)) {}

  double unit() const { return tables_->unit; }
  pattern_fields::Sum<Force> cost(pattern_fields::Sum<Force> sum) const { return sum; }
  std::shared_ptr<const NarrowLaw> narrow_law() const { return {tables_, &tables_->narrow}; }

  ForceSums<Force> follow(std::span<const std::int32_t> counts, std::span<Force> forces,
                          std::span<Force> curvatures) const {
    const Force* g = tables_->forces.data() + tables_->origin;
    const Force* e = tables_->curvatures.data() + tables_->origin;
    if (tables_->origins.empty())
      return {pattern_fields::look_up(g, counts.data(), counts.size(), forces.data()),
              curvatures.empty()
                  ? pattern_fields::sum_looked_up(e, counts.data(), counts.size())
                  : pattern_fields::look_up(e, counts.data(), counts.size(), curvatures.data())};
    ForceSums<Force> sums{0, 0};
    for (std::size_t mu = 0; mu < counts.size(); ++mu) {
      const auto x = static_cast<std::size_t>(tables_->origins[mu] + counts[mu]);
      sums.forces += forces[mu] = tables_->forces[x];
      sums.curvatures += curvatures[mu] = tables_->curvatures[x];
    }
    return sums;
  }

  double total(std::span<const std::int32_t> counts, std::int64_t) const {
    pattern_fields::Wide sum = 0;
    for (std::size_t mu = 0; mu < counts.size(); ++mu) {
      const std::int32_t origin = tables_->origins.empty() ? tables_->origin : tables_->origins[mu];
      sum += tables_->energies[static_cast<std::size_t>(origin + counts[mu])];
    }
    return tables_->quantum * static_cast<double>(sum) - tables_->mean * static_cast<double>(counts.size());
  }

 private:
  std::shared_ptr<const DenseTables<Force>> tables_;
};

/// H = -(N/2) sum_mu exp(M_mu - N): the weight of pattern mu relative to that of the best one, of overlap count t, is an
/// integer,
///
///     w_k = round(2^54 e^{-k}),  k = t - M_mu;    G = sinh 2 w_k,  E = (cosh 2 - 1) w_k,   in units of (N/2) 2^-54 e^{t-N}
///
/// so nothing over- or underflows however small M is, and sums are exact in any order.
///
/// Errors   2^-55 of the largest weight in each (patterns with k > 38 weigh nothing), and the rounding of one product for e^{t-N}:
///          costs are those of H to about 1e-13 of the largest. Below 1e-270 N, e^{t-N} stays there: no temperature sees it.
class ExponentialEnergy {
 public:
  using Force = std::int64_t;
  using Wide = pattern_fields::Wide;
  static constexpr bool pairwise = false;

  explicit ExponentialEnergy(SiteIndex num_spins);

  double unit() const { return 0.5 * tables_->num_spins; }
  double cost(Wide sum) const { return scale(tables_->smallest_scale) * static_cast<double>(sum); }
  ForceSums<Force> follow(std::span<const std::int32_t> counts, std::span<Force> forces,
                          std::span<Force> curvatures);
  double total(std::span<const std::int32_t> counts, std::int64_t) const;

 private:
  struct Tables {
    SiteIndex num_spins;
    double smallest_scale;
    std::vector<double> exponential;                 ///< e^{-k}
    std::vector<Force> weights, forces, curvatures;  ///< by k = 0 ... 2N
  };
  double scale(double least) const;

  std::shared_ptr<const Tables> tables_;
  std::int32_t top_ = 0;  ///< t
};

}  // namespace mattis
