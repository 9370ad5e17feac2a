#include "sweeps/results.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/enumeration.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

/// Collects numbers of one point into series, components in the order of first appearance.
class PointSeries {
 public:
  PointSeries(store::ResultTable& table, std::size_t point)
      : table_(table), point_(point), first_(table.series.size()) {
    for (std::size_t o = 0; o < table.observables.size(); ++o) by_observable_[table.observables[o].name] = o;
  }

  void add(const Measured& m, int sample, int replica, bool is_left_out) {
    store::Series& series = of(by_observable_.at(m.observable), m.component);
    if (is_left_out)
      ++series.left_out;
    else
      series.values.push_back({sample, replica, m.value, m.error, m.tau_int});
  }

  void finish() {
    std::stable_sort(table_.series.begin() + static_cast<std::ptrdiff_t>(first_), table_.series.end(),
                     [](const auto& a, const auto& b) { return a.observable < b.observable; });
  }

 private:
  store::Series& of(std::size_t observable, const std::string& component) {
    for (std::size_t s = first_; s < table_.series.size(); ++s)
      if (table_.series[s].observable == observable && table_.series[s].component == component)
        return table_.series[s];
    return table_.series.emplace_back(store::Series{point_, observable, component, {}, 0});
  }

  store::ResultTable& table_;
  std::size_t point_, first_;
  std::map<std::string, std::size_t> by_observable_;
};

store::ResultTable empty_table(const Job& job, const std::vector<Point>& points) {
  store::ResultTable table;
  table.axes = axes(job);
  for (const Point& point : points)
    table.points.push_back({point.at, shown_numbers(job, point), point.disorder});
  for (const std::string& name : job.observables) table.observables.push_back(*find_observable(name));
  return table;
}

/// Under [measure] condition = "retained", chains that lost the memory enter only what speaks of losing it.
bool speaks_of_loss(const std::string& observable) {
  return observable == "retrieval_lost" || observable == "retrieved" || observable == "acceptance";
}

void add_sample(const Job& job, const Point& point, int sample, const Records& records, PointSeries& series) {
  const MeasurementPlan plan = measurement_plan(job, point);
  bool all_retained = true;
  for (int replica = 0; replica < job.replicas; ++replica) {
    const auto found = records.find(point.record_key(job.seed, sample, replica, job.replicas));
    if (found == records.end() || !is_complete(job, found->second)) return;
  }
  for (int replica = 0; replica < job.replicas; ++replica) {
    const auto& record = records.at(point.record_key(job.seed, sample, replica, job.replicas));
    std::span<const double> values(record.values);
    take_front(values);
    ChainRecorder recorder(plan, point.num_spins());
    recorder.load(values);
    const bool is_left_out = job.only_retained && !recorder.is_retained();
    all_retained = all_retained && !is_left_out;
    for (const Measured& m : recorder.results())
      series.add(m, sample, replica, is_left_out && !speaks_of_loss(m.observable));
  }
  if (std::none_of(plan.observables.begin(), plan.observables.end(), needs_replicas)) return;
  const auto joint = records.find(point.record_key(job.seed, sample, -1, job.replicas));
  if (joint == records.end()) return;
  std::span<const double> values(joint->second.values);
  take_front(values);
  ReplicaRecorder recorder(plan);
  recorder.load(values);
  for (Measured m : recorder.results()) {
    if (job.stop_at_fixed_point) m.error = 0;
    series.add(m, sample, -1, !all_retained);
  }
}

EnumerableModel enumerable(const DisorderSample& disorder) {
  return {disorder.num_spins(), disorder.reference_energy(), [&disorder](std::span<const Spin> spins) {
            std::vector<std::int32_t> counts(static_cast<std::size_t>(disorder.num_patterns()), 0);
            for (SiteIndex mu = 0; mu < disorder.num_patterns(); ++mu)
              for (SiteIndex i = 0; i < disorder.num_spins(); ++i)
                counts[static_cast<std::size_t>(mu)] +=
                    disorder.pattern_entry(i, mu) * spins[static_cast<std::size_t>(i)];
            return counts;
          }};
}

}  // namespace

store::ResultTable result_table(const Job& job, const std::vector<Point>& points, const Records& records) {
  store::ResultTable table = empty_table(job, points);
  for (std::size_t p = 0; p < points.size(); ++p) {
    PointSeries series(table, p);
    for (int sample = 0; sample < job.samples; ++sample) add_sample(job, points[p], sample, records, series);
    series.finish();
  }
  count_strayed_chains(job, table);
  return table;
}

std::string note_of_cycles(const store::ResultTable& table) {
  std::size_t chains = 0;
  double cycles = 0;
  for (const store::Series& series : table.series) {
    if (table.observables[series.observable].name != "two_cycle") continue;
    chains += series.values.size();
    for (const store::ChainValue& chain : series.values) cycles += chain.value;
  }
  if (cycles == 0) return "";
  return fmt::format(
      "note: {:.0f} of {} chains ended in a cycle of length two, no fixed point; their values belong to one "
      "of its two configurations",
      cycles, chains);
}

store::ResultTable exact_table(const Job& job, const std::vector<Point>& points) {
  for (const Point& point : points)
    if (point.num_spins() > largest_enumeration)
      throw InputError(fmt::format("grid.N: enumeration of 2^{} states", point.num_spins()),
                       job.place("grid.N"), fmt::format("exact takes N up to {}", largest_enumeration));
  std::vector<std::map<int, std::vector<Measured>>> exact(points.size());
  const std::vector<Task> all = tasks(job, points);
  for (const Task& task : all)
    for (std::size_t begin = 0; begin < task.points.size();) {
      // Points of one system differ in temperature and start; the start is forgotten in equilibrium.
      const Point& first = points[task.points[begin]];
      std::vector<MeasurementPlan> plans;
      std::size_t end = begin;
      for (; end < task.points.size() && is_same_system(first, points[task.points[end]]); ++end)
        plans.push_back(measurement_plan(job, points[task.points[end]]));
      const auto disorder = draw(job, first, task.sample);
      const auto averages = exact_averages(enumerable(*disorder), plans);
      for (std::size_t k = begin; k < end; ++k) exact[task.points[k]][task.sample] = averages[k - begin];
      begin = end;
    }
  std::map<std::string, std::size_t> run_as;  // points that are one chain
  for (std::size_t p = 0; p < points.size(); ++p) run_as.emplace(points[p].chain_name, p);
  store::ResultTable table = empty_table(job, points);
  for (std::size_t p = 0; p < points.size(); ++p) {
    PointSeries series(table, p);
    for (const auto& [sample, averages] : exact[run_as.at(points[p].chain_name)])
      for (const Measured& m : averages) series.add(m, sample, needs_replicas(m.observable) ? -1 : 0, false);
    series.finish();
  }
  return table;
}

}  // namespace mattis::sweeps
