// The coupling machine: spins with the local fields of explicit couplings, exact integers at all times.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "models/coupling_fields.hpp"
#include "models/couplings.hpp"

namespace mattis {

/// Spins s with f_i = sum_j n_ij s_j + b_i, in quanta (couplings.hpp):
///
///     [H(s with s_i -> -s_i) - H(s)] / (2 quantum) = s_i f_i,   H = -(quantum/2) sum_i s_i (f_i + b_i)
///
/// Cost     `flip_cost` O(1), `flip` O(N), one row of the couplings; memory N bytes and N sizeof(Field) a chain.
template <class Coupling, class Field>
class CouplingSystem {
 public:
  CouplingSystem(std::shared_ptr<const Couplings<Coupling, Field>> couplings, Configuration spins)
      : couplings_(std::move(couplings)), spins_(std::move(spins)), fields_(couplings_->fields) {
    for (SiteIndex i = 0; i < num_spins(); ++i) {
      const Coupling* jumps = couplings_->row(i);
      Field sum = 0;
      for (std::size_t j = 0; j < spins_.size(); ++j)
        sum += spins_[j] > 0 ? static_cast<Field>(jumps[j] / 2) : -static_cast<Field>(jumps[j] / 2);
      fields_[static_cast<std::size_t>(i)] += sum;
    }
  }

  SiteIndex num_spins() const noexcept { return couplings_->num_spins; }
  double energy_unit() const noexcept { return 2 * couplings_->quantum; }

  std::int64_t flip_cost(SiteIndex i) const noexcept {
    const auto k = static_cast<std::size_t>(i);
    return spins_[k] > 0 ? fields_[k] : -fields_[k];
  }

  void flip(SiteIndex i) noexcept {
    Spin& spin = spins_[static_cast<std::size_t>(i)];
    spin = static_cast<Spin>(-spin);
    coupling_fields::follow_flip(couplings_->row(i), spin > 0, fields_.data(), fields_.size());
  }

  Snapshot snapshot() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < spins_.size(); ++i)
      sum += spins_[i] * (std::int64_t{fields_[i]} + couplings_->fields[i]);
    return {num_spins(), -0.5 * couplings_->quantum * static_cast<double>(sum), {}, spins_};
  }

 private:
  std::shared_ptr<const Couplings<Coupling, Field>> couplings_;
  Configuration spins_;
  std::vector<Field> fields_;  // f_i
};

}  // namespace mattis
