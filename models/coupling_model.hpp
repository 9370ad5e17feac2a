// What models of explicit couplings share: the disorder sample.
#pragma once

#include <memory>
#include <utility>

#include "engine/make_chain.hpp"
#include "models/coupling_system.hpp"
#include "models/model.hpp"

namespace mattis {

/// A disorder sample of H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i. A model derives from it and adds its slow
/// reference energy.
template <class Coupling, class Field>
class CouplingSample : public DisorderSample {
 public:
  explicit CouplingSample(Couplings<Coupling, Field> couplings)
      : couplings_(std::make_shared<const Couplings<Coupling, Field>>(std::move(couplings))) {}

  SiteIndex num_spins() const override { return couplings_->num_spins; }

  double coupling(SiteIndex i, SiteIndex j) const override {
    return 0.5 * couplings_->quantum * static_cast<double>(couplings_->row(i)[j]);
  }
  double field(SiteIndex i) const override {
    return couplings_->quantum * static_cast<double>(couplings_->fields[static_cast<std::size_t>(i)]);
  }

  std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                               std::int64_t sweeps_done) const override {
    return make_chain(CouplingSystem<Coupling, Field>(couplings_, std::move(spins)), dynamics, stream,
                      sweeps_done);
  }

  std::vector<Kernel> kernels(const Dynamics& dynamics) const override {
    std::vector<Kernel> kernels{Kernel::scalar};
    for (const Kernel kernel : coupling_kernels<Field>(dynamics)) kernels.push_back(kernel);
    return kernels;
  }

 protected:
  std::shared_ptr<const Couplings<Coupling, Field>> couplings_;
};

}  // namespace mattis
