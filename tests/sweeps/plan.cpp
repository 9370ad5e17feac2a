// What a plan promises, held to what a run does.
#include "sweeps/plan.hpp"

#include <catch2/catch.hpp>

#include "support/jobs.hpp"

using namespace mattis;

namespace {

double sweeps_done(const sweeps::Job& job) {
  double sum = 0;
  for (const auto& [key, record] : tests::run_all(job)) sum += static_cast<double>(record.sweeps_done);
  return sum;
}

}  // namespace

TEST_CASE("sweeps of chains that stop at a fixed point are foreseen within a factor of three") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"hopfield\"\ngrid = { N = [100, 200], alpha = [0.05, 0.1, 0.15, 0.2], T = 0.0 }\n"
      "plan = { sweeps = 2000, samples = 20, stop = \"fixed_point\" }\n");
  const sweeps::Plan plan = sweeps::make_plan(job, 2);
  const double done = sweeps_done(job);
  CAPTURE(plan.sweeps, done);
  CHECK(plan.sweeps < 3 * done);
  CHECK(done < 3 * plan.sweeps);
  CHECK(plan.probe_chains == 21);
}

TEST_CASE("at T > 0 every sweep is counted") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"hopfield\"\ngrid = { N = 40, P = [2, 4], T = [0.2, 0.5] }\n"
      "plan = { burn_in = 7, sweeps = 20, samples = 3, replicas = 2 }\n"
      "measure.observables = [\"energy_per_spin\"]\n");
  const sweeps::Plan plan = sweeps::make_plan(job, 1);
  CHECK(plan.sweeps == sweeps_done(job));
  CHECK(plan.sweeps == plan.chains * 27.0);
  CHECK(plan.seconds > 0);
}
