// Single-flip dynamics written as the textbook says it: the energy of both configurations, a probability, a number.
#pragma once

#include <cmath>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/dynamics.hpp"
#include "engine/random_stream.hpp"
#include "engine/spins.hpp"

namespace mattis::tests {

/// Takes the same random numbers as SingleFlipChain and shares none of its code.
///
///     heat bath: flip iff u < 1 / (1 + exp(dE/T)),   Metropolis: flip iff u < exp(-dE/T),   u = (r + 1/2) / 2^32
///     a flip with dE = 0: iff u < 1/2 (at T = 0 only with tie = random)
///
/// Symbols  energy: H of a whole configuration.
/// Cost     two energies per update.
class SlowChain {
 public:
  using Energy = std::function<double(std::span<const Spin>)>;

  SlowChain(Energy energy, Configuration spins, const Dynamics& dynamics, const StreamId& stream)
      : energy_(std::move(energy)), spins_(std::move(spins)), dynamics_(dynamics), key_(stream_key(stream)) {}

  std::int64_t sweep() {
    const std::vector<std::size_t> sites = order();
    std::int64_t accepted = 0;
    for (std::size_t k = 0; k < spins_.size(); ++k) {
      Configuration flipped = spins_;
      flipped[sites[k]] = static_cast<Spin>(-flipped[sites[k]]);
      if (!accepts(energy_(flipped) - energy_(spins_), k)) continue;
      spins_ = flipped;
      ++accepted;
    }
    ++sweeps_;
    return accepted;
  }

  const Configuration& spins() const { return spins_; }

 private:
  using Purpose = SweepRandomness::Purpose;
  static constexpr double rounding = 1e-9;  // what a sum of doubles may leave of a zero

  std::uint32_t number(Purpose purpose, std::size_t k) const {
    const auto block = SweepRandomness(key_, sweeps_).block(purpose, static_cast<std::uint32_t>(k / 4));
    return block[k % 4];
  }

  /// u of proposal k, a multiple of 2^-32 and a half: a byte of its own block in front, then 24 bits.
  double uniform(std::size_t k) const {
    const std::uint32_t leading = number(Purpose::leading, k / 4) >> (8 * (k % 4)) & 0xff;
    return leading / 256.0 + (number(Purpose::threshold, k) / 256 + 0.5) / 4294967296.0;
  }

  /// floor(r n / 2^32), r the k-th number.
  std::size_t below(std::size_t n, std::size_t k) const {
    return static_cast<std::size_t>(number(Purpose::order, k) / 4294967296.0L * static_cast<long double>(n));
  }

  std::vector<std::size_t> order() const {
    const std::size_t n = spins_.size();
    std::vector<std::size_t> sites(n);
    std::iota(sites.begin(), sites.end(), std::size_t{0});
    if (dynamics_.order == Order::random)
      for (std::size_t k = 0; k < n; ++k) sites[k] = below(n, k);
    if (dynamics_.order == Order::permutation)
      for (std::size_t k = n - 1; k > 0; --k) std::swap(sites[k], sites[below(k + 1, k)]);
    return sites;
  }

  bool accepts(double cost, std::size_t k) const {
    if (std::abs(cost) < rounding) cost = 0;
    const double u = uniform(k);
    if (cost == 0) return (dynamics_.temperature > 0 || dynamics_.tie == Tie::random) && u < 0.5;
    if (dynamics_.temperature == 0) return cost < 0;
    const double boltzmann = std::exp(cost / dynamics_.temperature);
    return dynamics_.rule == Rule::glauber ? u < 1 / (1 + boltzmann) : u < 1 / boltzmann;
  }

  Energy energy_;
  Configuration spins_;
  Dynamics dynamics_;
  std::uint64_t key_;
  std::int64_t sweeps_ = 0;
};

/// Every rule, order and tie at T = 0, nearly 0, 1/2 and infinity.
inline std::vector<Dynamics> all_dynamics() {
  std::vector<Dynamics> all;
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Order order : {Order::sequential, Order::random, Order::permutation}) {
      for (const Tie tie : {Tie::keep, Tie::random}) all.push_back({0, rule, order, tie});
      for (const double t : {1e-3, 0.5, static_cast<double>(INFINITY)})
        all.push_back({t, rule, order, Tie::keep});
    }
  return all;
}

}  // namespace mattis::tests
