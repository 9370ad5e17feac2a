// The coupling machine: spins with the local fields of explicit couplings, exact integers at all times.
#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/simd/cached_sweep.hpp"
#include "models/coupling_fields.hpp"
#include "models/couplings.hpp"

namespace mattis {

/// Beside `scalar`.
template <class Field>
std::vector<Kernel> coupling_kernels(const Dynamics& dynamics) {
  if (sizeof(Field) == 4 && dynamics.updates == Updates::single) return {Kernel::cached};
  return {};
}

/// Spins s with f_i = sum_j n_ij s_j + b_i, in quanta (couplings.hpp):
///
///     [H(s with s_i -> -s_i) - H(s)] / (2 quantum) = s_i f_i,   H = -(quantum/2) sum_i s_i (f_i + b_i)
///
/// Cost     `flip_cost` O(1), `flip` O(N), one row of the couplings; memory N bytes and N sizeof(Field) a chain.
template <class Coupling, class Field>
class CouplingSystem {
 public:
  CouplingSystem(std::shared_ptr<const Couplings<Coupling, Field>> couplings, Configuration spins)
      : couplings_(std::move(couplings)),
        spins_(std::move(spins)),
        fields_(couplings_->fields.begin(), couplings_->fields.end()) {
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
    coupling_fields::follow_flip(couplings_->row(i), spin > 0, fields_.data(), spins_.size());
  }

  /// `cached` where local fields have 32 bits, so that costs and thresholds are compared in full vectors.
  std::vector<Kernel> kernels(const Dynamics& dynamics) const { return coupling_kernels<Field>(dynamics); }

  bool is_worth_a_trial(Kernel, const Dynamics&, std::int64_t, std::int64_t) const { return true; }

  std::int64_t sweep(Kernel, const SiteIndex* sites, const simd::BlockThresholds& thresholds,
                     const SweepRandomness& random) {
    if constexpr (sizeof(Field) == 4) {
      const std::size_t n = spins_.size();
      flips_.resize(n);
      fields_.resize(n + simd::field_padding);
      signs_.resize(n + simd::field_padding);
      for (std::size_t i = 0; i < n; ++i) signs_[i] = spins_[i] >> 7;
      const simd::JumpMatrix<Coupling> jumps{couplings_->jumps.data(), n};
      const std::size_t num_flips = simd::cached_sweep({fields_.data(), signs_.data(), num_spins()}, jumps,
                                                       sites, thresholds, random, flips_.data());
      for (std::size_t i = 0; i < n; ++i) spins_[i] = static_cast<Spin>(1 + 2 * signs_[i]);
      return static_cast<std::int64_t>(num_flips);
    }
    return 0;
  }

  Snapshot snapshot() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < spins_.size(); ++i)
      sum += spins_[i] * (std::int64_t{fields_[i]} + couplings_->fields[i]);
    return {num_spins(), -0.5 * couplings_->quantum * static_cast<double>(sum), {}, spins_};
  }

 private:
  template <class Number>  // no load crosses two cache lines
  using Vectors = std::vector<Number, boost::alignment::aligned_allocator<Number, 64>>;

  std::shared_ptr<const Couplings<Coupling, Field>> couplings_;
  Configuration spins_;
  Vectors<Field> fields_;  // f_i
  Vectors<std::int32_t> signs_;
  std::vector<simd::Flip> flips_;
};

}  // namespace mattis
