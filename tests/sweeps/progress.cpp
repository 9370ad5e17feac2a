// How far a run says it is.
#include "sweeps/progress.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "support/jobs.hpp"
#include "support/temporary_directory.hpp"

using namespace mattis;

TEST_CASE("work inside tasks counts before the first task is done") {
  const TemporaryDirectory directory;
  sweeps::Progress progress(directory.path(), 4, 400, 0, 0, 2, true);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  progress.inside(0, 30);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  progress.inside(1, 50);
  sweeps::ProgressLine line;
  REQUIRE(sweeps::Progress::read_last(directory.path(), line));
  CHECK(line.tasks_done == 0);
  CHECK(line.tasks_under_way == 2);
  CHECK(line.percent == Approx(20));
  CHECK(line.seconds_left == Approx(4 * line.seconds));
  CHECK(line.tasks_per_second == Approx(0.8 / line.seconds));
  CHECK(sweeps::age(line) < 60);
  progress.finish("interrupted");
  REQUIRE(sweeps::Progress::read_last(directory.path(), line));
  CHECK(line.tasks_under_way == 0);
}

TEST_CASE("a task tells how far it is, from nothing to all") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"hopfield\"\ngrid = { N = 1000, P = 200, T = [0.2, 0.4] }\nplan = { sweeps = 20, "
      "samples = 1 }\n");
  const auto points = sweeps::points(job);
  const std::atomic<bool> never{false};
  std::vector<double> told;
  sweeps::run_task(job, points, sweeps::tasks(job, points).front(), {}, never,
                   [&](double share) { told.push_back(share); });
  REQUIRE(told.size() >= 4);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.front() < 0.5);
  CHECK(told.back() <= 1);
  CHECK(told.back() > 0.5);
}
