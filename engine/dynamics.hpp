// Which Markov chain: rule, order of the sites, and what happens to a site that costs nothing to flip.
#pragma once

#include "engine/kernel.hpp"
#include "engine/threshold.hpp"

namespace mattis {

enum class Order { sequential, random, permutation };
enum class Tie { keep, random };  ///< at T = 0, a flip with dE = 0: never, or with probability 1/2
/// One spin after the other; all at once from the same fields (Little dynamics); or one after the other in
/// continuous time, without proposals that are rejected (n-fold way).
enum class Updates { single, synchronous, rejection_free };

/// Dynamics at one temperature.
///
/// Single updates: every rule and order leaves exp(-beta H) stationary; random order is also reversible. Sequential
/// order visits i = 0 ... N-1, permutation order a fresh random permutation each sweep, random order N independent
/// sites. Synchronous updates: heat bath only, no order, another stationary law (parallel_flip.hpp). Rejection-free
/// updates: both rules, no order, exp(-beta H) and reversible (rejection_free.hpp).
///
/// A flip that costs nothing is made with probability 1/2 by either rule at T > 0, and at T = 0 with tie = random.
/// Textbook Metropolis makes it always; in sequential or permutation order that leaves chains in classes of states
/// they cannot leave (74 of 324 random Hopfield instances at N = 5, 6, 7), with 1/2 every state is reached (all 324).
/// At T = infinity every flip of any other cost is made by Metropolis: only random order samples there.
struct Dynamics {
  double temperature = 0;
  Rule rule = Rule::glauber;
  Order order = Order::sequential;
  Tie tie = Tie::keep;
  Updates updates = Updates::single;
  Kernel kernel = Kernel::automatic;  ///< speed only: no bit depends on it
};

}  // namespace mattis
