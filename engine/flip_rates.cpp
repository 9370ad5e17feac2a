#include "engine/flip_rates.hpp"

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

/// Adding a probability to 2^52 quanta rounds it to the nearest of them, and the lowest bits of the sum count them.
template <Rule rule>
void to_rates(const Acceptance& acceptance, double quantum, std::span<const double> costs,
              std::uint64_t* rates) noexcept {
  const double zero = 0x1p52 * quantum;
  for (std::size_t k = 0; k < costs.size(); ++k)
    rates[k] = std::bit_cast<std::uint64_t>(zero + acceptance.of<rule>(costs[k])) -
               std::bit_cast<std::uint64_t>(zero);
}

/// 2^-R: N of them at 1 add up to at most 2^63.
double quantum_for(SiteIndex num_spins) noexcept {
  const int bits = std::min(52, 63 - static_cast<int>(std::bit_width(static_cast<std::uint32_t>(num_spins))));
  return 1.0 / static_cast<double>(std::uint64_t{1} << bits);
}

}  // namespace

FlipRates::FlipRates(const Dynamics& dynamics, double unit, SiteIndex num_spins)
    : acceptance_(dynamics, unit),
      quantum_(quantum_for(num_spins)),
      costs_(static_cast<std::size_t>(num_spins), std::numeric_limits<double>::quiet_NaN()),
      rates_(costs_.size()),
      blocks_((costs_.size() + block_size - 1) / block_size) {}

void FlipRates::set_costs(std::span<const double> costs) {
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const std::size_t first = b * block_size, size = std::min(block_size, costs.size() - first);
    const std::span<const double> block = costs.subspan(first, size);
    const auto held = costs_.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::equal(block.begin(), block.end(), held)) continue;
    std::copy(block.begin(), block.end(), held);
    std::uint64_t* const rates = rates_.data() + first;
    if (acceptance_.rule() == Rule::glauber)
      to_rates<Rule::glauber>(acceptance_, quantum_, block, rates);
    else
      to_rates<Rule::metropolis>(acceptance_, quantum_, block, rates);
    blocks_[b] = std::accumulate(rates, rates + size, std::uint64_t{0});
  }
  total_ = std::accumulate(blocks_.begin(), blocks_.end(), std::uint64_t{0});
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
