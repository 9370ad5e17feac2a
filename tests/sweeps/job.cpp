// A job written out: what is physics, and may not change under results, and what may grow.
#include "sweeps/job.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "support/jobs.hpp"

using namespace mattis;

namespace {

const std::string text = "model.name = \"hopfield\"\ngrid = { N = 50, alpha = 0.1, T = [0.0, 0.5] }\n";

sweeps::Job job_with(const std::string& override_) { return tests::job_of(text, nullptr, {override_}); }

}  // namespace

TEST_CASE("grid, samples, replicas, sweeps and the title are no physics") {
  const auto base = sweeps::physics(tests::job_of(text));
  for (const char* same :
       {"grid.N=60", "grid.alpha=0.2", "grid.T=[0.0, 0.9]", "plan.samples=50", "plan.sweeps=5000",
        "title=other", "start.kind=random", "analysis.capacity.level=0.4"}) {
    INFO(same);
    CHECK(sweeps::physics(job_with(same)) == base);
  }
}

TEST_CASE("dynamics, patterns, burn-in, measurements and the seed are physics") {
  const auto base = sweeps::physics(tests::job_of(text));
  for (const char* other :
       {"dynamics.kind=metropolis", "dynamics.kind=nfold", "dynamics.order=random", "dynamics.tie=random",
        "patterns.bias=0.1", "plan.burn_in=5", "measure.every=2", "measure.cut=0.8", "measure.patterns=[1]",
        "measure.observables=[\"binder\"]", "random.seed=1", "start.pattern=1"}) {
    INFO(other);
    CHECK(sweeps::physics(job_with(other)) != base);
  }
}

TEST_CASE("everything a job was resolved to is written out once") {
  const auto all = sweeps::resolved(tests::job_of(text));
  std::map<std::string, std::string> entries(all.begin(), all.end());
  CHECK(entries.size() == all.size());
  CHECK(entries.at("grid.N") == "[50]");
  CHECK(entries.at("grid.T") == "[0, 0.5]");
  CHECK(entries.at("plan.sweeps") == "1000");
  CHECK(entries.at("dynamics.kind") == "\"glauber\"");
  CHECK(entries.at("random.seed") == "0");
}
