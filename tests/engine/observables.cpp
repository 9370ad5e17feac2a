// Each observable against its formula, written out slowly.
#include "engine/observables.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "engine/random_stream.hpp"

using namespace mattis;

namespace {

constexpr SiteIndex num_spins = 50;

MeasurementPlan plan_of(std::vector<std::string> observables, SiteIndex num_patterns) {
  MeasurementPlan plan;
  plan.observables = std::move(observables);
  plan.num_patterns = num_patterns;
  plan.cued = 1;
  plan.patterns = {1, 0, 2};
  plan.temperature = 0.5;
  return plan;
}

std::vector<double> evaluate(const std::string& observable, const std::vector<std::int32_t>& counts,
                             std::vector<std::string>* components = nullptr) {
  const auto all = channels(plan_of({observable}, static_cast<SiteIndex>(counts.size())));
  REQUIRE(all.size() == 1);
  REQUIRE(all.front().observable == observable);
  std::vector<double> out(all.front().components.size());
  all.front().value({num_spins, -12.5, counts, {}}, out);
  if (components) *components = all.front().components;
  return out;
}

double derived(const std::string& observable, std::span<const double> moments) {
  const auto all = derived_observables(plan_of({observable}, 3), num_spins);
  REQUIRE(all.size() == 1);
  return all.front().of_moments(moments);
}

}  // namespace

TEST_CASE("every observable of the catalogue says what it is") {
  std::set<std::string> names;
  for (const auto& spec : observable_catalogue()) {
    INFO(spec.name);
    CHECK(names.insert(spec.name).second);
    CHECK_FALSE(spec.symbol.empty());
    CHECK_FALSE(spec.units.empty());
    CHECK_FALSE(spec.definition.empty());
    CHECK(find_observable(spec.name) == &spec);
  }
  CHECK(find_observable("magnetization") == nullptr);
}

TEST_CASE("overlaps are counts over N, for the patterns asked") {
  const std::vector<std::int32_t> counts{-30, 10, 50};
  std::vector<std::string> components;
  CHECK(evaluate("energy_per_spin", counts) == std::vector<double>{-0.25});
  CHECK(evaluate("retrieval_overlap", counts) == std::vector<double>{0.2});
  CHECK(evaluate("overlap", counts, &components) == std::vector<double>{0.2, -0.6, 1.0});
  CHECK(components == std::vector<std::string>{"1", "0", "2"});
  CHECK(evaluate("overlap_abs", counts) == std::vector<double>{0.2, 0.6, 1.0});
  const auto squared = evaluate("overlap_squared", counts);
  CHECK(squared[0] == Approx(0.04));
  CHECK(squared[1] == Approx(0.36));
  CHECK(squared[2] == Approx(1.0));
}

TEST_CASE("sorted overlaps descend in size, eight of them at most") {
  std::vector<std::string> components;
  CHECK(evaluate("sorted_overlap", {-30, 10, 50}, &components) == std::vector<double>{1.0, 0.6, 0.2});
  CHECK(components == std::vector<std::string>{"0", "1", "2"});
  RngStream random({1, StreamDomain::tests, 0, 0, 0});
  std::vector<std::int32_t> counts(40);
  for (auto& count : counts) count = static_cast<std::int32_t>(random() % 101) - 50;
  std::vector<double> all;
  for (const auto count : counts) all.push_back(std::abs(count) / 50.0);
  std::sort(all.begin(), all.end(), std::greater<>());
  all.resize(8);
  CHECK(evaluate("sorted_overlap", counts) == all);
}

TEST_CASE("derived observables are their formulas") {
  MeasurementPlan plan = plan_of({}, 3);
  std::vector<double> moment(num_moments);
  const std::vector<std::int32_t> counts{0, 25, 0};
  moments({num_spins, -10, counts, {}}, plan.cued, moment);
  CHECK(moment == std::vector<double>{-0.2, -0.2 * -0.2, 0.5, 0.25, 0.0625});

  const std::vector<double> x{-0.3, 0.1, 0.4, 0.2, 0.06};
  CHECK(derived("energy_variance", x) == Approx(0.1 - 0.09));
  CHECK(derived("specific_heat", x) == Approx(50 / 0.25 * (0.1 - 0.09)));
  CHECK(derived("susceptibility", x) == Approx(50 / 0.5 * (0.2 - 0.16)));
  CHECK(derived("binder", x) == Approx(1 - 0.06 / (3 * 0.04)));
}

TEST_CASE("what divides by T is not measured at T = 0") {
  MeasurementPlan plan = plan_of({"specific_heat", "susceptibility", "binder", "energy_variance"}, 3);
  plan.temperature = 0;
  std::vector<std::string> names;
  for (const auto& one : derived_observables(plan, num_spins)) names.push_back(one.observable);
  CHECK(names == std::vector<std::string>{"energy_variance", "binder"});
}

TEST_CASE("a model without patterns has an energy only") {
  MeasurementPlan plan =
      plan_of({"energy_per_spin", "retrieval_overlap", "overlap", "energy_variance", "binder"}, 0);
  CHECK(channels(plan).size() == 1);
  CHECK(derived_observables(plan, num_spins).size() == 1);
}

TEST_CASE("the retrieved fraction needs the retrieval overlap") {
  CHECK(channels(plan_of({"retrieved"}, 3)).size() == 1);
  CHECK(channels(plan_of({"acceptance"}, 3)).empty());
}

TEST_CASE("the magnetisation is the mean spin, with or without patterns") {
  const std::vector<std::int32_t> counts{0, 0, 0};
  const Configuration spins{1, 1, 1, -1};
  for (const SiteIndex num_patterns : {0, 3}) {
    const auto all = channels(plan_of({"magnetisation"}, num_patterns));
    REQUIRE(all.size() == 1);
    double m = 0;
    all.front().value({4, 0, counts, spins}, {&m, 1});
    CHECK(m == 0.5);
  }
}

TEST_CASE("step overlaps are shown by synchronous chains only") {
  MeasurementPlan plan = plan_of({"step_overlap"}, 0);
  CHECK(channels(plan).empty());
  plan.updates = Updates::synchronous;
  const auto all = channels(plan);
  REQUIRE(all.size() == 1);
  CHECK(all.front().components == std::vector<std::string>{"1", "2"});
  std::vector<double> out(2);
  all.front().value({4, 0, {}, {}, [] { return StepOverlap{0.25, 0.75}; }}, out);
  CHECK(out == std::vector<double>{0.25, 0.75});
}

TEST_CASE("moments of a model without patterns have no overlap") {
  std::vector<double> moment(num_moments);
  moments({num_spins, -10, {}, {}}, 5, moment);
  CHECK(moment == std::vector<double>{-0.2, -0.2 * -0.2, 0, 0, 0});
}

TEST_CASE("observables that need patterns are those a model without them does not have") {
  std::vector<std::string> names;
  for (const auto& spec : observable_catalogue()) {
    CHECK_FALSE((needs_patterns(spec.name) && needs_synchronous_updates(spec.name)));
    names.push_back(spec.name);
    const bool mentions = spec.definition.find("overlap") != std::string::npos ||
                          spec.definition.find("m_mu") != std::string::npos ||
                          spec.definition.find("xi_i") != std::string::npos;
    if (needs_patterns(spec.name)) CHECK(mentions);
  }
  for (const auto& channel : channels(plan_of(names, 0))) CHECK_FALSE(needs_patterns(channel.observable));
  for (const auto& one : derived_observables(plan_of(names, 0), num_spins))
    CHECK_FALSE(needs_patterns(one.observable));
  CHECK(needs_synchronous_updates("two_cycle"));
  CHECK_FALSE(needs_synchronous_updates("not_converged"));
}

TEST_CASE("bins of the overlap histogram are found by integers, edges shared") {
  CHECK(OverlapHistogram::center(0) == "-0.975");
  CHECK(OverlapHistogram::center(19) == "-0.025");
  CHECK(OverlapHistogram::center(20) == "0.025");
  CHECK(OverlapHistogram::center(39) == "0.975");
  for (const std::int64_t n : {1, 2, 7, 10, 40, 41, 80, 1000}) {
    OverlapHistogram all;
    for (std::int64_t d = 0; d <= n; ++d) {
      OverlapHistogram one;
      one.add(d, n, 1);
      all.add(d, n, 1);
      double sum = 0;
      for (std::size_t bin = 0; bin < one.weights.size(); ++bin) {
        sum += one.weights[bin];
        if (one.weights[bin] == 0) continue;
        const double q = 1 - 2 * static_cast<double>(d) / static_cast<double>(n);
        CHECK(std::abs(q - std::stod(OverlapHistogram::center(bin))) <= OverlapHistogram::width / 2 + 1e-12);
      }
      CHECK(sum == 1);
    }
    for (std::size_t bin = 0; bin < all.weights.size(); ++bin)
      CHECK(all.weights[bin] == all.weights[all.weights.size() - 1 - bin]);
  }
}
