// Whether a job may go on in a directory of results.
#include "sweeps/directory.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/jobs.hpp"
#include "support/patterns.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis;
using Catch::Matchers::Contains;

namespace {

const std::string text =
    "model.name = \"hopfield\"\ngrid = { N = 50, P = 5, T = 0.5 }\nplan = { sweeps = 100, burn_in = 10 }\n";

sweeps::Job job_with(const std::vector<std::string>& overrides = {}) {
  return tests::job_of(text, nullptr, overrides);
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a directory is named after its job unless told otherwise") {
  sweeps::Job job = job_with();
  job.file = "some/where/capacity.toml";
  CHECK(sweeps::results_directory(job, "") == "capacity");
  CHECK(sweeps::results_directory(job, "else/where") == "else/where");
}

TEST_CASE("what may grow, grows") {
  for (const char* more : {"grid.N=[50, 60]", "grid.N=60", "grid.T=[0.1, 0.5]", "grid.T=[0.0, 0.5]",
                           "plan.samples=90", "plan.replicas=3", "plan.sweeps=200", "title=other",
                           "start.kind=[\"cued\", \"random\"]", "start.overlap=[0.5, 1.0]"}) {
    TemporaryDirectory directory;
    INFO(more);
    sweeps::adopt(directory.path(), job_with());
    CHECK_NOTHROW(sweeps::adopt(directory.path(), job_with()));
    CHECK_NOTHROW(sweeps::adopt(directory.path(), job_with({more})));
    CHECK(sweeps::resolved(sweeps::job_of(directory.path())) == sweeps::resolved(job_with({more})));
  }
}

TEST_CASE("other physics is refused with the difference, and nothing is touched") {
  const std::vector<std::pair<std::string, std::string>> refused{
      {"plan.burn_in=20", "plan.burn_in: the results have 10, the job says 20"},
      {"plan.sweeps=99", "plan.sweeps: the results have 100, the job says 99"},
      {"dynamics.kind=metropolis",
       "dynamics.kind: the results have \"glauber\", the job says \"metropolis\""},
      {"dynamics.order=random", "dynamics.order"},
      {"dynamics.tie=random", "dynamics.tie"},
      {"patterns.bias=0.1", "patterns.bias: the results have 0, the job says 0.1"},
      {"start.kind=random", "start: the results have cued 1, the job has not"},
      {"start.overlap=0.5", "start: the results have cued 1, the job has not"},
      {"start.pattern=1", "start.pattern"},
      {"measure.every=2", "measure.every"},
      {"measure.cut=0.5", "measure.cut"},
      {"measure.observables=[\"binder\"]", "measure.observables"},
      {"random.seed=9", "random.seed: the results have 0, the job says 9"},
  };
  TemporaryDirectory directory;
  sweeps::adopt(directory.path(), job_with());
  const std::string before = bytes_of(directory / "job.json");
  for (const auto& [other, message] : refused) {
    INFO(other);
    CHECK_THROWS_WITH(sweeps::adopt(directory.path(), job_with({other})), Contains(message));
    CHECK_THROWS_AS(sweeps::adopt(directory.path(), job_with({other})), InputError);
    CHECK(bytes_of(directory / "job.json") == before);
  }
  CHECK_THROWS_WITH(sweeps::adopt(directory.path(), job_with({"random.seed=9", "plan.burn_in=1"})),
                    Contains("random.seed") && Contains("plan.burn_in"));
}

TEST_CASE("other patterns in the user's file are other physics") {
  const auto job = [](std::uint64_t content) {
    return tests::job_of("model.name = \"hopfield\"\npatterns.file = \"a.npy\"\ngrid.T = 0.5\n",
                         std::make_shared<PatternTable>(tests::random_table(4, 12, 0, content)));
  };
  TemporaryDirectory directory;
  sweeps::adopt(directory.path(), job(1));
  CHECK_NOTHROW(sweeps::adopt(directory.path(), job(1)));
  CHECK_THROWS_WITH(sweeps::adopt(directory.path(), job(2)), Contains("patterns.content"));
  // The file itself is not needed to read the results.
  const sweeps::Job there = sweeps::job_of(directory.path());
  CHECK(sweeps::points(there).front().chain_name == sweeps::points(job(1)).front().chain_name);
}

TEST_CASE("a directory without results, or with damaged ones, says so") {
  TemporaryDirectory directory;
  CHECK_THROWS_WITH(sweeps::job_of(directory.path()), Contains("holds no results of mattis"));
  for (const char* damage : {"", "{", "{\"schema\": \"other\"}", "{\"schema\": \"mattis-job/1\"}", "[]",
                             "null", "{\"schema\": 3}"}) {
    INFO(damage);
    std::ofstream(directory / "job.json") << damage;
    CHECK_THROWS_AS(sweeps::adopt(directory.path(), job_with()), EnvironmentError);
    CHECK_THROWS_AS(sweeps::job_of(directory.path()), EnvironmentError);
  }
}
