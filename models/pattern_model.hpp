// Models on the pattern machine: a disorder sample from an energy and a pattern set, and the load alpha = P / N.
#pragma once

#include <utility>

#include "engine/make_chain.hpp"
#include "models/model.hpp"
#include "models/pattern_system.hpp"

namespace mattis {

/// Draws `num_patterns` patterns of `num_spins` sites from the ensemble.
std::shared_ptr<const PatternSet> draw_patterns(SiteIndex num_spins, SiteIndex num_patterns,
                                                const Ensemble& ensemble, RngStream& disorder);

/// The load of a pairwise memory on the grid: P, or alpha = P / N.
GridAxis pattern_load();

/// N from `asked`, and P asked as P or as alpha = P / N: P = nearest integer to alpha N, half up.
/// Returns N, P and alpha_actual = P / N; ParameterError for anything that gives no pattern.
Numbers resolve_load_per_spin(const Numbers& asked);

/// Bytes of the pattern bits, and of one chain: spins, counts and `bytes_per_count` for each pattern.
std::pair<double, double> pattern_memory(const Numbers& actual, double bytes_per_count);

/// A disorder sample of H = sum_mu F(M_mu). A model derives from it and adds its slow reference energy.
template <PatternEnergy Energy>
class PatternSample : public DisorderSample {
 public:
  PatternSample(std::shared_ptr<const PatternSet> patterns, Energy energy)
      : patterns_(std::move(patterns)),
        views_(std::make_shared<const PatternViews>(patterns_)),
        energy_(energy) {}

  SiteIndex num_spins() const override { return patterns_->num_spins(); }
  SiteIndex num_patterns() const override { return patterns_->num_patterns(); }
  int pattern_entry(SiteIndex i, SiteIndex mu) const override { return patterns_->entry(i, mu); }

  std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                               std::int64_t sweeps_done) const override {
    return make_chain(PatternSystem<Energy>(views_, energy_, std::move(spins)), dynamics, stream,
                      sweeps_done);
  }

  std::vector<Kernel> kernels(const Dynamics& dynamics) const override {
    std::vector<Kernel> kernels{Kernel::scalar};
    for (const Kernel kernel : PatternSystem<Energy>::available(*patterns_, dynamics))
      kernels.push_back(kernel);
    return kernels;
  }

 protected:
  std::shared_ptr<const PatternSet> patterns_;
  std::shared_ptr<const PatternViews> views_;
  Energy energy_;
};

}  // namespace mattis
