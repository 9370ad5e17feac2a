#include "sweeps/task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "models/start.hpp"

namespace mattis::sweeps {

namespace {

/// One chain while it runs.
struct Run {
  std::unique_ptr<Chain> chain;
  ChainRecorder recorder;
  bool is_done = false;
  bool is_settled = false;  ///< a sweep changed nothing at a fixed point: it needs no more sweeps
};

/// The flag stored first in a chain's record: is it settled? One that reached its fixed point in the last sweep of
/// the plan is not: a longer plan would see it off with one sweep more, and so must its continuation.
constexpr std::size_t settled_slot = 0;

/// Elementary steps after which a task tells how far it is: about a millisecond.
constexpr double steps_between_news = 1e6;

/// Is something measured on all replicas of a sample together?
bool measures_replicas(const MeasurementPlan& plan) {
  return std::any_of(plan.observables.begin(), plan.observables.end(), needs_replicas);
}

/// Its joint records are longer.
bool measures_histogram(const Job& job) {
  return std::find(job.observables.begin(), job.observables.end(), "overlap_histogram") !=
         job.observables.end();
}

class PointRun {
 public:
  PointRun(const Job& job, const Point& point, int sample, const DisorderSample& disorder)
      : job_(job),
        point_(point),
        sample_(sample),
        disorder_(disorder),
        plan_(measurement_plan(job, point)),
        joint_(plan_) {}

  std::vector<store::ChainRecord> run(const Records& records, const std::atomic<bool>& interrupted,
                                      const TaskProgress& progress) {
    for (int replica = 0; replica < job_.replicas; ++replica)
      runs_.push_back(start_or_continue(replica, records));
    if (is_joint()) load_joint(records);
    const std::int64_t total = job_.burn_in + job_.sweeps;
    const bool is_told = progress && !job_.stop_at_fixed_point;
    const double cost = job_.model->sweep_cost(point_.actual) * job_.replicas;
    double untold = 0;
    bool running = true;
    while (running && !interrupted.load(std::memory_order_relaxed)) {
      running = false;
      for (Run& run : runs_) {
        if (run.is_done) continue;
        step(run);
        run.is_done = run.is_settled || run.chain->sweeps_done() >= total;
        running = running || !run.is_done;
      }
      if (is_joint() && !job_.stop_at_fixed_point && is_due(runs_.front().chain->sweeps_done()))
        measure_joint();
      if (is_told && (untold += cost) >= steps_between_news) {
        untold = 0;
        progress(static_cast<double>(runs_.back().chain->sweeps_done()) / static_cast<double>(total));
      }
    }
    return collect();
  }

 private:
  bool is_joint() const { return measures_replicas(plan_); }

  bool is_due(std::int64_t sweeps_done) const {
    return sweeps_done > job_.burn_in && (sweeps_done - job_.burn_in) % job_.every == 0;
  }

  Dynamics dynamics() const {
    Dynamics dynamics = job_.dynamics;
    dynamics.temperature = point_.temperature;
    return dynamics;
  }

  /// Replicas whose overlap is measured run side by side: they continue together or not at all.
  bool can_continue_together(const Records& records) const {
    if (!is_joint()) return true;
    const auto joint = records.find(point_.record_key(job_.seed, sample_, -1, job_.replicas));
    if (joint == records.end()) return false;
    for (int replica = 0; replica < job_.replicas; ++replica) {
      const auto found = records.find(point_.record_key(job_.seed, sample_, replica, job_.replicas));
      if (found == records.end()) return false;
      if (!job_.stop_at_fixed_point && found->second.sweeps_done != joint->second.sweeps_done) return false;
    }
    return true;
  }

  Run start_or_continue(int replica, const Records& records) {
    const StreamId stream = point_.chain_stream(job_.seed, sample_, replica);
    ChainRecorder recorder(plan_, disorder_.num_spins());
    const auto found = records.find(point_.record_key(job_.seed, sample_, replica, job_.replicas));
    if (found == records.end() || !can_continue_together(records)) {
      RngStream random(point_.start_stream(job_.seed, sample_, replica));
      Configuration spins = point_.start == Start::random
                                ? random_configuration(disorder_.num_spins(), random)
                                : cued_configuration(disorder_, job_.cued, point_.overlap, random);
      return {disorder_.chain(std::move(spins), dynamics(), stream, 0), std::move(recorder), false, false};
    }
    const store::ChainRecord& record = found->second;
    std::span<const double> values(record.values);
    take_front(values);
    recorder.load(values);
    const bool is_done = is_complete(job_, record);
    if (!is_done && job_.stop_at_fixed_point) recorder.forget_measurements();
    return {disorder_.chain(unpacked(record.state, disorder_.num_spins()), dynamics(), stream,
                            record.sweeps_done),
            std::move(recorder), is_done, record.values.at(settled_slot) != 0};
  }

  void step(Run& run) {
    const std::int64_t accepted = run.chain->sweep();
    const Snapshot snapshot = run.chain->snapshot();
    const std::int64_t done = run.chain->sweeps_done();
    run.recorder.after_sweep(snapshot, done, accepted);
    const bool is_last = done >= job_.burn_in + job_.sweeps;
    const bool is_cycle =
        point_.temperature == 0 && (is_last || job_.stop_at_fixed_point) && run.chain->is_two_cycle();
    if (point_.temperature == 0 && (is_last || (job_.stop_at_fixed_point && (accepted == 0 || is_cycle)))) {
      const FieldCensus census = run.chain->field_census();
      const bool is_fixed = census.unstable == 0 && (job_.dynamics.tie == Tie::keep || census.free == 0);
      run.recorder.finish(census, is_fixed, is_cycle);
      run.is_settled = job_.stop_at_fixed_point && ((is_fixed && accepted == 0) || is_cycle);
      if (job_.stop_at_fixed_point && (run.is_settled || is_last)) run.recorder.measure(snapshot);
    }
    if (!job_.stop_at_fixed_point && is_due(done)) run.recorder.measure(snapshot);
  }

  void load_joint(const Records& records) {
    const auto found = records.find(point_.record_key(job_.seed, sample_, -1, job_.replicas));
    if (found == records.end() || !can_continue_together(records) || job_.stop_at_fixed_point) return;
    std::span<const double> values(found->second.values);
    take_front(values);
    joint_.load(values);
  }

  void measure_joint() {
    std::vector<std::vector<std::uint64_t>> replicas;
    for (const Run& run : runs_) replicas.push_back(packed(run.chain->snapshot().spins));
    joint_.measure(replicas, disorder_.num_spins());
  }

  std::vector<store::ChainRecord> collect() {
    std::vector<store::ChainRecord> records;
    bool all_done = true;
    std::int64_t sweeps_done = 0;
    for (int replica = 0; replica < job_.replicas; ++replica) {
      const Run& run = runs_[static_cast<std::size_t>(replica)];
      if (run.chain->sweeps_done() == 0) return {};
      store::ChainRecord record{point_.record_key(job_.seed, sample_, replica, job_.replicas),
                                run.chain->sweeps_done(),
                                packed(run.chain->snapshot().spins),
                                {}};
      record.values.push_back(run.is_settled ? 1.0 : 0.0);
      run.recorder.save(record.values);
      records.push_back(std::move(record));
      all_done = all_done && run.is_done;
      sweeps_done = std::max(sweeps_done, run.chain->sweeps_done());
    }
    if (is_joint()) {
      if (job_.stop_at_fixed_point && all_done) measure_joint();
      store::ChainRecord record{
          point_.record_key(job_.seed, sample_, -1, job_.replicas), sweeps_done, {}, {}};
      record.values.push_back(job_.stop_at_fixed_point && all_done ? 1.0 : 0.0);
      joint_.save(record.values);
      records.push_back(std::move(record));
    }
    return records;
  }

  const Job& job_;
  const Point& point_;
  int sample_;
  const DisorderSample& disorder_;
  MeasurementPlan plan_;
  std::vector<Run> runs_;
  ReplicaRecorder joint_;
};

bool is_complete(const Job& job, const Point& point, int sample, const Records& records) {
  const bool joint = measures_replicas(measurement_plan(job, point));
  for (int replica = joint ? -1 : 0; replica < job.replicas; ++replica) {
    const auto found = records.find(point.record_key(job.seed, sample, replica, job.replicas));
    if (found == records.end() || !is_complete(job, found->second)) return false;
  }
  return true;
}

}  // namespace

std::string record_layout(const Job& job) {
  return fmt::format("mattis-record/2 observables=[{}] every={} cut={} patterns=[{}] stop={}{}",
                     fmt::join(recorded_observables(job), ","), job.every, job.cut,
                     fmt::join(job.patterns, ","), job.stop_at_fixed_point,
                     measures_histogram(job) ? " histogram" : "");
}

MeasurementPlan measurement_plan(const Job& job, const Point& point) {
  MeasurementPlan plan;
  plan.observables = job.observables;
  plan.every = job.every;
  plan.cut = job.cut;
  plan.lost_within = job.lost_within;
  plan.cued = job.cued;
  plan.patterns = {job.cued};
  for (const SiteIndex mu : job.patterns)
    if (mu != job.cued) plan.patterns.push_back(mu);
  plan.num_patterns = point.num_patterns();
  plan.temperature = point.temperature;
  plan.updates = job.dynamics.updates;
  return plan;
}

bool is_complete(const Job& job, const store::ChainRecord& record) {
  return record.sweeps_done >= job.burn_in + job.sweeps || record.values.at(settled_slot) != 0;
}

bool is_complete(const Job& job, const std::vector<Point>& points, const Task& task, const Records& records) {
  for (const std::size_t p : task.points)
    if (!is_complete(job, points[p], task.sample, records)) return false;
  return true;
}

bool is_same_system(const Point& a, const Point& b) {
  const auto without_chain = [](Numbers numbers) {
    numbers.erase("T");
    numbers.erase("start_overlap");
    return numbers;
  };
  return a.disorder == b.disorder && without_chain(a.actual) == without_chain(b.actual);
}

std::string place_of(const Job& job, const Point& point, int sample) {
  std::string text = job.model->name;
  for (const ChosenWords& choice : job.choices)
    text += fmt::format(" {} = {},", choice.name, chosen_word(job, point.at, choice.name));
  for (const auto& [name, value] : shown_numbers(job, point))
    if (!std::isnan(value)) text += fmt::format(" {} = {},", name, value);
  return fmt::format("{} {} start, sample {}", text, point.start == Start::cued ? "cued" : "random", sample);
}

std::shared_ptr<const DisorderSample> draw(const Job& job, const Point& point, int sample) {
  RngStream random(point.disorder_stream(job.seed, sample));
  return job.model->draw(point.actual, job.ensembles[point.ensemble], random);
}

std::vector<store::ChainRecord> run_task(const Job& job, const std::vector<Point>& points, const Task& task,
                                         const Records& records, const std::atomic<bool>& interrupted,
                                         const TaskProgress& progress) {
  std::shared_ptr<const DisorderSample> disorder;
  const Point* drawn = nullptr;
  std::vector<store::ChainRecord> all;
  double points_done = -1;
  TaskProgress within;
  if (progress)
    within = [&](double share) { progress((points_done + share) / static_cast<double>(task.points.size())); };
  for (const std::size_t p : task.points) {
    if (interrupted) break;
    ++points_done;
    if (is_complete(job, points[p], task.sample, records)) continue;
    try {
      if (!drawn || !is_same_system(*drawn, points[p])) {
        drawn = &points[p];
        disorder = draw(job, *drawn, task.sample);
      }
      for (auto& record : PointRun(job, points[p], task.sample, *disorder).run(records, interrupted, within))
        all.push_back(std::move(record));
    } catch (const std::bad_alloc&) {
      throw EnvironmentError(place_of(job, points[p], task.sample), "running", "out of memory");
    } catch (const EnvironmentError&) {
      throw;
    } catch (const std::exception& error) {
      throw InternalError(place_of(job, points[p], task.sample) + ": " + error.what());
    }
  }
  return all;
}

}  // namespace mattis::sweeps
