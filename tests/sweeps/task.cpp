// A task interrupted anywhere and continued leaves the records of one that never was.
#include "sweeps/task.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>

#include "support/jobs.hpp"

using namespace mattis;
using sweeps::Records;

namespace {

/// A model whose chains set a flag after so many sweeps in all.
struct Interruption {
  std::atomic<bool> flag{false};
  std::int64_t left = 0;
};

class WatchedChain final : public Chain {
 public:
  WatchedChain(std::unique_ptr<Chain> chain, Interruption& interruption)
      : chain_(std::move(chain)), interruption_(interruption) {}
  std::int64_t sweep() override {
    if (--interruption_.left <= 0) interruption_.flag = true;
    return chain_->sweep();
  }
  Snapshot snapshot() const override { return chain_->snapshot(); }
  FieldCensus field_census() const override { return chain_->field_census(); }
  std::int64_t sweeps_done() const override { return chain_->sweeps_done(); }

 private:
  std::unique_ptr<Chain> chain_;
  Interruption& interruption_;
};

class WatchedSample final : public DisorderSample {
 public:
  WatchedSample(std::shared_ptr<const DisorderSample> sample, Interruption& interruption)
      : sample_(std::move(sample)), interruption_(interruption) {}
  SiteIndex num_spins() const override { return sample_->num_spins(); }
  SiteIndex num_patterns() const override { return sample_->num_patterns(); }
  int pattern_entry(SiteIndex i, SiteIndex mu) const override { return sample_->pattern_entry(i, mu); }
  std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                               std::int64_t done) const override {
    return std::make_unique<WatchedChain>(sample_->chain(std::move(spins), dynamics, stream, done),
                                          interruption_);
  }
  std::function<double(std::span<const Spin>)> reference_energy() const override {
    return sample_->reference_energy();
  }

 private:
  std::shared_ptr<const DisorderSample> sample_;
  Interruption& interruption_;
};

/// The job's records when it is stopped every `stride` sweeps and started again until it is done.
Records run_in_pieces(sweeps::Job job, std::int64_t stride) {
  Interruption interruption;
  ModelEntry watched = *job.model;
  watched.draw = [&, plain = job.model](const Numbers& actual, const Ensemble& ensemble, RngStream& random) {
    return std::make_shared<const WatchedSample>(plain->draw(actual, ensemble, random), interruption);
  };
  job.model = &watched;
  const auto points = sweeps::points(job);
  Records records;
  for (const sweeps::Task& task : sweeps::tasks(job, points)) {
    int pieces = 0;
    while (!sweeps::is_complete(job, points, task, records)) {
      REQUIRE(++pieces < 5000);
      interruption.left = stride;
      interruption.flag = false;
      tests::keep(records, sweeps::run_task(job, points, task, records, interruption.flag));
    }
  }
  return records;
}

void check_equal(const Records& a, const Records& b) {
  REQUIRE(a.size() == b.size());
  for (const auto& [key, record] : a) {
    REQUIRE(b.count(key) == 1);
    REQUIRE(store::same_bits(record, b.at(key)));
  }
}

sweeps::Job job_with(const std::string& more, const std::vector<std::string>& overrides = {}) {
  return tests::job_of("model.name = \"hopfield\"\nrandom.seed = 5\n" + more, nullptr, overrides);
}

const std::string warm = R"(
grid = { N = 24, P = 3, T = [0.4, 1.0] }
plan = { burn_in = 7, sweeps = 60, samples = 2, replicas = 3 }
)";

}  // namespace

TEST_CASE("stopped at any sweep and continued, a task leaves identical records") {
  for (const char* measure :
       {"", "measure.every = 7",
        "measure.observables = [\"energy_variance\", \"binder\", \"retrieved\", \"acceptance\"]",
        "measure.lost_within = [5, 40]"}) {
    const sweeps::Job job = job_with(warm + measure);
    const Records whole = tests::run_all(job);
    for (const std::int64_t stride : {1, 2, 5, 20, 23, 66, 67, 100, 201})
      check_equal(run_in_pieces(job, stride), whole);
  }
}

TEST_CASE("stopped and continued, every order and rule") {
  for (const char* kind : {"glauber", "metropolis"})
    for (const char* order : {"sequential", "random", "permutation"}) {
      const sweeps::Job job = job_with(warm + "dynamics = { kind = \"" + kind + "\", order = \"" + order +
                                       "\", tie = \"random\" }");
      check_equal(run_in_pieces(job, 13), tests::run_all(job));
    }
}

TEST_CASE("stopped and continued, rejection-free") {
  for (const char* rule : {"glauber", "metropolis"})
    for (const char* more : {"", ", tie = \"random\""}) {
      const std::string dynamics =
          std::string("dynamics = { kind = \"nfold\", rule = \"") + rule + "\"" + more;
      const sweeps::Job job = job_with(warm + dynamics + " }");
      check_equal(run_in_pieces(job, 13), tests::run_all(job));
      const sweeps::Job cold = job_with(
          "grid = { N = [20, 41], P = 6, T = 0 }\nplan = { stop = \"fixed_point\", sweeps = 12, "
          "samples = 3, replicas = 2 }\nstart.kind = \"random\"\n" +
          dynamics + " }");
      const Records whole = tests::run_all(cold);
      for (const std::int64_t stride : {1, 2, 5}) check_equal(run_in_pieces(cold, stride), whole);
    }
}

TEST_CASE("stopped and continued at T = 0, with and without a stop at fixed points") {
  for (const char* plan : {"", "stop = \"fixed_point\", "})
    for (const char* tie : {"keep", "random"}) {
      const sweeps::Job job =
          job_with(std::string("grid = { N = [20, 41], P = 6, T = 0 }\nplan = { ") + plan +
                   "sweeps = 12, samples = 3, replicas = 2 }\nstart.kind = \"random\"\n" +
                   "dynamics.tie = \"" + tie + "\"");
      const Records whole = tests::run_all(job);
      for (const std::int64_t stride : {1, 2, 3, 5, 11}) check_equal(run_in_pieces(job, stride), whole);
    }
}

TEST_CASE("more sweeps later are the sweeps of a longer run") {
  const std::vector<std::string> longer{"plan.sweeps=95"};
  for (const std::string& text : {warm, warm + "measure.every = 5",
                                  std::string("grid = { N = 20, P = 6, T = 0 }\nplan = { sweeps = 10, "
                                              "samples = 4, replicas = 2 }\nstart.kind = \"random\""),
                                  std::string("grid = { N = 20, P = 6, T = 0 }\nplan = { sweeps = 2, samples "
                                              "= 4, stop = \"fixed_point\" }\nstart.kind = \"random\""),
                                  std::string("grid = { N = 20, P = 6, T = 0 }\nplan = { sweeps = 3, samples "
                                              "= 4, replicas = 2, stop = \"fixed_point\" }\n"
                                              "start.kind = \"random\"\ndynamics.tie = \"random\"")}) {
    INFO(text);
    const sweeps::Job now = job_with(text), later = job_with(text, longer);
    check_equal(tests::run_all(later, tests::run_all(now)), tests::run_all(later));
  }
}

TEST_CASE("more samples, replicas and grid values leave finished chains alone") {
  const sweeps::Job now = job_with(warm);
  const Records before = tests::run_all(now);
  for (const char* more : {"plan.samples=4", "grid.T=[0.4, 0.7, 1.0]", "grid.N=[24, 30]", "grid.P=[3, 4]"}) {
    const sweeps::Job later = job_with(warm, {more});
    const Records after = tests::run_all(later, before);
    check_equal(after, tests::run_all(later));
    for (const auto& [key, record] : before) {
      REQUIRE(after.count(key) == 1);
      REQUIRE(store::same_bits(after.at(key), record));
    }
  }
  // A fourth replica makes new pairs; the three chains are what they were.
  const sweeps::Job later = job_with(warm, {"plan.replicas=4"});
  const Records after = tests::run_all(later, before), fresh = tests::run_all(later);
  for (const auto& [key, record] : fresh) CHECK(store::same_bits(after.at(key), record));
}

TEST_CASE("a finished task runs nothing") {
  const sweeps::Job job = job_with(warm);
  const Records records = tests::run_all(job);
  const auto points = sweeps::points(job);
  const std::atomic<bool> never{false};
  for (const auto& task : sweeps::tasks(job, points)) {
    CHECK(sweeps::is_complete(job, points, task, records));
    CHECK(sweeps::run_task(job, points, task, records, never).empty());
  }
}

TEST_CASE("a task stopped before its first sweep leaves nothing") {
  const sweeps::Job job = job_with(warm);
  const auto points = sweeps::points(job);
  const std::atomic<bool> now{true};
  CHECK(sweeps::run_task(job, points, sweeps::tasks(job, points).front(), {}, now).empty());
}

TEST_CASE("the layout of records names whatever gives their numbers a meaning") {
  const std::string base = sweeps::record_layout(job_with(warm));
  CHECK(base == sweeps::record_layout(job_with(warm, {"plan.sweeps=90"})));
  CHECK(base == sweeps::record_layout(job_with(warm, {"grid.T=[0.0, 0.2]"})));
  CHECK(base == sweeps::record_layout(job_with(warm, {"plan.replicas=1"})));
  for (const char* other :
       {"measure.every=2", "measure.cut=0.8", "measure.patterns=[1]", "measure.observables=[\"binder\"]"})
    CHECK(base != sweeps::record_layout(job_with(warm, {other})));
}
