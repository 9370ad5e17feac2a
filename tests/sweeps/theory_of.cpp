// What theory is claimed for which point of a job, and where it keeps silent.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/theory/hopfield_1rsb.hpp"
#include "analysis/theory/hopfield_rs.hpp"
#include "support/jobs.hpp"
#include "support/patterns.hpp"
#include "sweeps/theory_of.hpp"

using namespace mattis;

namespace {

/// Theory's value at each point of a job on 1000 spins, NaN where nothing is claimed.
std::vector<double> claims(const std::string& more, const std::string& observable,
                           const std::string& component = "", const std::string& level = "rs") {
  const sweeps::Job job = tests::job_of("model.name = \"hopfield\"\n" + more,
                                        std::make_shared<PatternTable>(tests::random_table(50, 1000, 0, 3)));
  const auto theory = sweeps::theory_of(job);
  std::vector<double> all;
  for (const auto& point : sweeps::points(job)) {
    const auto value = theory({point.at, point.actual, point.disorder}, observable, component);
    if (value) CHECK(value->second == level);
    all.push_back(value ? value->first : NAN);
  }
  return all;
}

bool silent(const std::vector<double>& values) {
  for (const double value : values)
    if (!std::isnan(value)) return false;
  return !values.empty();
}

const std::string cold = "grid = { N = 1000, alpha = 0.05, T = 0.4 }\n";

}  // namespace

TEST_CASE("a cued chain is compared with the retrieval state") {
  CHECK(claims(cold, "retrieval_overlap").front() == Approx(0.96619).margin(5e-6));
  CHECK(claims(cold, "energy_per_spin").front() == Approx(-0.47669).margin(5e-6));
  const double m = claims(cold, "retrieval_overlap").front();
  CHECK(claims(cold, "overlap", "0").front() == m);
  CHECK(claims(cold, "overlap_squared", "0").front() == Approx(m * m));
  CHECK(silent(claims(cold, "overlap", "1")));
  const auto state = theory::solve_hopfield_rs(0.05, 0.4, theory::Phase::retrieval).state;
  REQUIRE(state);
  CHECK(claims(cold, "replica_overlap", "2").front() == Approx(state->q * state->q));
  CHECK(claims(cold, "replica_overlap", "1").front() == Approx(state->q));
}

TEST_CASE("nothing is claimed for a cued chain beyond the spinodal or from an imperfect cue") {
  CHECK(silent(claims("grid = { N = 1000, alpha = 0.05, T = 0.6 }\n", "energy_per_spin")));
  CHECK(silent(claims("grid = { N = 1000, alpha = 0.15, T = 0.0 }\n", "energy_per_spin")));
  CHECK(silent(claims(cold + "start.overlap = 0.9\n", "energy_per_spin")));
}

TEST_CASE("above T_g every chain is compared with the paramagnet") {
  // u of the paramagnet: alpha/2 - (alpha/2) / (1 - beta).
  const std::string hot =
      "grid = { N = 1000, alpha = 0.04, T = 1.5 }\nstart = { kind = [\"cued\", \"random\"], overlap = 0.3 "
      "}\n";
  for (const double u : claims(hot, "energy_per_spin")) CHECK(u == Approx(0.02 - 0.02 / (1 - 1 / 1.5)));
  for (const double m : claims(hot, "retrieval_overlap")) CHECK(m == 0);
  CHECK(silent(claims(hot, "overlap_abs", "0")));
}

TEST_CASE("the energy of a random start below T_g is bounded by the glass at one step of breaking") {
  const std::string glass = cold + "start.kind = \"random\"\n";
  const auto rs = theory::solve_hopfield_rs(0.05, 0.4, theory::Phase::spin_glass).state;
  const auto state = theory::solve_hopfield_1rsb(0.05, 0.4, theory::Phase::spin_glass).state;
  REQUIRE(rs);
  REQUIRE(state);
  CHECK(claims(glass, "energy_per_spin", "", "1rsb (bound)").front() == Approx(state->u));
  CHECK(state->u > rs->u);
  CHECK(claims(glass, "retrieval_overlap").front() == 0);
  for (const char* moment : {"1", "2", "4", "abs"}) CHECK(silent(claims(glass, "replica_overlap", moment)));
}

TEST_CASE("nothing is claimed for biased patterns or the user's own, beside random ones or alone") {
  CHECK(silent(claims(cold + "patterns.bias = 0.1\n", "energy_per_spin")));
  CHECK(silent(claims("grid = { P = 50, T = 0.4 }\npatterns.file = \"a.npy\"\n", "energy_per_spin")));
  const auto both = claims(
      "grid = { P = 50, T = 0.4 }\npatterns = { file = \"a.npy\", ensemble = [\"file\", \"rademacher\"] }\n",
      "energy_per_spin");
  REQUIRE(both.size() == 2);
  CHECK(std::isnan(both[0]));
  CHECK(both[1] == Approx(-0.47669).margin(5e-6));
}

TEST_CASE("theory stands at the load that was made, not at the one asked for") {
  const auto asked = claims("grid = { N = 1000, alpha = 0.0504, T = 0.4 }\n", "energy_per_spin");
  CHECK(asked == claims(cold, "energy_per_spin"));
}

TEST_CASE("nothing is claimed for what theory does not know") {
  for (const char* observable : {"acceptance", "retrieved", "free_spins", "sorted_overlap", "binder"})
    CHECK(silent(claims(cold, observable)));
}
