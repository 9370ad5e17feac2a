// Codes side by side on one system: the same thermalised state, interleaved repeats, ratios within one run.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/bench/naive_chain.hpp"
#include "sweeps/bench/naive_memory.hpp"
#include "sweeps/bench/naive_tensor.hpp"

namespace mattis::bench {

/// One disorder sample, and the naive couplings of the same sample.
struct System {
  const ModelEntry* model = nullptr;
  Numbers actual;  ///< N, P ... as the model takes them
  std::shared_ptr<const DisorderSample> sample;
  std::shared_ptr<const NaiveCouplings> naive;          ///< of a pairwise model
  std::shared_ptr<const NaivePatterns> naive_patterns;  ///< of a dense memory
  std::shared_ptr<const NaiveTensor> naive_tensor;      ///< of a dense memory at p = 3, up to 1 GB
  bool has_naive() const {
    return naive || naive_patterns;
  }  ///< not where memory does not suffice: `why_no_naive`
  std::string why_no_naive;
};

/// Models that have a naive baseline, by name.
std::vector<std::string> raced_models();

/// The numbers of a system of N spins; a load alpha only where the model stores patterns, an order p of the interaction only
/// where it has one.
/// Errors   ParameterError.
Numbers system_numbers(const ModelEntry& model, double num_spins, double load, double order = 3);

/// Draws the system. Patterns and SK couplings are the model's own; `ising` gets J_ij = +-1/sqrt(N).
/// Errors   EnvironmentError if the sample itself does not fit in memory.
System draw_system(const ModelEntry& model, const Numbers& actual, std::uint32_t sample = 0);

/// Metropolis at this temperature, as all codes of a race run.
Dynamics race_dynamics(double temperature, Order order);

/// 300 sweeps from pattern 0 (without patterns: from a random configuration) by the automatic kernel.
Configuration thermalised(const System& system, const Dynamics& dynamics);

/// A code in the race.
struct Contestant {
  std::string name;                      ///< naive, tensor, auto, scalar ...
  std::optional<Kernel> kernel;          ///< none: a baseline
  std::function<std::int64_t()> sweep;   ///< returns accepted flips
  std::function<std::string()> working;  ///< the kernel of the last sweep
};

/// The naive chains that the system has, and one chain for each of these kernels.
std::vector<Contestant> contestants(const System& system, const Dynamics& dynamics,
                                    const std::vector<Kernel>& kernels, const Configuration& start);

struct Timing {
  double acceptance = 0, seconds_per_proposal = 0;  ///< thread CPU time: the median of the rounds
  double ratio = 0;  ///< rate over that of the first contestant: the median of the ratios within a round
};

/// Seven rounds in which each contestant runs in turn, `seconds` of CPU time in all for each of them and at least a
/// sweep a round, after a fifth of that to warm up.
std::vector<Timing> race(const std::vector<Contestant>& contestants, double num_spins, double seconds);

/// Mean times of a proposal over samples, and the ratio of these means: how many flips a cold sample accepts depends on
/// few of its sites.
std::vector<Timing> average(const std::vector<std::vector<Timing>>& samples);

}  // namespace mattis::bench
