// Simulated averages of a disorder sample beside the exact ones of its stationary law.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "engine/enumeration.hpp"
#include "engine/recorder.hpp"
#include "models/model.hpp"
#include "models/start.hpp"
#include "support/significance.hpp"

namespace mattis::tests {

inline EnumerableModel enumerable(const DisorderSample& sample) {
  return {sample.num_spins(), sample.reference_energy(), [&sample](std::span<const Spin> s) {
            std::vector<std::int32_t> counts(static_cast<std::size_t>(sample.num_patterns()), 0);
            for (SiteIndex mu = 0; mu < sample.num_patterns(); ++mu)
              for (SiteIndex i = 0; i < sample.num_spins(); ++i)
                counts[static_cast<std::size_t>(mu)] +=
                    sample.pattern_entry(i, mu) * s[static_cast<std::size_t>(i)];
            return counts;
          }};
}

inline MeasurementPlan plan_of(const DisorderSample& sample, const Dynamics& dynamics,
                               std::vector<std::string> observables) {
  MeasurementPlan plan;
  plan.observables = std::move(observables);
  plan.patterns = {0};
  plan.num_patterns = sample.num_patterns();
  plan.temperature = dynamics.temperature;
  plan.updates = dynamics.updates;
  return plan;
}

/// Two chains from random starts, each with its results, and what they have in common.
struct Simulation {
  std::vector<Measured> first, second, joint;
};

inline Simulation simulated(const DisorderSample& sample, const Dynamics& dynamics,
                            const MeasurementPlan& plan, int sweeps, std::uint64_t seed) {
  constexpr int burn_in = 500;
  std::vector<std::unique_ptr<Chain>> chains;
  std::vector<ChainRecorder> recorders;
  ReplicaRecorder joint(plan);
  for (std::uint32_t replica = 0; replica < 2; ++replica) {
    RngStream start({seed, StreamDomain::initial_state, 0, 0, replica});
    chains.push_back(sample.chain(random_configuration(sample.num_spins(), start), dynamics,
                                  {seed, StreamDomain::dynamics, 0, 0, replica}, 0));
    recorders.emplace_back(plan, sample.num_spins());
  }
  for (int sweep = 1; sweep <= burn_in + sweeps; ++sweep) {
    std::vector<std::vector<std::uint64_t>> bits;
    for (std::size_t replica = 0; replica < 2; ++replica) {
      chains[replica]->sweep();
      const Snapshot snapshot = chains[replica]->snapshot();
      if (sweep > burn_in) recorders[replica].measure(snapshot);
      bits.push_back(packed(snapshot.spins));
    }
    if (sweep > burn_in) joint.measure(bits, sample.num_spins());
  }
  return {recorders[0].results(), recorders[1].results(), joint.results()};
}

inline const Measured& find(const std::vector<Measured>& all, const Measured& like) {
  for (const Measured& m : all)
    if (m.observable == like.observable && m.component == like.component) return m;
  FAIL("nothing measured of " << like.observable << " " << like.component);
  return all.front();
}

/// |z| < 4 for every observable, with errors small enough to tell: 5 % of 1, of larger values, of the densities' 1/width. Bins of the
/// histogram that fewer than 200 measurements fall into are left alone.
inline void check_against_enumeration(const DisorderSample& sample, const Dynamics& dynamics,
                                      const std::vector<std::string>& observables, int sweeps,
                                      std::uint64_t seed) {
  const std::vector<MeasurementPlan> plans{plan_of(sample, dynamics, observables)};
  const Simulation run = simulated(sample, dynamics, plans.front(), sweeps, seed);
  const std::vector<Measured> truth = exact_averages(enumerable(sample), plans).front();
  for (const Measured& exact : truth) {
    const bool is_joint = exact.observable == "replica_overlap" || exact.observable == "overlap_histogram";
    if (exact.observable == "overlap_histogram" && exact.value * OverlapHistogram::width * sweeps < 200)
      continue;
    double mean, error;
    if (is_joint) {
      const Measured& measured = find(run.joint, exact);
      mean = measured.value, error = measured.error;
    } else {
      const Measured &a = find(run.first, exact), &b = find(run.second, exact);
      mean = (a.value + b.value) / 2, error = std::hypot(a.error, b.error) / 2;
    }
    INFO(exact.observable << " " << exact.component << " at N = " << sample.num_spins()
                          << ", T = " << dynamics.temperature << ": " << mean << " +- " << error
                          << ", exactly " << exact.value);
    CHECK(std::abs(mean - exact.value) < significant * error);
    const double scale = exact.observable == "overlap_histogram" ? 1 / OverlapHistogram::width
                                                                 : std::max(1.0, std::abs(exact.value));
    CHECK(error < 0.05 * scale);
  }
}

}  // namespace mattis::tests
