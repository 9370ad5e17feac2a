#include "sweeps/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "models/start.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

namespace {

struct Probe {
  double seconds_per_step = 0;  ///< a sweep's, over its cost
  double sweeps = 0;            ///< a chain's sweeps, as far as seen
  double seconds = 0;
};

Probe probe(const Job& job, const Point& point) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  RngStream start_random(point.start_stream(job.seed, 0, 0));
  const auto disorder = draw(job, point, 0);
  Configuration spins = point.start == Start::random
                            ? random_configuration(disorder->num_spins(), start_random)
                            : cued_configuration(*disorder, job.cued, point.overlap, start_random);
  Dynamics dynamics = job.dynamics;
  dynamics.temperature = point.temperature;
  const auto chain = disorder->chain(std::move(spins), dynamics, {job.seed, StreamDomain::probe, 0, 0, 0}, 0);
  ChainRecorder recorder(measurement_plan(job, point), disorder->num_spins());
  const std::int64_t total = job.burn_in + job.sweeps;
  std::int64_t sweeps = 0;
  bool is_over = false;
  while (!is_over && elapsed() < 1.0) {
    const std::int64_t accepted = chain->sweep();
    recorder.after_sweep(chain->snapshot(), ++sweeps, accepted);
    recorder.measure(chain->snapshot());
    is_over = sweeps >= total || (job.stop_at_fixed_point && accepted == 0);
  }
  const double cost = job.model->sweep_cost(point.actual);
  Probe result;
  result.seconds = elapsed();
  result.seconds_per_step = result.seconds / (cost * static_cast<double>(sweeps));
  result.sweeps = static_cast<double>(is_over ? sweeps : total);
  return result;
}

}  // namespace

Plan make_plan(const Job& job, int threads) {
  const std::vector<Point> all = points(job);
  const std::vector<Task> list = tasks(job, all);
  Plan plan;
  plan.points = all.size();
  plan.tasks = list.size();
  double steps = 0, largest = 0, record_bytes = 0;
  for (const Task& task : list) {
    const Point& point = all[task.points.front()];
    const double cost = job.model->sweep_cost(point.actual);
    const auto [sample_bytes, chain_bytes] = job.model->memory(point.actual);
    const auto chains = static_cast<double>(task.points.size()) * job.replicas;
    steps += cost * chains;
    largest = std::max(largest, sample_bytes + chain_bytes * job.replicas);
    record_bytes += chains * (point.actual.at("N") / 8 + 8);
    plan.chains += static_cast<std::size_t>(chains);
    plan.most_chains_per_task = std::max(plan.most_chains_per_task, static_cast<std::size_t>(chains));
  }
  double rate = 0, sweeps = 0;
  const std::size_t chosen[] = {0, list.size() / 2, list.size() - 1};
  for (const std::size_t k : chosen) {
    const Probe seen = probe(job, all[list[k].points.front()]);
    rate = std::max(rate, seen.seconds_per_step);
    sweeps = std::max(sweeps, seen.sweeps);
    plan.probe_seconds += seen.seconds;
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
  plan.seconds = steps * sweeps * rate / threads;
  return plan;
}

}  // namespace mattis::sweeps
