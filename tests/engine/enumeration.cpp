// Enumeration against closed forms: free spins, two spins, Curie-Weiss; replica overlaps by a double sum.
#include "engine/enumeration.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/error.hpp"
#include "engine/random_stream.hpp"

using namespace mattis;

namespace {

const std::vector<std::string> everything{
    "energy_per_spin", "retrieval_overlap", "overlap_abs", "overlap_squared", "energy_variance",
    "specific_heat",   "susceptibility",    "binder",      "replica_overlap"};

MeasurementPlan plan_at(double temperature) {
  MeasurementPlan plan;
  plan.observables = everything;
  plan.patterns = {0};
  plan.num_patterns = 1;
  plan.temperature = temperature;
  return plan;
}

double value(const std::vector<Measured>& all, const std::string& observable,
             const std::string& component = "") {
  for (const Measured& m : all)
    if (m.observable == observable && m.component == component) return m.value;
  FAIL("no " << observable << " " << component);
  return 0;
}

/// A model whose only pattern is s = +1 everywhere.
EnumerableModel with_magnetisation(SiteIndex n, std::function<double(std::span<const Spin>)> energy) {
  return {n, std::move(energy), [](std::span<const Spin> s) {
            std::int32_t sum = 0;
            for (const Spin x : s) sum += x;
            return std::vector<std::int32_t>{sum};
          }};
}

double magnetisation(std::span<const Spin> s) {
  double sum = 0;
  for (const Spin x : s) sum += x;
  return sum;
}

std::vector<Measured> averages(const EnumerableModel& model, double temperature) {
  const std::vector<MeasurementPlan> plans{plan_at(temperature)};
  return exact_averages(model, plans).front();
}

}  // namespace

TEST_CASE("free spins in a field: tanh") {
  constexpr double h = 0.7;
  for (const SiteIndex n : {1, 2, 5, 10})
    for (const double temperature : {0.3, 1.0, 5.0}) {
      const auto exact =
          averages(with_magnetisation(n, [](auto s) { return -h * magnetisation(s); }), temperature);
      const double t = std::tanh(h / temperature), t2 = t * t, second = 1.0 / n + (1 - 1.0 / n) * t2;
      CHECK(value(exact, "energy_per_spin") == Approx(-h * t).epsilon(1e-12));
      CHECK(value(exact, "energy_variance") == Approx(h * h * (1 - t2) / n).epsilon(1e-10));
      CHECK(value(exact, "specific_heat") ==
            Approx(h * h * (1 - t2) / (temperature * temperature)).epsilon(1e-10));
      CHECK(value(exact, "susceptibility") == Approx((1 - t2) / temperature).epsilon(1e-10));
      CHECK(value(exact, "overlap_squared", "0") == Approx(second).epsilon(1e-12));
      CHECK(value(exact, "replica_overlap", "1") == Approx(t2).epsilon(1e-12));
      CHECK(value(exact, "replica_overlap", "2") == Approx(1.0 / n + (1 - 1.0 / n) * t2 * t2).epsilon(1e-12));
    }
}

TEST_CASE("two coupled spins") {
  const auto exact = averages(with_magnetisation(2, [](auto s) { return -1.5 * s[0] * s[1]; }), 0.8);
  const double c = std::tanh(1.5 / 0.8);  // <s_1 s_2>
  CHECK(value(exact, "energy_per_spin") == Approx(-0.75 * c).epsilon(1e-13));
  CHECK(value(exact, "energy_variance") == Approx(0.75 * 0.75 * (1 - c * c)).epsilon(1e-12));
  CHECK(value(exact, "overlap_squared", "0") == Approx((1 + c) / 2).epsilon(1e-13));
  CHECK(value(exact, "retrieval_overlap") == Approx(0).margin(1e-14));
  CHECK(value(exact, "replica_overlap", "2") == Approx((1 + c * c) / 2).epsilon(1e-13));
}

TEST_CASE("one stored pattern is the Curie-Weiss magnet: a sum over k = spins up") {
  constexpr SiteIndex n = 10;
  const auto model =
      with_magnetisation(n, [](auto s) { return -(magnetisation(s) * magnetisation(s) - n) / (2.0 * n); });
  for (const double temperature : {0.2, 0.7, 1.0, 2.0}) {
    double z = 0, e = 0, e2 = 0, abs_m = 0, m2 = 0, m4 = 0;
    for (int k = 0; k <= n; ++k) {
      const double m = 2.0 * k / n - 1, energy = -(n * m * m - 1) / 2;
      const double w =
          std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - energy / temperature);
      z += w, e += w * energy / n, e2 += w * energy * energy / n / n;
      abs_m += w * std::abs(m), m2 += w * m * m, m4 += w * m * m * m * m;
    }
    const auto exact = averages(model, temperature);
    CHECK(value(exact, "energy_per_spin") == Approx(e / z).epsilon(1e-12));
    CHECK(value(exact, "energy_variance") == Approx(e2 / z - e * e / z / z).epsilon(1e-9));
    CHECK(value(exact, "overlap_abs", "0") == Approx(abs_m / z).epsilon(1e-12));
    CHECK(value(exact, "overlap_squared", "0") == Approx(m2 / z).epsilon(1e-12));
    CHECK(value(exact, "susceptibility") == Approx(n / temperature * m2 / z).epsilon(1e-12));
    CHECK(value(exact, "binder") == Approx(1 - m4 * z / (3 * m2 * m2)).epsilon(1e-12));
  }
}

TEST_CASE("replica overlaps by a double sum over all pairs of configurations") {
  constexpr SiteIndex n = 6;
  constexpr std::uint64_t states = 1 << n;
  RngStream random({4, StreamDomain::tests, 0, 0, 0});
  std::vector<double> energies(states);
  for (double& e : energies) e = static_cast<double>(random() >> 11) * 0x1p-53 * 4;
  const EnumerableModel model =
      with_magnetisation(n, [&](std::span<const Spin> s) { return energies[packed(s).front()]; });
  for (const double temperature : {0.1, 1.0, static_cast<double>(INFINITY)}) {
    double z = 0, q1 = 0, q2 = 0, q4 = 0, q_abs = 0;
    for (std::uint64_t a = 0; a < states; ++a)
      for (std::uint64_t b = 0; b < states; ++b) {
        const Configuration sa = unpacked({&a, 1}, n), sb = unpacked({&b, 1}, n);
        double q = 0;
        for (std::size_t i = 0; i < n; ++i) q += sa[i] * sb[i] / 6.0;
        const double w = std::exp(-(energies[a] + energies[b]) / temperature);
        z += w, q1 += w * q, q2 += w * q * q, q4 += w * q * q * q * q, q_abs += w * std::abs(q);
      }
    const auto exact = averages(model, temperature);
    CHECK(value(exact, "replica_overlap", "1") == Approx(q1 / z).margin(1e-13));
    CHECK(value(exact, "replica_overlap", "2") == Approx(q2 / z).epsilon(1e-12));
    CHECK(value(exact, "replica_overlap", "4") == Approx(q4 / z).epsilon(1e-12));
    CHECK(value(exact, "replica_overlap", "abs") == Approx(q_abs / z).epsilon(1e-12));
  }
}

TEST_CASE("at T = 0 the ground states weigh the same") {
  // A triangle of antiferromagnetic bonds: six of eight states at H = -1, magnetisations +-1.
  const auto triangle =
      with_magnetisation(3, [](auto s) { return double(s[0] * s[1] + s[1] * s[2] + s[2] * s[0]); });
  const auto exact = averages(triangle, 0);
  CHECK(value(exact, "energy_per_spin") == Approx(-1.0 / 3));
  CHECK(value(exact, "overlap_abs", "0") == Approx(1.0 / 3));
  CHECK(value(exact, "energy_variance") == Approx(0).margin(1e-15));
}

TEST_CASE("at infinite temperature all states weigh the same") {
  const auto exact = averages(with_magnetisation(4, [](auto s) { return -10 * magnetisation(s); }), INFINITY);
  CHECK(value(exact, "energy_per_spin") == Approx(0).margin(1e-14));
  CHECK(value(exact, "overlap_squared", "0") == Approx(0.25));
  CHECK(value(exact, "replica_overlap", "2") == Approx(0.25));
}

TEST_CASE("low temperatures neither overflow nor underflow") {
  const auto exact =
      averages(with_magnetisation(3, [](auto s) { return -1e6 * magnetisation(s) + 1e9; }), 1e-3);
  CHECK(value(exact, "retrieval_overlap") == 1);
  CHECK(value(exact, "energy_per_spin") == Approx((1e9 - 3e6) / 3));
}

TEST_CASE("several temperatures at once are each their own") {
  const auto model = with_magnetisation(5, [](auto s) { return -magnetisation(s); });
  const std::vector<MeasurementPlan> plans{plan_at(0.5), plan_at(2)};
  const auto both = exact_averages(model, plans);
  CHECK(value(both[0], "energy_per_spin") == value(averages(model, 0.5), "energy_per_spin"));
  CHECK(value(both[1], "energy_per_spin") == value(averages(model, 2), "energy_per_spin"));
}

TEST_CASE("more than 24 spins are not enumerated") {
  CHECK_THROWS_AS(averages(with_magnetisation(25, [](auto) { return 0.0; }), 1), InternalError);
}

TEST_CASE("the overlap histogram is the distribution of q: free spins have binomial distances") {
  constexpr SiteIndex n = 7;
  MeasurementPlan plan = plan_at(1);
  plan.observables = {"overlap_histogram"};
  const std::vector<MeasurementPlan> plans{plan};
  const auto exact = exact_averages(with_magnetisation(n, [](auto) { return 0.0; }), plans).front();
  CHECK(exact.size() == 40);
  double sum = 0;
  for (const Measured& m : exact) sum += m.value * OverlapHistogram::width;
  CHECK(sum == Approx(1).epsilon(1e-13));
  // d = 0: q = 1; d = 2: q = 3/7 in (0.4, 0.45).
  CHECK(value(exact, "overlap_histogram", "0.975") == Approx(20.0 / 128));
  CHECK(value(exact, "overlap_histogram", "0.425") == Approx(20.0 * 21 / 128));
}

TEST_CASE("synchronous updates of free spins in a field: exp(-H/T) again") {
  MeasurementPlan plan = plan_at(0.6);
  plan.updates = Updates::synchronous;
  plan.observables = {"energy_per_spin", "magnetisation", "step_overlap"};
  const std::vector<MeasurementPlan> plans{plan};
  const auto exact =
      exact_averages(with_magnetisation(5, [](auto s) { return -0.4 * magnetisation(s); }), plans);
  const double t = std::tanh(0.4 / 0.6);
  CHECK(value(exact.front(), "magnetisation") == Approx(t).epsilon(1e-12));
  CHECK(value(exact.front(), "energy_per_spin") == Approx(-0.4 * t).epsilon(1e-12));
  CHECK(value(exact.front(), "step_overlap", "1") == Approx(t * t).epsilon(1e-12));
  CHECK(value(exact.front(), "step_overlap", "2") == Approx(t * t).epsilon(1e-12));
}

TEST_CASE("two spins updated together: P(s) ~ (2 cosh beta J)^2 for every s") {
  MeasurementPlan plan = plan_at(0.5);
  plan.updates = Updates::synchronous;
  plan.observables = {"energy_per_spin", "energy_variance", "step_overlap"};
  const std::vector<MeasurementPlan> plans{plan};
  const auto exact = exact_averages(with_magnetisation(2, [](auto s) { return -1.5 * s[0] * s[1]; }), plans);
  const double c = std::tanh(1.5 / 0.5);
  CHECK(value(exact.front(), "energy_per_spin") == Approx(0).margin(1e-14));
  CHECK(value(exact.front(), "step_overlap", "1") == Approx(0).margin(1e-14));
  CHECK(value(exact.front(), "step_overlap", "2") == Approx(c * c).epsilon(1e-12));
}

TEST_CASE("synchronous updates have no known law at T = 0 or for energies that are not pairwise") {
  const auto refused = [](double temperature, auto energy) {
    MeasurementPlan plan = plan_at(temperature);
    plan.updates = Updates::synchronous;
    const std::vector<MeasurementPlan> plans{plan};
    try {
      exact_averages(with_magnetisation(4, energy), plans);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("not refused");
  };
  const auto pair = [](std::span<const Spin> s) { return 0.3 * s[0] * s[1] - 2.0 * s[3]; };
  const auto triple = [](std::span<const Spin> s) { return 0.3 * s[0] * s[1] - 1e-3 * s[0] * s[1] * s[2]; };
  CHECK(refused(1, pair) == "not refused");
  CHECK(refused(INFINITY, pair) == "not refused");
  CHECK(refused(0, pair).find("T = 0") != std::string::npos);
  CHECK(refused(1, triple).find("pairwise") != std::string::npos);
}
