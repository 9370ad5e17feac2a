#include "engine/store/results_file.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "engine/error.hpp"
#include "engine/store/atomic_file.hpp"
#include "engine/store/hdf5_file.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;

namespace {

/// N = 500, 1000; alpha = 0.1, 0.14; start = cued, random. The value of a chain says where it belongs:
/// N + 10 alpha + 0.01 [random] + 1e-3 sample + 1e-4 replica.
ResultTable small_table() {
  ResultTable table;
  table.axes = {{"N", "1", "number of spins", false},
                {"alpha", "1", "load P / N", false},
                {"start", "", "where a chain begins", true}};
  table.observables = {{"energy_per_spin", "u", "J", "H / N", ""},
                       {"overlap", "m_mu", "1", "overlap with pattern mu", "mu"}};
  for (const double n : {1000.0, 500.0}) {
    for (const double alpha : {0.1, 0.14}) {
      for (const char* start : {"cued", "random"}) {
        const double p = std::floor(alpha * n + 0.5);
        table.points.push_back(
            {{{n, {}}, {alpha, {}}, {not_there, start}}, {{"N", n}, {"P", p}, {"alpha_actual", p / n}}, 1});
      }
    }
  }
  for (std::size_t point = 0; point < table.points.size(); ++point) {
    const auto& where = table.points[point].at;
    const double place = where[0].number + 10 * where[1].number + (where[2].label == "random" ? 0.01 : 0);
    Series energy{point, 0, "", {}, 0};
    for (int sample = 0; sample < 3; ++sample) {
      if (point == 0 && sample == 2) continue;  // not there yet
      for (int replica = 0; replica < 2; ++replica) {
        energy.values.push_back({sample, replica, place + 1e-3 * sample + 1e-4 * replica, 0.3, 2.0});
      }
    }
    table.series.push_back(energy);
    for (const char* mu : {"0", "12", "3"}) {
      table.series.push_back({point, 1, mu, {{0, 0, place + std::atoi(mu), not_there, not_there}}, 0});
    }
  }
  return table;
}

std::vector<EstimateRow> small_estimates(const ResultTable& table) {
  std::vector<EstimateRow> rows;
  for (std::size_t point = 0; point < table.points.size(); ++point) {
    const auto i = static_cast<double>(point);
    rows.push_back({point, 0, "", i, i + 0.1, i + 0.2, i + 0.3, i + 0.4, i + 0.5, Equilibrated::yes});
    rows.push_back({point, 1, "3", -i, 0.1, 0.2, 0.3, 0.4, not_there, Equilibrated::not_judged});
  }
  return rows;
}

Provenance small_provenance() {
  Provenance p = program_provenance();
  p.set("seed", "20261122");
  p.set("job_toml", "title = \"Überlapp\"\n[model]\nname = \"hopfield\"\n");
  p.set("job_resolved", std::string(100000, 'x'));
  return p;
}

const ExtrapolatedRow at_infinity{
    {{not_there, {}}, {0.14, {}}, {not_there, "cued"}}, 0, "", -0.5, 0.001, -0.501};

/// Exit code of the Python reader; 77 where its modules are missing.
int python_reads(const std::filesystem::path& file, const std::string& engine, const std::string& layout) {
  const std::string command = "/usr/bin/python3 '" MATTIS_SOURCE_DIR "/tests/store/read_results.py' '" +
                              file.string() + "' " + engine + " " + layout;
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void check_python(const std::filesystem::path& file, const std::string& layout) {
  for (const char* engine : {"h5netcdf", "netcdf4"}) {
    const int code = python_reads(file, engine, layout);
    if (code == 77) {
      WARN("skipped: python3 has no xarray with " << engine);
    } else {
      INFO("engine " << engine);
      CHECK(code == 0);
    }
  }
}

}  // namespace

TEST_CASE("results lie over the grid's axes, start and sample") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  const ResultTable table = small_table();
  write_results(path, table, small_estimates(table), std::span(&at_infinity, 1), small_provenance());
  const Hdf5File file = Hdf5File::open(path);
  CHECK(file.string_attribute("/", "schema") == "mattis-results/1");
  CHECK(file.read<double>("N") == std::vector<double>{500, 1000});
  CHECK(file.read<double>("alpha") == std::vector<double>{0.1, 0.14});
  CHECK(file.read_strings("start") == std::vector<std::string>{"cued", "random"});
  CHECK(file.read<std::int64_t>("mu") == std::vector<std::int64_t>{0, 3, 12});

  CHECK(file.shape("energy_per_spin") == Shape{2, 2, 2, 3});
  const auto energy = file.read<double>("energy_per_spin");
  const auto sample_error = file.read<double>("energy_per_spin_sample_error");
  for (std::size_t i = 0; i < energy.size(); ++i) {
    const std::size_t n = i / 12, alpha = i / 6 % 2, start = i / 3 % 2, sample = i % 3;
    if (n == 1 && alpha == 0 && start == 0 && sample == 2) {
      CHECK(std::isnan(energy[i]));
      CHECK(std::isnan(sample_error[i]));
      continue;
    }
    const double place = (n == 0 ? 500 : 1000) + (alpha == 0 ? 1.0 : 1.4) + 0.01 * static_cast<double>(start);
    CHECK(energy[i] == Approx(place + 1e-3 * static_cast<double>(sample) + 0.5e-4).epsilon(1e-14));
    CHECK(sample_error[i] == Approx(0.3 / std::sqrt(2.0)).epsilon(1e-14));
  }
  CHECK(file.read<std::int64_t>("energy_per_spin_samples") ==
        std::vector<std::int64_t>{3, 3, 3, 3, 2, 3, 3, 3});
  CHECK(file.read<double>("energy_per_spin_mean") == std::vector<double>{4, 5, 6, 7, 0, 1, 2, 3});
  CHECK(file.read<double>("energy_per_spin_theory")[4] == 0.5);
  CHECK(file.string_attribute("energy_per_spin_error", "units") == "J");
  CHECK(file.string_attribute("energy_per_spin_tau_int", "units") == "sweeps");
  CHECK(file.string_attribute("energy_per_spin", "definition") == "H / N");

  CHECK(file.shape("overlap") == Shape{2, 2, 2, 3, 3});
  CHECK(file.shape("overlap_mean") == Shape{2, 2, 2, 3});
  const auto overlap = file.read<double>("overlap");
  CHECK(overlap[1] == Approx(501 + 3));
  CHECK(std::isnan(overlap[3]));  // sample 1
  const auto overlap_mean = file.read<double>("overlap_mean");
  CHECK(std::isnan(overlap_mean[0]));
  CHECK(overlap_mean[1] == -4);

  CHECK(file.read<double>("alpha_actual") == std::vector<double>{0.1, 0.1, 0.14, 0.14, 0.1, 0.1, 0.14, 0.14});
  CHECK(file.shape("energy_per_spin_extrapolated") == Shape{2, 2});
  CHECK(file.read<double>("energy_per_spin_extrapolated")[2] == -0.5);
  CHECK(file.read<double>("energy_per_spin_extrapolated_error")[2] == 0.001);
  CHECK(std::isnan(file.read<double>("energy_per_spin_extrapolated")[0]));
  CHECK_FALSE(file.exists("overlap_extrapolated"));
}

TEST_CASE("xarray opens results by name and unit") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  const ResultTable table = small_table();
  write_results(path, table, small_estimates(table), std::span(&at_infinity, 1), small_provenance());
  check_python(path, "product");
}

TEST_CASE("points that are no product lie along one dimension") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  ResultTable table = small_table();
  table.points.pop_back();
  std::erase_if(table.series, [](const Series& s) { return s.point == 7; });
  auto estimates = small_estimates(table);
  write_results(path, table, estimates, std::span(&at_infinity, 1), small_provenance());
  {
    const Hdf5File file = Hdf5File::open(path);
    CHECK(file.shape("energy_per_spin") == Shape{7, 3});
    CHECK(file.read<double>("N") == std::vector<double>{1000, 1000, 1000, 1000, 500, 500, 500});
    CHECK(file.read<double>("energy_per_spin_mean") == std::vector<double>{0, 1, 2, 3, 4, 5, 6});
    CHECK(file.read<double>("energy_per_spin_extrapolated") == std::vector<double>{-0.5});
    CHECK(file.read_strings("extrapolated_start") == std::vector<std::string>{"cued"});
  }
  check_python(path, "points");
}

TEST_CASE("provenance comes back from the file") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  const Provenance given = small_provenance();
  write_results(path, small_table(), {}, {}, given);
  const Provenance back = read_provenance(path);
  CHECK(back.entries().size() == given.entries().size());
  for (const auto& [key, value] : given.entries()) CHECK(back.get(key) == value);
}

TEST_CASE("an unfinished or empty table is a file too") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  ResultTable table = small_table();
  table.series.clear();
  write_results(path, table, {}, {}, {});
  CHECK(Hdf5File::open(path).shape("energy_per_spin") == Shape{2, 2, 2, 0});
  write_results(path, {}, {}, {}, {});
  CHECK(Hdf5File::open(path).exists("provenance"));
}

TEST_CASE("the same results are the same bytes, and a failure leaves the old file") {
  const TemporaryDirectory dir;
  const auto path = dir / "results.h5";
  const ResultTable table = small_table();
  const auto write = [&] {
    write_results(path, table, small_estimates(table), std::span(&at_infinity, 1), {});
    return read_file(path);
  };
  const auto first = write();
  CHECK(first == write());
  ResultTable twice = table;
  twice.observables[1].name = "energy_per_spin";  // a name cannot be given twice
  CHECK_THROWS_AS(write_results(path, twice, {}, {}, {}), mattis::EnvironmentError);
  CHECK(first == read_file(path));
}
