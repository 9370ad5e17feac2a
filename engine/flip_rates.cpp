#include "engine/flip_rates.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace mattis {

namespace {

/// floor(a b / 2^64).
std::uint64_t high_product(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t low = 0xffffffffu;
  const std::uint64_t middle = (a >> 32) * (b & low) + ((a & low) * (b & low) >> 32);
  const std::uint64_t other = (a & low) * (b >> 32) + (middle & low);
  return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}

/// 2^-R: N of them at 1 add up to at most 2^63.
double quantum_for(SiteIndex num_spins) noexcept {
  const int bits = std::min(52, 63 - static_cast<int>(std::bit_width(static_cast<std::uint32_t>(num_spins))));
  return 1.0 / static_cast<double>(std::uint64_t{1} << bits);
}

}  // namespace

/// One pass for each operation, without branches: vector code on any processor, the same bits on all.
Acceptance::Block Acceptance::operator()(const Block& costs) const noexcept {
  Block size, boltzmann, uphill, downhill;
  for (std::size_t k = 0; k < block_size; ++k) size[k] = std::abs(costs[k]) * scale_;
  for (std::size_t k = 0; k < block_size; ++k) size[k] = size[k] < 60 ? size[k] : 60;
  for (std::size_t k = 0; k < block_size; ++k) boltzmann[k] = exp_minus(size[k]);
  if (rule_ == Rule::glauber) {
    for (std::size_t k = 0; k < block_size; ++k) downhill[k] = 1 / (1 + boltzmann[k]);
    for (std::size_t k = 0; k < block_size; ++k) uphill[k] = boltzmann[k] * downhill[k];
  } else {
    downhill.fill(1);
    uphill = boltzmann;
  }
  for (std::size_t k = 0; k < block_size; ++k) uphill[k] = costs[k] > 0 ? uphill[k] : downhill[k];
  for (std::size_t k = 0; k < block_size; ++k) uphill[k] = costs[k] == 0 ? tie_ : uphill[k];
  return uphill;
}

FlipRates::FlipRates(const Dynamics& dynamics, double unit, SiteIndex num_spins)
    : acceptance_(dynamics, unit),
      quantum_(quantum_for(num_spins)),
      costs_(static_cast<std::size_t>(num_spins), std::numeric_limits<double>::quiet_NaN()),
      rates_(costs_.size()),
      blocks_((costs_.size() + block_size - 1) / block_size) {}

void FlipRates::set_costs(std::span<const double> costs) {
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const auto first = static_cast<std::ptrdiff_t>(b * block_size),
               last = std::min(first + static_cast<std::ptrdiff_t>(block_size), std::ssize(costs));
    if (std::equal(costs.begin() + first, costs.begin() + last, costs_.begin() + first)) continue;
    std::copy(costs.begin() + first, costs.begin() + last, costs_.begin() + first);
    set_block(b);
  }
  total_ = std::accumulate(blocks_.begin(), blocks_.end(), std::uint64_t{0});
}

/// Adding a probability to 2^52 quanta rounds it to the nearest of them, and the lowest bits of the sum count them.
void FlipRates::set_block(std::size_t block) {
  const std::size_t first = block * block_size, size = std::min(block_size, costs_.size() - first);
  Acceptance::Block p{};
  std::copy_n(costs_.data() + first, size, p.begin());
  p = acceptance_(p);
  const double zero = 0x1p52 * quantum_;
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < size; ++k)
    sum += rates_[first + k] = std::bit_cast<std::uint64_t>(zero + p[k]) - std::bit_cast<std::uint64_t>(zero);
  blocks_[block] = sum;
}

double FlipRates::waiting_time(std::uint64_t number) const noexcept {
  const double u = (static_cast<double>(number >> 12) + 0.5) * 0x1p-52;
  return -natural_log(u) / (static_cast<double>(total_) * quantum_);
}

SiteIndex FlipRates::site(std::uint64_t number) const noexcept {
  std::uint64_t left = high_product(number, total_);
  std::size_t b = 0;
  while (left >= blocks_[b]) left -= blocks_[b++];
  std::size_t i = b * block_size;
  while (left >= rates_[i]) left -= rates_[i++];
  return static_cast<SiteIndex>(i);
}

}  // namespace mattis
