// Points and their content keys: what a chain is, never where it stands in a list.
#include "sweeps/point.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "support/jobs.hpp"
#include "support/patterns.hpp"

using namespace mattis;

namespace {

const std::string text = R"(
model.name = "hopfield"
grid = { N = [40, 60], P = [3, 4], T = [0.0, 0.5] }
start = { kind = ["cued", "random"], overlap = [0.5, 1.0] }
plan = { samples = 2, replicas = 2 }
random.seed = 3
)";

std::set<std::uint64_t> record_keys(const sweeps::Job& job) {
  std::set<std::uint64_t> keys;
  for (const auto& point : sweeps::points(job))
    for (int sample = 0; sample < job.samples; ++sample)
      for (int replica = -1; replica < job.replicas; ++replica)
        keys.insert(point.record_key(job.seed, sample, replica, job.replicas));
  return keys;
}

std::set<std::string> task_names(const sweeps::Job& job) {
  std::set<std::string> names;
  for (const auto& task : sweeps::tasks(job, sweeps::points(job))) names.insert(task.name);
  return names;
}

template <class T>
bool contains(const std::set<T>& all, const std::set<T>& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

}  // namespace

TEST_CASE("points are the product of the axes; a random start stands once along the overlaps") {
  const sweeps::Job job = tests::job_of(text);
  const auto points = sweeps::points(job);
  CHECK(points.size() == 2 * 2 * 2 * 3);
  std::vector<std::string> names;
  for (const auto& axis : sweeps::axes(job)) names.push_back(axis.name);
  CHECK(names == std::vector<std::string>{"N", "P", "T", "start_overlap", "start"});
  for (const auto& point : points) {
    REQUIRE(point.at.size() == names.size());
    CHECK(std::isnan(point.at[3].number) == (point.start == sweeps::Start::random));
    CHECK(point.actual.at("N") == point.at[0].number);
    CHECK(point.actual.at("T") == point.at[2].number);
    CHECK(point.actual.at("alpha_actual") == point.actual.at("P") / point.actual.at("N"));
  }
}

TEST_CASE("every chain of a job has a key and a stream of its own") {
  const sweeps::Job job = tests::job_of(text);
  const auto points = sweeps::points(job);
  CHECK(record_keys(job).size() == points.size() * 2 * 3);
  std::set<std::uint64_t> streams;
  for (const auto& point : points)
    for (int sample = 0; sample < 2; ++sample)
      for (int replica = 0; replica < 2; ++replica)
        streams.insert(stream_key(point.chain_stream(job.seed, sample, replica)));
  CHECK(streams.size() == points.size() * 4);
}

TEST_CASE("points of one size and load share their disorder, whatever T and start") {
  const sweeps::Job job = tests::job_of(text);
  std::map<std::pair<double, double>, std::set<std::uint64_t>> disorder;
  for (const auto& point : sweeps::points(job))
    disorder[{point.actual.at("N"), point.actual.at("P")}].insert(point.disorder);
  CHECK(disorder.size() == 4);
  std::set<std::uint64_t> all;
  for (const auto& [size, keys] : disorder) {
    CHECK(keys.size() == 1);
    all.insert(*keys.begin());
  }
  CHECK(all.size() == 4);
}

TEST_CASE("more grid values, samples or replicas change no key") {
  const sweeps::Job job = tests::job_of(text);
  for (const char* more :
       {"grid.N=[30, 40, 50, 60]", "grid.P=[4, 3, 9]", "grid.T=[0.0, 0.25, 0.5, 1e-7]",
        "start.overlap=[0.1, 0.5, 1.0]", "plan.samples=5", "plan.sweeps=9999", "title=x"}) {
    INFO(more);
    const sweeps::Job larger = tests::job_of(text, nullptr, {more});
    CHECK(contains(record_keys(larger), record_keys(job)));
    CHECK(contains(task_names(larger), task_names(job)));
  }
  // More replicas keep the chains; only the joint records are new.
  const auto larger = record_keys(tests::job_of(text, nullptr, {"plan.replicas=3"}));
  std::size_t kept = 0;
  for (const auto key : record_keys(job)) kept += larger.count(key);
  CHECK(kept == sweeps::points(job).size() * 2 * 2);
}

TEST_CASE("everything physical changes the keys") {
  const auto keys = record_keys(tests::job_of(text));
  for (const char* other : {"random.seed=4", "dynamics.kind=metropolis", "dynamics.kind=nfold",
                            "dynamics.order=random", "dynamics.tie=random", "patterns.bias=1e-7",
                            "grid.T=[1e-7]", "grid.N=[41]", "grid.P=[2]", "start.pattern=1"}) {
    INFO(other);
    const auto others = record_keys(tests::job_of(text, nullptr, {other}));
    std::size_t common = 0;
    for (const auto key : others) common += keys.count(key);
    // Which pattern is cued does not concern chains that start at random.
    CHECK(common == (std::string(other) == "start.pattern=1" ? std::size_t{8 * 6} : 0));
  }
}

TEST_CASE("alpha = 0.1 and P = 100 at N = 1000 are one task") {
  const auto by = [](const std::string& load) {
    return tests::job_of("model.name = \"hopfield\"\ngrid = { N = 1000, " + load + ", T = 0.5 }\n");
  };
  CHECK(record_keys(by("alpha = 0.1")) == record_keys(by("P = 100")));
  CHECK(task_names(by("alpha = 0.1")) == task_names(by("P = 100")));
  CHECK(record_keys(by("alpha = 0.1001")) == record_keys(by("P = 100")));
  CHECK(record_keys(by("alpha = 0.1006")) == record_keys(by("P = 101")));
}

TEST_CASE("loads that round to one P are two points and one chain") {
  const sweeps::Job job =
      tests::job_of("model.name = \"hopfield\"\ngrid = { N = 100, alpha = [0.1, 0.101, 0.12], T = 0.5 }\n");
  const auto points = sweeps::points(job);
  CHECK(points.size() == 3);
  std::size_t chains = 0;
  for (const auto& task : sweeps::tasks(job, points)) chains += task.points.size();
  CHECK(chains == 2 * static_cast<std::size_t>(job.samples));
}

TEST_CASE("the user's patterns are named by their content") {
  const auto keys = [](std::uint64_t content) {
    auto table = std::make_shared<PatternTable>(tests::random_table(4, 12, 0, content));
    return record_keys(
        tests::job_of("model.name = \"hopfield\"\npatterns.file = \"a.npy\"\ngrid.T = 0.5\n", table));
  };
  CHECK(keys(1) == keys(1));
  CHECK(keys(1) != keys(2));
}

TEST_CASE("tasks start with the largest systems and name each sample once") {
  const sweeps::Job job = tests::job_of(text);
  const auto points = sweeps::points(job);
  const auto tasks = sweeps::tasks(job, points);
  CHECK(tasks.size() == 4 * 2);
  CHECK(task_names(job).size() == tasks.size());
  double previous = INFINITY;
  for (const auto& task : tasks) {
    const auto& actual = points[task.points.front()].actual;
    const double work = actual.at("N") * actual.at("P");
    CHECK(work <= previous);
    previous = work;
  }
}

namespace {

const std::string dense_text =
    "model = { name = \"dense\", form = [\"power\", \"distinct\"] }\n"
    "grid = { N = [30, 40], p = [3, 4], gamma = 0.1, T = 0.5 }\n";

std::string of_form(const char* form) { return std::string("model.form=[\"") + form + "\"]"; }

}  // namespace

TEST_CASE("a list of words is an axis before N, and each word has its own chains") {
  const sweeps::Job job = tests::job_of(dense_text);
  CHECK(sweeps::axes(job).front().name == "form");
  CHECK(sweeps::axes(job).front().is_label);
  const auto points = sweeps::points(job);
  REQUIRE(points.size() == 8);
  for (std::size_t p = 0; p < points.size(); ++p) {
    const std::string word = p < 4 ? "power" : "distinct";
    CHECK(points[p].at.front().label == word);
    CHECK(sweeps::chosen_word(job, points[p].at, "form") == word);
    CHECK(sweeps::shown_numbers(job, points[p]).count("form") == 0);
    // Of a load that has several names the results hold the one asked for.
    CHECK(points[p].actual.count("gamma_actual") == 1);
    CHECK(points[p].actual.count("alpha_actual") == 0);
  }
  auto one = record_keys(tests::job_of(dense_text, nullptr, {of_form("power")}));
  const auto other = record_keys(tests::job_of(dense_text, nullptr, {of_form("distinct")}));
  const std::size_t each = one.size();
  one.insert(other.begin(), other.end());
  CHECK(one.size() == 2 * each);
  CHECK(one == record_keys(job));
}

TEST_CASE("one word is no axis, and a load asked by any name is one chain") {
  const sweeps::Job job = tests::job_of(dense_text, nullptr, {"model.form=power"});
  CHECK(sweeps::axes(job).front().name == "N");
  CHECK(sweeps::chosen_word(job, sweeps::points(job).front().at, "form") == "power");
  const auto by = [](const std::string& load) {
    return record_keys(
        tests::job_of("model.name = \"dense\"\ngrid = { N = 100, p = 3, " + load + ", T = 0.5 }\n"));
  };
  CHECK(by("alpha = 0.06") == by("K = 600"));
  CHECK(by("gamma = 0.18") == by("K = 600"));
}

TEST_CASE("at p = 2 dense chains are those of the pairwise memory") {
  const std::string grid = "grid = { N = 50, alpha = 0.1, T = 0.5";
  CHECK(record_keys(tests::job_of("model.name = \"dense\"\n" + grid + ", p = 2 }\n")) ==
        record_keys(tests::job_of("model.name = \"hopfield\"\n" + grid + " }\n")));
}

TEST_CASE("words that no choice knows, and choices on the grid, are refused with their place") {
  CHECK_THROWS_WITH(tests::job_of(dense_text, nullptr, {"model.form=powr"}),
                    Catch::Contains("did you mean 'power'"));
  CHECK_THROWS_WITH(tests::job_of(dense_text, nullptr, {"grid.form=1"}), Catch::Contains("in [model]"));
  CHECK_THROWS_WITH(tests::job_of(dense_text, nullptr, {"model.name=hopfield"}),
                    Catch::Contains("unknown key 'form'"));
  CHECK_THROWS_WITH(sweeps::points(tests::job_of(dense_text, nullptr, {"model.form=exponential"})),
                    Catch::Contains("grid.p"));
}
