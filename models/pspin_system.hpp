// Spins with the local fields of p-spin couplings, exact integers at all times.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "models/pspin_couplings.hpp"

namespace mattis {

/// Spins s with f_i = sum over the couplings of i of n times the other spins:
///
///     [H(s with s_i -> -s_i) - H(s)] / (2 quantum) = s_i f_i,   H = -(quantum/p) sum_i s_i f_i
///
/// A flip of a changes f_j by 2 s_a df_a/ds_j with the new s_a: a field of its couplings costs O(N^{p-2}), all of them one pass
/// over the row of a.
///
/// Cost     `flip_cost` O(1), `flip` O(N^{p-1}); memory 13 N bytes a chain.
class PspinSystem {
 public:
  PspinSystem(std::shared_ptr<const PspinCouplings> couplings, Configuration spins)
      : couplings_(std::move(couplings)), spins_(std::move(spins)), fields_(spins_.size()) {
    for (SiteIndex a = 0; a < num_spins(); ++a) fields_[static_cast<std::size_t>(a)] = pass(a);
  }

  SiteIndex num_spins() const noexcept { return couplings_->num_spins(); }
  double energy_unit() const noexcept { return 2 * couplings_->quantum(); }

  std::int64_t flip_cost(SiteIndex i) const noexcept {
    const auto k = static_cast<std::size_t>(i);
    return spins_[k] > 0 ? fields_[k] : -fields_[k];
  }

  void flip(SiteIndex a) {
    const auto site = static_cast<std::size_t>(a);
    spins_[site] = static_cast<Spin>(-spins_[site]);
    pass(a);
    for (std::size_t c = 0; c < gradient_.size(); ++c)
      fields_[c + (c >= site)] += 2 * spins_[site] * gradient_[c];
  }

  Snapshot snapshot() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < spins_.size(); ++i) sum += spins_[i] * std::int64_t{fields_[i]};
    return {num_spins(), -couplings_->quantum() * static_cast<double>(sum / couplings_->order()), {}, spins_};
  }

 private:
  /// The field of a, and its derivatives by the other spins in `gradient_`.
  std::int32_t pass(SiteIndex a) {
    const auto site = static_cast<std::size_t>(a), others = spins_.size() - 1;
    gradient_.assign(others, 0);
    others_.resize(others);
    for (std::size_t c = 0; c < others; ++c) others_[c] = spins_[c + (c >= site)];
    return couplings_->field(a, others_.data(), gradient_.data());
  }

  std::shared_ptr<const PspinCouplings> couplings_;
  Configuration spins_;
  std::vector<std::int32_t> fields_;             // f_i
  std::vector<std::int32_t> others_, gradient_;  // of the last pass
};

}  // namespace mattis
