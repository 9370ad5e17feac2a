// What a chain leaves behind: first loss, acceptance, averages, and a state that continues bit for bit.
#include "engine/recorder.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "engine/random_stream.hpp"

using namespace mattis;

namespace {

constexpr SiteIndex num_spins = 20;

MeasurementPlan plan_of(std::vector<std::string> observables) {
  MeasurementPlan plan;
  plan.observables = std::move(observables);
  plan.patterns = {0, 1};
  plan.num_patterns = 2;
  plan.temperature = 0.5;
  plan.lost_within = {3, 5};
  return plan;
}

double value(const std::vector<Measured>& all, const std::string& observable,
             const std::string& component = "") {
  for (const Measured& m : all)
    if (m.observable == observable && m.component == component) return m.value;
  return NAN;
}

/// A chain by its overlap counts: energy -(M_0^2 + M_1^2)/2N.
Snapshot shows(const std::vector<std::int32_t>& counts) {
  double squares = 0;
  for (const double m : counts) squares += m * m;
  return {num_spins, -squares / (2 * num_spins), counts, {}};
}

ChainRecorder followed(const MeasurementPlan& plan, const std::vector<std::int32_t>& cued_counts) {
  ChainRecorder recorder(plan, num_spins);
  std::int64_t sweep = 0;
  for (const std::int32_t count : cued_counts) {
    const std::vector<std::int32_t> counts{count, 4};
    recorder.after_sweep(shows(counts), ++sweep, 7);
    recorder.measure(shows(counts));
  }
  return recorder;
}

std::vector<double> saved(const ChainRecorder& recorder) {
  std::vector<double> out;
  recorder.save(out);
  return out;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

const std::vector<std::string> many{"energy_per_spin", "retrieval_overlap", "overlap",
                                    "sorted_overlap",  "retrieved",         "retrieval_lost",
                                    "acceptance",      "energy_variance",   "binder"};

}  // namespace

TEST_CASE("retrieval is lost at the first sweep below the cut, and stays lost") {
  const auto lost = [](const std::vector<std::int32_t>& counts, const char* tau) {
    return value(followed(plan_of({"retrieval_lost"}), counts).results(), "retrieval_lost", tau);
  };
  CHECK(lost({20, 18, 18, 18, 18, 18}, "3") == 0);  // 18/20 = 0.9 is not below 0.9
  CHECK(lost({20, 20, 16, 20, 20, 20}, "3") == 1);  // lost at sweep 3
  CHECK(lost({20, 20, 20, 16, 20, 20}, "3") == 0);
  CHECK(lost({20, 20, 20, 16, 20, 20}, "5") == 1);
  CHECK(lost({20, 20, 20, 20, 20, 16}, "5") == 0);
  CHECK(lost({-20, 20, 20, 20, 20, 20}, "3") == 1);  // the reversed memory is another state
  CHECK_FALSE(followed(plan_of({}), {20, 20, 20, 20, 20, 16}).is_retained());
  CHECK(followed(plan_of({}), {20, 20, 20, 20, 20, 18}).is_retained());
}

TEST_CASE("averages, acceptance and the retrieved fraction of a short chain") {
  const auto results = followed(plan_of(many), {20, 20, 20, 16}).results();
  CHECK(value(results, "retrieval_overlap") == Approx(0.95));
  CHECK(value(results, "overlap", "0") == Approx(0.95));
  CHECK(value(results, "overlap", "1") == Approx(0.2));
  CHECK(value(results, "energy_per_spin") == Approx(-(3 * 400 + 256 + 4 * 16) / 4.0 / 800));
  CHECK(value(results, "retrieved") == 1);
  CHECK(value(results, "acceptance") == Approx(7.0 / 20));
  CHECK(value(followed(plan_of(many), {16, 16, 20, 20}).results(), "retrieved") ==
        0);  // 0.9 is not above 0.9
}

TEST_CASE("autocorrelation times are in sweeps") {
  MeasurementPlan plan = plan_of({"retrieval_overlap"});
  std::vector<std::int32_t> counts;
  for (int k = 0; k < 32; ++k) counts.push_back(k % 4 < 2 ? 20 : 16);
  const double every_sweep = followed(plan, counts).results().front().tau_int;
  plan.every = 10;
  CHECK(every_sweep == Approx(8.0 / 15));
  CHECK(followed(plan, counts).results().front().tau_int == Approx(10 * every_sweep));
}

TEST_CASE("a fixed point has no thermal error, a single measurement of a moving chain an unknown one") {
  MeasurementPlan plan = plan_of({"retrieval_overlap", "free_spins", "not_converged"});
  plan.temperature = 0;
  ChainRecorder recorder = followed(plan, {18});
  CHECK(std::isnan(recorder.results().front().error));
  CHECK(value(recorder.results(), "not_converged") == 1);
  recorder.finish({0, 3}, true, false);
  CHECK(recorder.results().front().error == 0);
  CHECK(value(recorder.results(), "not_converged") == 0);
  CHECK(value(recorder.results(), "free_spins") == 3);
  CHECK(recorder.is_fixed_point());
}

TEST_CASE("forgetting measurements keeps the history") {
  ChainRecorder recorder = followed(plan_of(many), {20, 16, 20, 20});
  recorder.forget_measurements();
  CHECK(std::isnan(value(recorder.results(), "retrieval_overlap")));
  CHECK(value(recorder.results(), "acceptance") == Approx(7.0 / 20));
  CHECK(value(recorder.results(), "retrieval_lost", "3") == 1);
  ChainRecorder fresh(plan_of(many), num_spins);
  const std::vector<std::int32_t> counts{10, 4};
  recorder.measure(shows(counts));
  CHECK(value(recorder.results(), "retrieval_overlap") == 0.5);
}

TEST_CASE("a recorder saved at any sweep continues bit for bit") {
  RngStream random({2, StreamDomain::tests, 0, 0, 0});
  std::vector<std::int32_t> counts(300);
  for (auto& count : counts) count = 20 - 2 * static_cast<std::int32_t>(random() % 3);
  const MeasurementPlan plan = plan_of(many);
  const std::vector<double> whole = saved(followed(plan, counts));
  for (std::size_t n = 0; n <= counts.size(); n += 7) {
    const auto state =
        saved(followed(plan, {counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(n)}));
    std::span<const double> reading(state);
    ChainRecorder recorder(plan, num_spins);
    recorder.load(reading);
    REQUIRE(reading.empty());
    for (std::size_t k = n; k < counts.size(); ++k) {
      const std::vector<std::int32_t> now{counts[k], 4};
      recorder.after_sweep(shows(now), static_cast<std::int64_t>(k) + 1, 7);
      recorder.measure(shows(now));
    }
    REQUIRE(same_bits(saved(recorder), whole));
  }
}

TEST_CASE("the loss times asked for may change under a saved recorder") {
  MeasurementPlan plan = plan_of({"retrieval_lost"});
  const auto state = saved(followed(plan, {20, 20, 20, 16}));
  plan.lost_within = {4, 100};
  ChainRecorder recorder(plan, num_spins);
  std::span<const double> reading(state);
  recorder.load(reading);
  CHECK(value(recorder.results(), "retrieval_lost", "4") == 1);
  CHECK(std::isnan(value(recorder.results(), "retrieval_lost", "3")));
}

TEST_CASE("replica overlaps are averages over all pairs") {
  constexpr SiteIndex n = 70;
  RngStream random({3, StreamDomain::tests, 0, 0, 0});
  std::vector<Configuration> replicas(4, Configuration(n));
  for (auto& replica : replicas)
    for (Spin& s : replica) s = random() % 2 ? Spin{1} : Spin{-1};
  double q1 = 0, q2 = 0, q4 = 0, q_abs = 0;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < a; ++b) {
      double q = 0;
      for (std::size_t i = 0; i < n; ++i) q += replicas[a][i] * replicas[b][i] / double{n};
      q1 += q / 6, q2 += q * q / 6, q4 += q * q * q * q / 6, q_abs += std::abs(q) / 6;
    }
  std::vector<std::vector<std::uint64_t>> bits;
  for (const auto& replica : replicas) bits.push_back(packed(replica));
  MeasurementPlan plan = plan_of({"replica_overlap"});
  ReplicaRecorder recorder(plan);
  recorder.measure(bits, n);
  const auto results = recorder.results();
  CHECK(value(results, "replica_overlap", "1") == Approx(q1).margin(1e-15));
  CHECK(value(results, "replica_overlap", "2") == Approx(q2));
  CHECK(value(results, "replica_overlap", "4") == Approx(q4));
  CHECK(value(results, "replica_overlap", "abs") == Approx(q_abs));

  std::vector<double> state, again;
  recorder.save(state);
  std::span<const double> reading(state);
  ReplicaRecorder other(plan);
  other.load(reading);
  other.save(again);
  CHECK(reading.empty());
  CHECK(same_bits(state, again));
}

TEST_CASE("the overlap histogram is a density over all pairs, kept only when asked for") {
  constexpr SiteIndex n = 40;
  MeasurementPlan plan = plan_of({"overlap_histogram"});
  plan.every = 3;
  ReplicaRecorder recorder(plan);
  // Distances 0, 11, 11: q = 1 and twice 0.45 on the edge of bins 28 and 29.
  std::vector<std::vector<std::uint64_t>> bits{{0}, {0}, {(1u << 11) - 1}};
  for (int k = 0; k < 4; ++k) recorder.measure(bits, n);
  const auto results = recorder.results();
  CHECK(results.size() == 40);
  CHECK(value(results, "overlap_histogram", "0.975") == Approx(20.0 / 3));
  CHECK(value(results, "overlap_histogram", "0.425") == Approx(20.0 / 3));
  CHECK(value(results, "overlap_histogram", "0.475") == Approx(20.0 / 3));
  CHECK(value(results, "overlap_histogram", "-0.975") == 0);

  std::vector<double> state, again;
  recorder.save(state);
  std::span<const double> reading(state);
  ReplicaRecorder other(plan);
  other.load(reading);
  other.save(again);
  CHECK(reading.empty());
  CHECK(same_bits(state, again));

  const ReplicaRecorder without(plan_of({"replica_overlap"}));
  CHECK(without.results().size() == 4);
}

TEST_CASE("a two-cycle is counted for synchronous updates at T = 0, and survives saving") {
  MeasurementPlan plan = plan_of({"two_cycle", "not_converged"});
  plan.temperature = 0;
  CHECK(std::isnan(value(followed(plan, {18}).results(), "two_cycle")));
  plan.updates = Updates::synchronous;
  ChainRecorder recorder = followed(plan, {18});
  CHECK(value(recorder.results(), "two_cycle") == 0);
  recorder.finish({4, 0}, false, true);
  const auto state = saved(recorder);
  std::span<const double> reading(state);
  ChainRecorder again(plan, num_spins);
  again.load(reading);
  CHECK(reading.empty());
  CHECK(value(again.results(), "two_cycle") == 1);
  CHECK(value(again.results(), "not_converged") == 0);
}

TEST_CASE("a chain without patterns loses none") {
  MeasurementPlan plan = plan_of({"retrieval_lost", "energy_per_spin", "energy_variance"});
  plan.num_patterns = 0;
  ChainRecorder recorder(plan, num_spins);
  for (int sweep = 1; sweep <= 40; ++sweep) {
    recorder.after_sweep({num_spins, -10, {}, {}}, sweep, 1);
    recorder.measure({num_spins, -10, {}, {}});
  }
  CHECK(recorder.is_retained());
  CHECK(std::isnan(value(recorder.results(), "retrieval_lost", "3")));
  CHECK(value(recorder.results(), "energy_per_spin") == -0.5);
}
