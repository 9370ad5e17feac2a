// Which panels a job gets, and what is drawn in them.
#include "sweeps/figures_of.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/catalogue.hpp"
#include "models/coupling_file.hpp"
#include "support/jobs.hpp"
#include "sweeps/theory_of.hpp"

using namespace mattis;
using Catch::Matchers::Contains;

namespace {

std::vector<Figure> figures(const std::string& text) {
  const sweeps::Job job = tests::job_of(
      "title = \"a title\"\nmodel.name = \"hopfield\"\nplan.sweeps = 40\nplan.samples = 4\n" + text);
  const auto table = sweeps::result_table(job, sweeps::points(job), tests::run_all(job));
  return sweeps::figures_of(job, sweeps::make_statements(job, table), "small print");
}

const Figure& panel(const std::vector<Figure>& all, const std::string& label) {
  for (const Figure& figure : all)
    if (figure.y_label == label) return figure;
  FAIL("no panel " << label);
  return all.front();
}

/// A ferromagnet of eight spins, for the models that take couplings.
std::shared_ptr<const CouplingTable> couplings() {
  auto table = std::make_shared<CouplingTable>();
  table->size = 8;
  table->couplings.assign(64, 0.125);
  for (std::size_t i = 0; i < 8; ++i) table->couplings[9 * i] = 0;
  table->fields.assign(8, 0);
  return table;
}

/// The least that a job of the model says, at two temperatures.
std::string job_of_model(const ModelEntry& model) {
  std::string grid = model.disorder == DisorderSource::couplings ? "" : "N = [16, 24], ";
  for (const GridAxis& axis : model.axes) {
    const std::string& name = axis.one_of.front().name;
    if (name == "p")
      grid += "p = 3, ";
    else if (!axis.otherwise)
      grid += name + " = 2, ";
  }
  const std::string source =
      model.disorder == DisorderSource::couplings ? "couplings.file = \"couplings.npy\"\n" : "";
  return "model.name = \"" + model.name + "\"\n" + source + "grid = { " + grid +
         "T = [1.5, 2.0] }\nplan = { sweeps = 20, samples = 3, replicas = 2 }\n";
}

const Curve& theory_line(const Figure& figure) {
  for (const Curve& curve : figure.curves)
    if (curve.title.find("theory") != std::string::npos) return curve;
  FAIL("no theory in the panel " << figure.y_label);
  return figure.curves.front();
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
  CHECK(all.back().caption == "hopfield; N = 40, 80; 4 samples, replicas: 1; seed 0; small print");
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

TEST_CASE("loads are curves of their own, starts have their panels", "[default]") {
  const auto all =
      figures("grid = { N = 40, P = [2, 4], T = [0.2, 0.3, 0.4] }\nstart.kind = [\"cued\", \"random\"]\n");
  std::size_t panels = 0;
  for (const Figure& figure : all)
    if (figure.y_label == "retrieval overlap m") CHECK((++panels, count(figure, Curve::Style::points) == 2));
  CHECK(panels == 2);
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
  CHECK(capacity.title == "capacity at T = 0");
  CHECK_THAT(capacity.caption, Contains("small print"));
}

TEST_CASE("nothing measured, nothing drawn") {
  const sweeps::Job job = tests::job_of("model.name = \"hopfield\"\ngrid = { N = 40, P = 2, T = 0.5 }\n");
  const auto table = sweeps::result_table(job, sweeps::points(job), {});
  CHECK(sweeps::figures_of(job, sweeps::make_statements(job, table), "").empty());
}

TEST_CASE("every model of the catalogue has figures") {
  for (const ModelEntry& model : catalogue()) {
    INFO(model.name);
    const sweeps::Job job =
        sweeps::parse_job(job_of_model(model), "job.toml", {},
                          {{}, [](const std::string&, const std::string&) { return couplings(); }});
    const auto table = sweeps::result_table(job, sweeps::points(job), tests::run_all(job));
    const auto all = sweeps::figures_of(job, sweeps::make_statements(job, table), "");
    const Figure& u = panel(all, "energy per spin u");
    CHECK(u.x_label == "temperature T");
    CHECK(count(u, Curve::Style::points) == (model.disorder == DisorderSource::couplings ? 1 : 2));
    CHECK(count(u, Curve::Style::line) == (sweeps::theory_of(job) ? 1 : 0));
  }
}

TEST_CASE("the energy of the Sherrington-Kirkpatrick paramagnet is its theory line") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"sk\"\ngrid = { N = 16, T = [1.5, 2.0] }\nplan = { sweeps = 5, samples = 2 }\n");
  const auto table = sweeps::result_table(job, sweeps::points(job), tests::run_all(job));
  const auto all = sweeps::figures_of(job, sweeps::make_statements(job, table), "");
  const Curve& line = theory_line(panel(all, "energy per spin u"));
  for (std::size_t k = 0; k < line.x.size(); ++k) CHECK(line.y[k] == Approx(-0.5 / line.x[k]));
}

TEST_CASE("in a field the theory of SK is a line along h") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"sk\"\ngrid = { N = 16, h = [0.0, 0.5, 1.0], T = 1.5 }\nplan = { sweeps = 5, samples = "
      "2 }\n");
  const auto table = sweeps::result_table(job, sweeps::points(job), tests::run_all(job));
  const auto all = sweeps::figures_of(job, sweeps::make_statements(job, table), "");
  CHECK(theory_line(panel(all, "magnetisation")).x.size() > 50);
}

TEST_CASE("theory is drawn at a single point too, as a cross with its key") {
  for (const char* sizes : {"40", "[40, 80]"}) {
    const auto all = figures(std::string("grid = { N = ") + sizes + ", alpha = 0.05, T = 0.3 }\n");
    const Figure& m = panel(all, "retrieval overlap m");
    const Curve& cross = theory_line(m);
    CHECK(cross.style == Curve::Style::cross);
    REQUIRE(cross.y.size() >= 1);
    CHECK(cross.y.front() > 0.9);
    REQUIRE_FALSE(m.legend.empty());
    CHECK(m.legend.back().title == "theory (rs)");
  }
}

TEST_CASE("colour is the parameter, the symbol is N, in every panel; starts have panels of their own",
          "[default]") {
  const auto all = figures(
      "grid = { N = [40, 80], alpha = [0.05, 0.1, 0.15], T = [0.1, 0.2] }\nstart.kind = [\"cued\", "
      "\"random\"]\n");
  std::size_t panels = 0;
  for (const Figure& figure : all) {
    if (figure.y_label != "retrieval overlap m") continue;
    ++panels;
    CHECK_THAT(figure.title, Contains(panels == 1 ? "cued" : "random"));
    CHECK(count(figure, Curve::Style::points) == 4);
    for (const Curve& curve : figure.curves) {
      if (curve.style != Curve::Style::points) continue;
      CHECK(curve.marker == (curve.title.find("N = 40") == 0 ? 0 : 1));
      CHECK(curve.group == (curve.title.find("T = 0.1") != std::string::npos ? 0 : 1));
    }
    CHECK(figure.legend.size() >= 4);  // two colours and two symbols, not four pairs
  }
  CHECK(panels == 2);
}

TEST_CASE("of more values than colours, six are drawn and the title says so") {
  const auto all = figures(
      "grid = { N = 40, alpha = [0.05, 0.1], T = [0.1, 0.2, 0.3] }\nstart.overlap = [0.1, 0.2, 0.3, 0.4, "
      "0.5, 0.6, 0.7, 0.8]\n"
      "measure.observables = [\"retrieval_overlap\"]\n");
  CHECK(all.size() == 2);  // x: the overlap, colour: T, panels: alpha
  const auto many = figures(
      "grid = { N = 40, alpha = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35], T = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, "
      "0.7, 0.8] }\n"
      "measure.observables = [\"retrieval_overlap\"]\n");
  REQUIRE(many.size() == 1);
  CHECK_THAT(many.front().title, Contains("6 of 7 values of alpha"));
  CHECK(count(many.front(), Curve::Style::points) == 6);
}

TEST_CASE("a capacity that nothing was read off has no panel, the others say their T") {
  const auto all = figures(
      "grid = { N = [30, 60], alpha = [0.02, 0.05], T = [0.1, 0.3] }\n[analysis.capacity]\nlevel = 0.5\n");
  for (const Figure& figure : all) CHECK(figure.y_label != "load alpha");
  const auto two = figures(
      "grid = { N = [30, 60], alpha = [0.05, 0.1, 0.15, 0.2, 0.3], T = [0.0, 0.1] "
      "}\n[analysis.capacity]\nlevel = 0.5\n");
  std::vector<std::string> titles;
  for (const Figure& figure : two)
    if (figure.y_label == "load alpha") titles.push_back(figure.title);
  CHECK(titles == std::vector<std::string>{"capacity at T = 0", "capacity at T = 0.1"});
}

TEST_CASE("the small print says what is drawn, not what was asked for") {
  const sweeps::Job job = tests::job_of(
      "model.name = \"hopfield\"\ngrid = { N = [40, 80], P = 2, T = 0.5 }\nplan = { sweeps = 5, samples = 9 "
      "}\n");
  const auto points = sweeps::points(job);
  const std::atomic<bool> never{false};
  sweeps::Records records;
  for (const sweeps::Task& task : sweeps::tasks(job, points))
    if (points[task.points.front()].actual.at("N") == 40 && task.sample < 7)
      tests::keep(records, sweeps::run_task(job, points, task, {}, never));
  const auto all =
      sweeps::figures_of(job, sweeps::make_statements(job, sweeps::result_table(job, points, records)), "");
  REQUIRE_FALSE(all.empty());
  CHECK_THAT(all.back().caption, Contains("N = 40; 7 samples"));
}

TEST_CASE("the overlap histogram alone is drawn, bins with their errors") {
  const auto all = figures(
      "grid = { N = [16, 32], P = 2, T = [0.5, 1.5] }\nplan.replicas = 2\nmeasure.observables = "
      "[\"overlap_histogram\"]\n");
  REQUIRE(all.size() == 1);
  CHECK(all.front().x_label == "replica overlap q");
  REQUIRE(count(all.front(), Curve::Style::points) == 2);
  const Curve& bins = all.front().curves.front();
  CHECK(bins.title == "T = 0.5");
  CHECK(bins.x.size() == 40);
  CHECK(bins.error.size() == 40);
  double area = 0;
  for (const double density : bins.y) area += density * 0.05;
  CHECK(area == Approx(1));
}

TEST_CASE("an observable without a place of its own is drawn where there is no other") {
  CHECK(figures("grid = { N = 40, P = 2, T = [0.5, 1.0] }\nmeasure.observables = [\"acceptance\"]\n")
            .front()
            .y_label == "acceptance");
}
