#include "models/pspin.hpp"

#include <fmt/format.h>

#include <cmath>

#include "engine/make_chain.hpp"
#include "models/normal_numbers.hpp"
#include "models/pspin_system.hpp"

namespace mattis {

namespace {

constexpr int least_order = 3, largest_order = 8;

/// C(n, k), in doubles.
double choose(double n, int k) { return k == 0 ? 1 : choose(n, k - 1) * (n - k + 1) / k; }

/// Couplings of one site.
double row_length(double n, int p) { return choose(n - 1, p - 1); }

/// J is rounded to multiples of 2^-k, the largest k with 2^k (C + 50 sqrt C) <= 2^30, C = C(N-1, p-1): the sum of |J| over a
/// row is 0.8 C on average. 16 at N = 100, p = 3; 12 at p = 4.
double quanta_per_deviation(double n, int p) {
  const double row = row_length(n, p), bound = row + 50 * std::sqrt(row);
  int k = 0;
  while (std::ldexp(bound, k + 1) <= 0x1p30) ++k;
  return std::ldexp(1.0, k);
}

/// sqrt(p!/(2 N^{p-1})).
double energy_scale(double n, int p) {
  double square = 0.5 * p;
  for (int k = 1; k < p; ++k) square *= k / n;
  return std::sqrt(square);
}

/// Calls visit(sites) for all i1 < ... < ip, the last index fastest.
template <class Visit>
void for_each_tuple(SiteIndex n, std::size_t p, std::vector<SiteIndex>& sites, const Visit& visit) {
  if (sites.size() == p) return visit(sites);
  for (SiteIndex i = sites.empty() ? 0 : sites.back() + 1; i < n; ++i) {
    sites.push_back(i);
    for_each_tuple(n, p, sites, visit);
    sites.pop_back();
  }
}

std::shared_ptr<const PspinCouplings> drawn_couplings(SiteIndex n, int p, RngStream& disorder) {
  const double quanta = quanta_per_deviation(n, p);
  auto couplings = std::make_shared<PspinCouplings>(n, p, energy_scale(n, p) / quanta);
  NormalNumbers normal(disorder);
  std::vector<SiteIndex> sites;
  for_each_tuple(n, static_cast<std::size_t>(p), sites, [&](const std::vector<SiteIndex>& tuple) {
    couplings->set(tuple, static_cast<std::int32_t>(std::lrint(normal() * quanta)));
  });
  MATTIS_CHECK(couplings->largest_row() < std::int64_t{1} << 30);
  return couplings;
}

class PspinSample final : public DisorderSample {
 public:
  explicit PspinSample(std::shared_ptr<const PspinCouplings> couplings) : couplings_(std::move(couplings)) {}

  SiteIndex num_spins() const override { return couplings_->num_spins(); }

  std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                               std::int64_t sweeps_done) const override {
    return make_chain(PspinSystem(couplings_, std::move(spins)), dynamics, stream, sweeps_done);
  }

  std::function<double(std::span<const Spin>)> reference_energy() const override {
    return [couplings = couplings_](std::span<const Spin> s) {
      double sum = 0;
      std::vector<SiteIndex> sites;
      for_each_tuple(couplings->num_spins(), static_cast<std::size_t>(couplings->order()), sites,
                     [&](const std::vector<SiteIndex>& tuple) {
                       double product = couplings->quantum() * couplings->coupling(tuple);
                       for (const SiteIndex i : tuple) product *= s[static_cast<std::size_t>(i)];
                       sum -= product;
                     });
      return sum;
    };
  }

 private:
  std::shared_ptr<const PspinCouplings> couplings_;
};

Numbers resolve_pspin(const Numbers& asked) {
  const double n = asked.at("N"), p = asked.at("p");
  if (!(p >= least_order && p <= largest_order) || p != std::floor(p))
    throw ParameterError(
        "p", fmt::format("p = {} is no order of interaction", p),
        fmt::format("p is a whole number from {} to {}; p = 2 is the model sk", least_order, largest_order));
  if (n < p) throw ParameterError("N", fmt::format("{} spins have no couplings of {}", n, p), "take N >= p");
  const double row = row_length(n, static_cast<int>(p));
  if (row + 50 * std::sqrt(row) > 0x1p30)
    throw ParameterError(
        "N",
        fmt::format("{} spins have {:.3g} couplings of {}: {:.3g} bytes", n, n * row / p, p, 4 * n * row),
        "take fewer spins or a smaller p");
  return {{"N", n}, {"p", p}};
}

}  // namespace

ModelEntry pspin() {
  return {
      .name = "pspin",
      .summary = "p-spin glass",
      .hamiltonian =
          "H = -sqrt(p!/(2 N^(p-1))) sum_{i1<...<ip} J_i1...ip s_i1 ... s_ip, J normal, mean 0, variance 1",
      .disorder = DisorderSource::drawn,
      .axes = {{.one_of = {{"p", "spins of a coupling, 3 ... 8"}}}},
      .load = "none: nothing is stored",
      .symmetries = "s -> -s for even p; on the disorder average s_i -> t_i s_i with any t_i = +-1",
      .theory = "pspin",
      .source = "Derrida, Phys. Rev. Lett. 45, 79 (1980); Gardner, Nucl. Phys. B 257, 747 (1985)",
      .resolve = resolve_pspin,
      .draw =
          [](const Numbers& actual, const Ensemble&, RngStream& disorder) {
            return std::make_shared<const PspinSample>(drawn_couplings(
                static_cast<SiteIndex>(actual.at("N")), static_cast<int>(actual.at("p")), disorder));
          },
      .memory =
          [](const Numbers& actual) {
            const double n = actual.at("N"), p = actual.at("p");
            return std::pair{4 * n * row_length(n, static_cast<int>(p)) + 8 * (n + 1) * (p + 1), 13 * n};
          },
      .sweep_cost =
          [](const Numbers& actual) {
            return actual.at("N") * row_length(actual.at("N"), static_cast<int>(actual.at("p")));
          },
  };
}

}  // namespace mattis
