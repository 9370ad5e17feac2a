#include "sweeps/bench/naive_tensor.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "engine/error.hpp"
#include "models/instruction_sets.hpp"
#include "sweeps/bench/naive_sweep.hpp"

namespace mattis::bench {

namespace {

using Words = std::vector<std::uint64_t>;

/// Which patterns are -1 at this site, a bit each.
Words negative_bits(const DisorderSample& sample, SiteIndex i) {
  Words words((static_cast<std::size_t>(sample.num_patterns()) + 63) / 64);
  for (SiteIndex mu = 0; mu < sample.num_patterns(); ++mu)
    if (sample.pattern_entry(i, mu) < 0) words[static_cast<std::size_t>(mu) / 64] |= 1ULL << (mu % 64);
  return words;
}

MATTIS_CLONES std::int64_t odd_bits(const Words& a, const Words& b) {
  std::int64_t odd = 0;
  for (std::size_t w = 0; w < a.size(); ++w) odd += std::popcount(a[w] ^ b[w]);
  return odd;
}

/// out_i -= factor sum_k T_ik x_k for each of the rows of T.
MATTIS_WIDE_CLONES void subtract_products(const float* rows, std::size_t stride, const float* x, float factor,
                                          float* out, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out[i] -= factor * dot_in_lanes(rows + i * stride, x, stride);
}

}  // namespace

NaiveTensor::NaiveTensor(const DisorderSample& sample)
    : num_spins(sample.num_spins()),
      stride((static_cast<std::size_t>(num_spins) + lanes - 1) / lanes * lanes),
      entries(static_cast<std::size_t>(num_spins) * static_cast<std::size_t>(num_spins) * stride) {
  std::vector<Words> bits;
  for (SiteIndex i = 0; i < num_spins; ++i) bits.push_back(negative_bits(sample, i));
  const auto at = [&](SiteIndex i) -> const Words& { return bits[static_cast<std::size_t>(i)]; };
  const auto entry = [&](SiteIndex i, SiteIndex j, SiteIndex k) -> float& {
    return const_cast<float*>(row(i, j))[k];
  };
  for (SiteIndex i = 0; i < num_spins; ++i)
    for (SiteIndex j = 0; j < i; ++j) {
      Words pair = at(i);
      for (std::size_t w = 0; w < pair.size(); ++w) pair[w] ^= at(j)[w];
      for (SiteIndex k = 0; k < j; ++k) {
        const auto value = static_cast<float>(sample.num_patterns() - 2 * odd_bits(pair, at(k)));
        entry(i, j, k) = entry(i, k, j) = entry(j, i, k) = entry(j, k, i) = entry(k, i, j) = entry(k, j, i) =
            value;
      }
    }
}

NaiveTensorChain::NaiveTensorChain(std::shared_ptr<const NaiveTensor> tensor, std::span<const Spin> spins,
                                   double temperature, Order order, std::uint64_t seed)
    : tensor_(std::move(tensor)),
      spins_(spins.begin(), spins.end()),
      values_(tensor_->stride, 0.0f),
      fields_(spins.size()),
      beta_(temperature > 0 ? static_cast<float>(1 / temperature) : std::numeric_limits<float>::infinity()),
      unit_(6 / (static_cast<float>(spins.size()) * static_cast<float>(spins.size()))),
      order_(order),
      random_(seed) {
  MATTIS_CHECK(order == Order::sequential || order == Order::random);
  std::copy(spins_.begin(), spins_.end(), values_.begin());
  for (SiteIndex j = 0; j < tensor_->num_spins; ++j)  // each pair of j and k twice
    subtract_products(tensor_->row(j, 0), tensor_->stride, values_.data(),
                      -0.5f * values_[static_cast<std::size_t>(j)], fields_.data(), fields_.size());
}

float NaiveTensorChain::cost(SiteIndex i) const noexcept {
  return unit_ * values_[static_cast<std::size_t>(i)] * fields_[static_cast<std::size_t>(i)];
}

void NaiveTensorChain::flip(SiteIndex j) {
  float& value = values_[static_cast<std::size_t>(j)];
  subtract_products(tensor_->row(j, 0), tensor_->stride, values_.data(), 2 * value, fields_.data(),
                    fields_.size());
  value = -value;
  spins_[static_cast<std::size_t>(j)] = static_cast<Spin>(-spins_[static_cast<std::size_t>(j)]);
}

std::int64_t NaiveTensorChain::sweep() {
  return naive_sweep(
      tensor_->num_spins, order_, beta_, random_, [this](SiteIndex i) { return cost(i); },
      [this](SiteIndex j) { flip(j); });
}

}  // namespace mattis::bench
