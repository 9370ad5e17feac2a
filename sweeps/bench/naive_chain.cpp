#include "sweeps/bench/naive_chain.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "models/instruction_sets.hpp"
#include "sweeps/bench/naive_sweep.hpp"

namespace mattis::bench {

namespace {

/// fields_j -= twice_spin n_ij: all that a flip costs.
MATTIS_WIDE_CLONES void subtract_row(const float* row, float twice_spin, float* fields,
                                     std::size_t size) noexcept {
  for (std::size_t j = 0; j < size; ++j) fields[j] -= twice_spin * row[j];
}

/// sum_mu xi_i^mu xi_j^mu from bits: entries present at both sites, less twice those that differ.
MATTIS_WIDE_CLONES std::int64_t common(const std::uint64_t* plus_i, const std::uint64_t* present_i,
                                       const std::uint64_t* plus_j, const std::uint64_t* present_j,
                                       std::size_t words) noexcept {
  std::int64_t sum = 0;
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t both = present_i[w] & present_j[w];
    sum += std::popcount(both) - 2 * std::popcount((plus_i[w] ^ plus_j[w]) & both);
  }
  return sum;
}

std::vector<float> couplings_of_patterns(const DisorderSample& sample) {
  const auto n = static_cast<std::size_t>(sample.num_spins());
  const std::size_t words = (static_cast<std::size_t>(sample.num_patterns()) + 63) / 64;
  std::vector<std::uint64_t> plus(n * words, 0), present(n * words, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (SiteIndex mu = 0; mu < sample.num_patterns(); ++mu) {
      const int entry = sample.pattern_entry(static_cast<SiteIndex>(i), mu);
      const auto bit = static_cast<std::size_t>(mu);
      plus[i * words + bit / 64] |= std::uint64_t{entry > 0} << (bit % 64);
      present[i * words + bit / 64] |= std::uint64_t{entry != 0} << (bit % 64);
    }
  std::vector<float> couplings(n * n, 0.0f);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (j != i)
        couplings[i * n + j] = static_cast<float>(
            common(&plus[i * words], &present[i * words], &plus[j * words], &present[j * words], words));
  return couplings;
}

}  // namespace

NaiveCouplings::NaiveCouplings(const DisorderSample& sample) : num_spins(sample.num_spins()) {
  const auto n = static_cast<std::size_t>(num_spins);
  fields.assign(n, 0.0f);
  if (sample.num_patterns() > 0) {
    unit = 1 / static_cast<float>(num_spins);
    couplings = couplings_of_patterns(sample);
    return;
  }
  couplings.assign(n * n, 0.0f);
  for (SiteIndex i = 0; i < num_spins; ++i) {
    fields[static_cast<std::size_t>(i)] = static_cast<float>(sample.field(i));
    for (SiteIndex j = 0; j < num_spins; ++j)
      couplings[static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)] =
          static_cast<float>(sample.coupling(i, j));
  }
}

Xoshiro::Xoshiro(std::uint64_t seed) noexcept : state_{} {
  for (std::uint64_t& word : state_) {
    std::uint64_t z = seed += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    word = z ^ (z >> 31);
  }
}

NaiveChain::NaiveChain(std::shared_ptr<const NaiveCouplings> couplings, std::span<const Spin> spins,
                       double temperature, Order order, std::uint64_t seed)
    : couplings_(std::move(couplings)),
      spins_(spins.begin(), spins.end()),
      local_(couplings_->fields),
      twice_beta_(temperature > 0 ? static_cast<float>(2 * couplings_->unit / temperature)
                                  : std::numeric_limits<float>::infinity()),
      order_(order),
      random_(seed) {
  MATTIS_CHECK(order == Order::sequential || order == Order::random);
  for (SiteIndex i = 0; i < couplings_->num_spins; ++i)  // symmetric: column i is row i
    subtract_row(couplings_->row(i), static_cast<float>(-spins_[static_cast<std::size_t>(i)]), local_.data(),
                 local_.size());
}

std::int64_t NaiveChain::sweep() {
  const auto aligned = [this](SiteIndex i) {
    const auto site = static_cast<std::size_t>(i);
    return static_cast<float>(spins_[site]) * local_[site];
  };
  const auto flip = [this](SiteIndex i) {
    Spin& spin = spins_[static_cast<std::size_t>(i)];
    subtract_row(couplings_->row(i), static_cast<float>(2 * spin), local_.data(), local_.size());
    spin = static_cast<Spin>(-spin);
  };
  return naive_sweep(couplings_->num_spins, order_, twice_beta_, random_, aligned, flip);
}

double NaiveChain::energy() const {
  double sum = 0;
  for (std::size_t i = 0; i < spins_.size(); ++i)
    sum += spins_[i] * (double{local_[i]} + double{couplings_->fields[i]});
  return -0.5 * double{couplings_->unit} * sum;
}

}  // namespace mattis::bench
