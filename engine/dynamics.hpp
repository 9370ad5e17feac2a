// Which Markov chain: rule, order of the sites, and what happens to a site that costs nothing to flip at T = 0.
#pragma once

#include "engine/threshold.hpp"

namespace mattis {

enum class Order { sequential, random, permutation };
enum class Tie { keep, random };  ///< at T = 0, a flip with dE = 0: never, or with probability 1/2

/// Single-spin-flip dynamics at one temperature. Every rule and order leaves exp(-beta H) stationary; random order
/// is also reversible. Sequential order visits i = 0 ... N-1, permutation order a fresh random permutation each
/// sweep, random order N independent sites.
///
/// Metropolis in sequential order makes every flip that costs nothing, so it may fail to reach all states of a small
/// system: at N = 8, P = 2 of the Hopfield model it can fall into several classes, each of which keeps its chain.
struct Dynamics {
  double temperature = 0;
  Rule rule = Rule::glauber;
  Order order = Order::sequential;
  Tie tie = Tie::keep;
};

}  // namespace mattis
