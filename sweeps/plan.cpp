#include "sweeps/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "models/start.hpp"
#include "sweeps/memory.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_probes = 21;
constexpr double longest_probe = 2.5, longest_chain = 0.5;  // seconds

/// What one chain of one task showed.
struct Probe {
  std::size_t task = 0;
  double draw_rate = 0, sweep_rate = 0;  ///< seconds over the cost of a sweep
  double sweeps = 0;
  bool has_ended = false;
};

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Ends as a task's chain does: at its last sweep, a fixed point or a cycle of length two.
bool is_over(const Job& job, const Chain& chain, std::int64_t accepted) {
  if (chain.sweeps_done() >= job.burn_in + job.sweeps) return true;
  if (!job.stop_at_fixed_point) return false;
  if (chain.is_two_cycle()) return true;
  if (accepted > 0) return false;
  const FieldCensus census = chain.field_census();
  return census.unstable == 0 && (job.dynamics.tie == Tie::keep || census.free == 0);
}

Probe probe(const Job& job, const Point& point, std::size_t task, double seconds) {
  const Clock::time_point start = Clock::now();
  RngStream start_random({job.seed, StreamDomain::probe, 1, 0, 0});
  const auto disorder = draw(job, point, 0);
  const double cost = job.model->sweep_cost(point.actual);
  Probe seen;
  seen.task = task;
  seen.draw_rate = since(start) / cost;
  Configuration spins = point.start == Start::random
                            ? random_configuration(disorder->num_spins(), start_random)
                            : cued_configuration(*disorder, job.cued, point.overlap, start_random);
  Dynamics dynamics = job.dynamics;
  dynamics.temperature = point.temperature;
  const auto chain = disorder->chain(std::move(spins), dynamics, {job.seed, StreamDomain::probe, 0, 0, 0}, 0);
  ChainRecorder recorder(measurement_plan(job, point), disorder->num_spins());
  const Clock::time_point begin = Clock::now();
  while (!seen.has_ended && (chain->sweeps_done() == 0 || since(begin) < seconds)) {
    const std::int64_t accepted = chain->sweep();
    const std::int64_t done = chain->sweeps_done();
    recorder.after_sweep(chain->snapshot(), done, accepted);
    if (!job.stop_at_fixed_point && done % job.every == 0) recorder.measure(chain->snapshot());
    seen.has_ended = is_over(job, *chain, accepted);
  }
  seen.sweeps = static_cast<double>(chain->sweeps_done());
  seen.sweep_rate = since(begin) / (cost * seen.sweeps);
  return seen;
}

/// From the smallest task to the largest, until the time is spent.
std::vector<Probe> probe_tasks(const Job& job, const std::vector<Point>& points,
                               const std::vector<Task>& list) {
  const Clock::time_point start = Clock::now();
  const std::size_t number = std::min(list.size(), most_probes);
  std::vector<Probe> probes;
  for (std::size_t k = 0; k < number; ++k) {
    const double left = longest_probe - since(start);
    if (k > 0 && left <= 0) break;
    const std::size_t task = number == 1 ? 0 : (number - 1 - k) * (list.size() - 1) / (number - 1);
    const auto& its = list[task].points;
    const double share = left / static_cast<double>(number - k);
    probes.push_back(probe(job, points[its[k % its.size()]], task, std::min(longest_chain, 2 * share)));
  }
  double longest = 0;
  for (const Probe& p : probes)
    if (p.has_ended) longest = std::max(longest, p.sweeps);
  const auto all = static_cast<double>(job.burn_in + job.sweeps);
  for (Probe& p : probes)
    if (!p.has_ended) p.sweeps = job.stop_at_fixed_point && longest > 0 ? std::max(longest, p.sweeps) : all;
  return probes;
}

const Probe& nearest(const std::vector<Probe>& probes, std::size_t task) {
  const auto distance = [&](const Probe& p) { return p.task > task ? p.task - task : task - p.task; };
  return *std::min_element(probes.begin(), probes.end(),
                           [&](const Probe& a, const Probe& b) { return distance(a) < distance(b); });
}

}  // namespace

Plan make_plan(const Job& job, int threads) {
  const std::vector<Point> all = points(job);
  require_memory(job, all);
  const std::vector<Task> list = tasks(job, all);
  Plan plan;
  plan.points = all.size();
  plan.tasks = list.size();
  const Clock::time_point start = Clock::now();
  const std::vector<Probe> probes = probe_tasks(job, all, list);
  plan.probe_seconds = since(start);
  plan.probe_chains = probes.size();
  double largest = 0, record_bytes = 0;
  for (std::size_t k = 0; k < list.size(); ++k) {
    const Task& task = list[k];
    const Point& point = all[task.points.front()];
    const double cost = job.model->sweep_cost(point.actual);
    const auto chains = static_cast<double>(task.points.size()) * job.replicas;
    const Probe& seen = nearest(probes, k);
    plan.sweeps += chains * seen.sweeps;
    plan.seconds += cost * (seen.draw_rate + chains * seen.sweeps * seen.sweep_rate) / threads;
    largest = std::max(largest, task_memory(job, point));
    record_bytes += chains * (point.actual.at("N") / 8 + 8);
    plan.chains += static_cast<std::size_t>(chains);
    plan.most_chains_per_task = std::max(plan.most_chains_per_task, static_cast<std::size_t>(chains));
  }
  // Each average keeps two numbers per doubling of the sweeps; a derived observable adds 128 bins.
  double per_chain = 0;
  for (const Channel& channel : channels(measurement_plan(job, all.front())))
    per_chain += static_cast<double>(channel.components.size()) *
                 (3 + 2 * (job.stop_at_fixed_point ? 1 : std::log2(static_cast<double>(job.sweeps)) + 1));
  if (!derived_observables(measurement_plan(job, all.front()), 1).empty()) per_chain += 128 * num_moments;
  record_bytes += static_cast<double>(plan.chains) * 8 * (per_chain + 7);
  plan.memory_bytes = largest * threads + 2 * record_bytes + 20e6;
  plan.disk_bytes = record_bytes + 6000.0 * static_cast<double>(std::min<std::size_t>(plan.tasks, 256));
  plan.files = plan.tasks + 4;
  return plan;
}

}  // namespace mattis::sweeps
