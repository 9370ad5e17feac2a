#include "models/hopfield.hpp"

#include "models/pattern_model.hpp"

namespace mattis {

namespace {

/// F(M) = -M^2 / 2N up to a constant; costs are counted in units of 2/N: dE = (2/N) [s_i sum_mu xi_i^mu M_mu - P].
struct PairwiseEnergy {
  using Force = std::int32_t;
  static constexpr bool pairwise = true;
  double num_spins;

  double unit() const { return 2.0 / num_spins; }
  Force force(std::int32_t count) const { return count; }
  Force curvature(std::int32_t) const { return 1; }
  double total(std::span<const std::int32_t> counts, std::int64_t num_nonzero) const {
    std::int64_t squares = 0;
    for (const std::int64_t count : counts) squares += count * count;
    return -static_cast<double>(squares - num_nonzero) / (2 * num_spins);
  }
};

class HopfieldSample final : public PatternSample<PairwiseEnergy> {
 public:
  using PatternSample::PatternSample;

  /// J_ij = (1/N) sum_mu xi_i^mu xi_j^mu for i != j, then H = -(1/2) sum_{i != j} J_ij s_i s_j.
  std::function<double(std::span<const Spin>)> reference_energy() const override {
    const auto n = static_cast<std::size_t>(num_spins());
    std::vector<double> coupling(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        if (i == j) continue;
        double sum = 0;
        for (SiteIndex mu = 0; mu < num_patterns(); ++mu)
          sum += pattern_entry(static_cast<SiteIndex>(i), mu) * pattern_entry(static_cast<SiteIndex>(j), mu);
        coupling[i * n + j] = sum / static_cast<double>(n);
      }
    return [n, coupling = std::move(coupling)](std::span<const Spin> s) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) sum += coupling[i * n + j] * s[i] * s[j];
      return -0.5 * sum;
    };
  }
};

}  // namespace

std::shared_ptr<const DisorderSample> hopfield_sample(std::shared_ptr<const PatternSet> patterns) {
  const double n = patterns->num_spins();
  return std::make_shared<const HopfieldSample>(std::move(patterns), PairwiseEnergy{n});
}

std::pair<double, double> hopfield_memory(double num_spins, double num_patterns) {
  const auto [sample, chain] = pattern_memory({{"N", num_spins}, {"P", num_patterns}}, 4);
  return {sample + PairwiseKernels::sample_bytes(num_spins, num_patterns),
          chain + PairwiseKernels::chain_bytes(num_spins, num_patterns)};
}

ModelEntry hopfield() {
  return {
      .name = "hopfield",
      .summary = "pairwise Hebbian memory",
      .hamiltonian = "H = -(1/2N) sum_{i != j} sum_mu xi_i^mu xi_j^mu s_i s_j",
      .disorder = DisorderSource::patterns,
      .axes = {pattern_load()},
      .load = "alpha = P / N",
      .symmetries = "s -> -s; any pattern with its sign flipped",
      .theory = "hopfield",
      .source = "Hopfield, PNAS 79, 2554 (1982); Amit, Gutfreund, Sompolinsky, Ann. Phys. 173, 30 (1987)",
      .resolve = resolve_load_per_spin,
      .draw =
          [](const Numbers& actual, const Ensemble& ensemble, RngStream& disorder) {
            return hopfield_sample(draw_patterns(static_cast<SiteIndex>(actual.at("N")),
                                                 static_cast<SiteIndex>(actual.at("P")), ensemble, disorder));
          },
      .memory = [](const Numbers& actual) { return hopfield_memory(actual.at("N"), actual.at("P")); },
      .sweep_cost = [](const Numbers& actual) { return actual.at("N") * actual.at("P"); },
  };
}

}  // namespace mattis
