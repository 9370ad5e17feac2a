// Samples that do not fit are refused with their bytes before anything is drawn.
#include "sweeps/memory.hpp"

#include <catch2/catch.hpp>

#include "support/jobs.hpp"

using namespace mattis;
using Catch::Contains;

TEST_CASE("a sample is held against the memory there is") {
  const auto job = tests::job_of("model.name = \"dense\"\ngrid = { N = 200, K = 400000, p = 4, T = 0.5 }\n",
                                 nullptr, {"plan.replicas=2"});
  const auto points = sweeps::points(job);
  const double bytes = sweeps::task_memory(job, points.front());
  CHECK(bytes == Approx(200 * 50000 + 160 * 200 + 2 * (25 * 200 + 17 * 400000)));
  CHECK_NOTHROW(sweeps::require_memory(job, points, bytes));
  CHECK_THROWS_WITH(sweeps::require_memory(job, points, bytes - 1),
                    Contains("grid.K") && Contains("23642000 bytes"));
}

TEST_CASE("systems beyond any machine are refused at their load or size") {
  CHECK(sweeps::machine_memory() > 1e8);
  CHECK(sweeps::machine_memory() < 1e15);
  const auto refused = [](const std::string& text, const char* key) {
    const auto job = tests::job_of(text);
    CHECK_THROWS_WITH(sweeps::require_memory(job, sweeps::points(job), 1e9),
                      Contains(key) && Contains("bytes"));
  };
  refused("model.name = \"hopfield\"\ngrid = { N = 1000000, alpha = 0.1, T = 0.5 }\n", "grid.alpha");
  refused("model.name = \"dense\"\ngrid = { N = 2000, p = 4, gamma = 0.1, T = 0.5 }\n", "grid.gamma");
  refused("model.name = \"sk\"\ngrid = { N = 60000, T = 0.5 }\n", "grid.N");
  refused("model.name = \"pspin\"\ngrid = { N = 500, p = 4, T = 0.5 }\n", "grid.N");
}
