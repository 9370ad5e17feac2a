// Which panels a job gets, and what is drawn in them.
#include "sweeps/figures_of.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "support/jobs.hpp"

using namespace mattis;

namespace {

std::vector<Figure> figures(const std::string& text) {
  const sweeps::Job job = tests::job_of(
      "title = \"a title\"\nmodel.name = \"hopfield\"\nplan = { sweeps = 40, samples = 4 }\n" + text);
  const auto table = sweeps::result_table(job, sweeps::points(job), tests::run_all(job));
  return sweeps::figures_of(job, sweeps::make_statements(job, table), "small print");
}

const Figure& panel(const std::vector<Figure>& all, const std::string& label) {
  for (const Figure& figure : all)
    if (figure.y_label == label) return figure;
  FAIL("no panel " << label);
  return all.front();
}

std::size_t count(const Figure& figure, Curve::Style style) {
  std::size_t n = 0;
  for (const Curve& curve : figure.curves) n += curve.style == style;
  return n;
}

}  // namespace

TEST_CASE("against T: a curve per size, the theory line and T_M") {
  const auto all = figures("grid = { N = [40, 80], alpha = 0.05, T = [0.2, 0.3, 0.4] }\n");
  const Figure& m = panel(all, "retrieval overlap m");
  CHECK(m.x_label == "temperature T");
  CHECK(count(m, Curve::Style::points) == 2);
  CHECK(count(m, Curve::Style::line) == 1);
  REQUIRE(m.marks.size() == 1);
  CHECK(m.marks.front().x == Approx(0.54226).margin(1e-5));
  for (const Curve& curve : m.curves) {
    CHECK(curve.x.size() == curve.y.size());
    CHECK(std::is_sorted(curve.x.begin(), curve.x.end()));
    if (curve.style != Curve::Style::points) continue;
    CHECK(curve.x == std::vector<double>{0.2, 0.3, 0.4});
    CHECK(curve.error.size() == 3);
  }
  CHECK(panel(all, "energy per spin u").curves.size() == 3);
  CHECK(all.front().title == "a title");
  CHECK(all.back().caption == "small print");
}

TEST_CASE("against the load: the actual load, and both levels of capacity at T = 0") {
  const auto all = figures("grid = { N = 40, alpha = [0.05, 0.11, 0.16], T = 0.0 }\n");
  const Figure& m = panel(all, "retrieval overlap m");
  CHECK(m.x_label == "load alpha = P/N");
  REQUIRE_FALSE(m.marks.empty());
  CHECK(m.marks.front().x == Approx(0.137906).margin(1e-6));
  CHECK(m.curves.front().x == std::vector<double>{2.0 / 40, 4.0 / 40, 6.0 / 40});
}

TEST_CASE("biased patterns get no theory line") {
  const auto all = figures("grid = { N = 40, alpha = 0.05, T = [0.2, 0.3] }\npatterns.bias = 0.3\n");
  CHECK(count(panel(all, "retrieval overlap m"), Curve::Style::line) == 0);
}

TEST_CASE("starts and loads are curves of their own") {
  const auto all =
      figures("grid = { N = 40, P = [2, 4], T = [0.2, 0.3, 0.4] }\nstart.kind = [\"cued\", \"random\"]\n");
  CHECK(count(panel(all, "retrieval overlap m"), Curve::Style::points) == 4);
}

TEST_CASE("basins are drawn against the initial overlap") {
  const auto all = figures("grid = { N = 40, P = 2, T = 0.0 }\nstart.overlap = [0.2, 0.6, 1.0]\n");
  CHECK(panel(all, "retrieval overlap m").x_label == "initial overlap");
}

TEST_CASE("a capacity job gets a panel of its estimates") {
  const auto all = figures(
      "grid = { N = [30, 60], alpha = [0.05, 0.1, 0.15, 0.2, 0.3], T = 0.0 }\n[analysis.capacity]\nlevel = "
      "0.5\n");
  const Figure& capacity = all.back();
  CHECK(capacity.x_label == "N^-0.5");
  CHECK(capacity.y_label == "load alpha");
  CHECK(capacity.caption == "small print");
}

TEST_CASE("nothing measured, nothing drawn") {
  const sweeps::Job job = tests::job_of("model.name = \"hopfield\"\ngrid = { N = 40, P = 2, T = 0.5 }\n");
  const auto table = sweeps::result_table(job, sweeps::points(job), {});
  CHECK(sweeps::figures_of(job, sweeps::make_statements(job, table), "").empty());
}
