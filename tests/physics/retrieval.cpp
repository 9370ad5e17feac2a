// Deep in retrieval, overlap and energy extrapolated in N are those of Amit, Gutfreund and Sompolinsky.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "analysis/estimates/chi_squared.hpp"
#include "analysis/estimates/disorder_average.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"
#include "sweeps/theory_of.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace mattis;

struct Point {
  double alpha, temperature, m,
      u;  // m, u: replica-symmetric values, from PHYSICS of the model (AGS 1987), five digits
};
constexpr Point points[] = {{0.05, 0.4, 0.96619, -0.47669},
                            {0.03, 0.5, 0.93605, -0.44835},
                            {0.08, 0.25, 0.98987, -0.49611},
                            {0.10, 0.15, 0.99434, -0.49945}};

struct Extrapolated {
  analysis::Estimate m, u;
  std::vector<analysis::CovariancePart> parts;  // covariance of (m, u), one part per size
  double lost = 0;
};

/// Covariance of two means over the same samples.
double covariance(const analysis::SampleMeans& x, const analysis::SampleMeans& y) {
  const auto n = static_cast<double>(x.value.size());
  double mean_x = 0, mean_y = 0, sum = 0;
  for (std::size_t s = 0; s < x.value.size(); ++s) {
    mean_x += x.value[s] / n;
    mean_y += y.value[s] / n;
  }
  for (std::size_t s = 0; s < x.value.size(); ++s) sum += (x.value[s] - mean_x) * (y.value[s] - mean_y);
  return sum / (n * (n - 1));
}

/// The extrapolations are sums of means with weights: so is their covariance.
std::vector<analysis::CovariancePart> covariance_parts(const store::ResultTable& table,
                                                       const Extrapolated& found) {
  std::vector<analysis::CovariancePart> parts;
  for (const analysis::Term& m : found.m.terms)
    for (const analysis::Term& u : found.u.terms) {
      if (table.series[m.series].point != table.series[u.series].point) continue;
      const auto sm = analysis::sample_means(table.series[m.series]),
                 su = analysis::sample_means(table.series[u.series]);
      analysis::CovariancePart part{
          {0, 1}, analysis::SymmetricMatrix(2), static_cast<double>(sm.value.size()) - 1};
      part.covariance.set(0, 0, m.weight * m.weight * covariance(sm, sm));
      part.covariance.set(0, 1, m.weight * u.weight * covariance(sm, su));
      part.covariance.set(1, 1, u.weight * u.weight * covariance(su, su));
      parts.push_back(std::move(part));
    }
  return parts;
}

Extrapolated simulate(const Point& point, const std::string& sizes, int samples, int sweeps) {
  const std::string text = fmt::format(R"(
[model]
name = "hopfield"
[grid]
N = {}
alpha = {}
T = {}
[plan]
burn_in = {}
sweeps = {}
samples = {}
[measure]
observables = ["energy_per_spin", "retrieval_overlap", "retrieval_lost"]
cut = 0.6
condition = "retained"
[random]
seed = 20261123
)",
                                       sizes, point.alpha, point.temperature, sweeps / 4, sweeps, samples);
  const sweeps::Job job = sweeps::parse_job(text, "retrieval.toml", {}, {});
  const TemporaryDirectory directory;
  std::atomic<bool> never{false};
  const auto alone = sweeps::one_rank();
  sweeps::run(job, directory / "results", {.threads = 0, .is_quiet = true}, never, *alone);
  const sweeps::Loaded loaded = sweeps::load(directory / "results");
  const auto table = sweeps::result_table(loaded.job, loaded.points, loaded.records);
  Extrapolated result;
  double chains = 0;
  for (const auto& e : analysis::compare(table, sweeps::theory_of(job)).estimates) {
    if (e.observable == "retrieval_lost" && e.point != analysis::no_point) {
      result.lost += e.mean * e.samples;
      chains += e.samples;
    }
    if (e.point != analysis::no_point) continue;
    if (e.observable == "retrieval_overlap") result.m = e;
    if (e.observable == "energy_per_spin") result.u = e;
  }
  result.lost /= chains;
  result.parts = covariance_parts(table, result);
  return result;
}

/// All four points: each |z| < 3 with an error below 0.001 (false alarm 2 % for the eight), and all eight numbers at
/// once with the covariance of m and u, p > 0.001.
void check_all(const std::string& sizes, int samples, int sweeps) {
  std::vector<double> residual;
  std::vector<analysis::CovariancePart> parts;
  for (const Point& point : points) {
    Extrapolated found = simulate(point, sizes, samples, sweeps);
    REQUIRE(found.m.theory);
    REQUIRE(found.u.theory);
    CHECK(*found.m.theory == Approx(point.m).margin(1e-5));
    CHECK(*found.u.theory == Approx(point.u).margin(1e-5));
    const double d_m = found.m.mean - *found.m.theory, d_u = found.u.mean - *found.u.theory;
    WARN(
        fmt::format("alpha = {}, T = {}: m = {:.5f} +- {:.5f} (z = {:+.2f}), u = {:.5f} +- {:.5f} (z = "
                    "{:+.2f}), {:.4f} of the "
                    "chains left retrieval, none averaged in",
                    point.alpha, point.temperature, found.m.mean, found.m.error, d_m / found.m.error,
                    found.u.mean, found.u.error, d_u / found.u.error, found.lost));
    CHECK(found.m.error < 0.001);
    CHECK(found.u.error < 0.001);
    CHECK(std::abs(d_m) < 3 * found.m.error);
    CHECK(std::abs(d_u) < 3 * found.u.error);
    for (analysis::CovariancePart& part : found.parts) {
      for (std::size_t& index : part.where) index += residual.size();
      parts.push_back(std::move(part));
    }
    residual.insert(residual.end(), {d_m, d_u});
  }
  const analysis::ChiSquared all = analysis::chi_squared(residual, parts);
  WARN(fmt::format("all eight: chi-squared = {:.2f}, p = {:.3f}", all.value, all.p_value));
  CHECK(all.p_value > 0.001);
}

}  // namespace

TEST_CASE("retrieval at four points: m and u extrapolated in N agree with replica symmetry", "[default]") {
  check_all("[1000, 1414, 2000, 4000]", 96, 200);
}

TEST_CASE("retrieval at four points, larger systems", "[long]") {
  check_all("[2000, 4000, 8000, 16000]", 128, 1000);
}
