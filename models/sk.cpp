#include "models/sk.hpp"

#include <fmt/format.h>

#include "models/coupling_model.hpp"
#include "models/normal_numbers.hpp"

namespace mattis {

namespace {

constexpr double largest_size = 65536, strongest_field = 50;

/// J_ij = quantum n_ij with quantum = 2^-k / sqrt(N): sqrt(N) J_ij is normal, rounded to multiples of 2^-k. Local fields
/// must fit 32 bits: k is the largest number with 2^k (N + 50 sqrt N) <= 2^30, where sum_j |n_ij| = 0.8 N 2^k on average.
/// 18 at N = 1000 (4e-6 of a typical coupling), 22 at N = 10.
double quanta_per_deviation(double n) {
  int k = 0;
  while (std::ldexp(n + strongest_field * std::sqrt(n), k + 1) <= 0x1p30) ++k;
  return std::ldexp(1.0, k);
}

using Machine = Couplings<std::int32_t, std::int32_t>;

/// Couplings in the order J_01, J_02 ... J_12 ...; the field takes no random numbers.
Machine drawn_couplings(SiteIndex num_spins, double field, RngStream& disorder) {
  const auto n = static_cast<std::size_t>(num_spins);
  const double quanta = quanta_per_deviation(num_spins), per_energy = quanta * std::sqrt(num_spins);
  const auto local = static_cast<std::int32_t>(std::lrint(field * per_energy));
  Machine couplings{num_spins, 1 / per_energy, std::vector<std::int32_t>(n * n, 0),
                    std::vector<std::int32_t>(n, local)};
  NormalNumbers normal(disorder);
  std::vector<std::int64_t> largest(n, std::abs(local));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const auto quantum_count = static_cast<std::int32_t>(std::lrint(normal() * quanta));
      couplings.jumps[i * n + j] = couplings.jumps[j * n + i] = 2 * quantum_count;
      largest[i] += std::abs(quantum_count);
      largest[j] += std::abs(quantum_count);
    }
  for (const std::int64_t field_bound : largest) MATTIS_CHECK(field_bound < simd::ProposalBlock::largest);
  return couplings;
}

class SkSample final : public CouplingSample<std::int32_t, std::int32_t> {
 public:
  SkSample(Machine couplings, double field) : CouplingSample(std::move(couplings)), field_(field) {}

  std::function<double(std::span<const Spin>)> reference_energy() const override {
    return [couplings = couplings_, field = field_](std::span<const Spin> s) {
      double sum = 0;
      for (std::size_t i = 0; i < s.size(); ++i) {
        sum -= field * s[i];
        for (std::size_t j = 0; j < i; ++j)
          sum -= 0.5 * couplings->quantum * couplings->jumps[i * s.size() + j] * s[i] * s[j];
      }
      return sum;
    };
  }

 private:
  double field_;
};

Numbers resolve_sk(const Numbers& asked) {
  const double n = asked.at("N"), h = asked.at("h");
  if (n > largest_size)
    throw ParameterError("N", fmt::format("{} spins have {:.1e} couplings", n, n * (n - 1) / 2),
                         fmt::format("take N <= {}: 17 GB", largest_size));
  if (!(std::abs(h) <= strongest_field))
    throw ParameterError("h", fmt::format("the field h = {} dwarfs the couplings", h),
                         fmt::format("take |h| <= {}; couplings are of order 1/sqrt(N)", strongest_field));
  return {{"N", n}, {"h", h}};
}

}  // namespace

ModelEntry sk() {
  return {
      .name = "sk",
      .summary = "Sherrington-Kirkpatrick spin glass",
      .hamiltonian = "H = -sum_{i<j} J_ij s_i s_j - h sum_i s_i, J_ij normal, mean 0, variance 1/N",
      .disorder = DisorderSource::drawn,
      .axes = {{.one_of = {{"h", "external field"}}, .otherwise = 0.0, .shapes_disorder = false}},
      .load = "none: nothing is stored",
      .symmetries = "s -> -s at h = 0; on the disorder average s_i -> t_i s_i, J_ij -> t_i t_j J_ij at h = 0",
      .theory = "sk",
      .source = "Sherrington, Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975)",
      .resolve = resolve_sk,
      .draw =
          [](const Numbers& actual, const Ensemble&, RngStream& disorder) {
            const double h = actual.at("h");
            return std::make_shared<const SkSample>(
                drawn_couplings(static_cast<SiteIndex>(actual.at("N")), h, disorder), h);
          },
      .memory =
          [](const Numbers& actual) {
            const double n = actual.at("N");
            return std::pair{4 * n * n + 4 * n, 17 * n};
          },
      .sweep_cost = [](const Numbers& actual) { return actual.at("N") * actual.at("N"); },
  };
}

}  // namespace mattis
