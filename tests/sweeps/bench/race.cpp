// Races of tiny systems, and bounds from made-up rates: structure, never speed.
#include "sweeps/bench/race.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/catalogue.hpp"
#include "support/significance.hpp"
#include "sweeps/bench/bound.hpp"
#include "sweeps/bench/machine_rates.hpp"

using namespace mattis;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bench::MachineRates made_up() {
  return {1e9, 2e9, 1e8, [](double bytes) { return bytes > 1e6 ? 1e10 : 4e10; }};
}

}  // namespace

TEST_CASE("every model with a baseline races") {
  for (const std::string& name : bench::raced_models()) {
    INFO(name);
    const ModelEntry* model = find_model(name);
    REQUIRE(model);
    const bench::System system = bench::draw_system(*model, bench::system_numbers(*model, 60, 0.1));
    REQUIRE(system.has_naive());
    for (const Order order : {Order::sequential, Order::random}) {
      const Dynamics dynamics = bench::race_dynamics(2, order);
      std::vector<Kernel> kernels{Kernel::automatic};
      for (const Kernel kernel : system.sample->kernels(dynamics)) kernels.push_back(kernel);
      const auto all = bench::contestants(system, dynamics, kernels, bench::thermalised(system, dynamics));
      REQUIRE(all.size() == kernels.size() + (system.naive_tensor ? 2 : 1));
      CHECK(all.front().name == "naive");
      const auto timings = bench::race(all, 60, 1e-4);
      CHECK(timings.front().ratio == 1);
      for (std::size_t c = 0; c < all.size(); ++c) {
        INFO(all[c].name);
        CHECK(timings[c].seconds_per_proposal > 0);
        CHECK(timings[c].ratio > 0);
        CHECK(timings[c].acceptance > 0.3);
        CHECK(timings[c].acceptance <= 1);
        CHECK(all[c].working() != "auto");
      }
    }
  }
}

TEST_CASE("times are averaged over samples, and the ratio is that of the means") {
  const std::vector<std::vector<bench::Timing>> samples{{{0.1, 8e-9, 1}, {0.2, 1e-9, 8}},
                                                        {{0.3, 2e-9, 1}, {0.4, 3e-9, 2.0 / 3}}};
  const auto mean = bench::average(samples);
  CHECK(mean[0].ratio == Approx(1));
  CHECK(mean[1].acceptance == Approx(0.3));
  CHECK(mean[1].seconds_per_proposal == Approx(2e-9));
  CHECK(mean[1].ratio == Approx(2.5));
}

TEST_CASE("all codes accept equally often from the same state") {
  const ModelEntry* model = find_model("hopfield");
  const bench::System system = bench::draw_system(*model, bench::system_numbers(*model, 1000, 0.1));
  const Dynamics dynamics = bench::race_dynamics(0.5, Order::sequential);
  const auto all =
      bench::contestants(system, dynamics, {Kernel::automatic}, bench::thermalised(system, dynamics));
  constexpr int bins = 40, sweeps = 20;
  std::vector<double> means, variances;
  for (const auto& one : all) {
    double sum = 0, squares = 0;
    for (int bin = 0; bin < bins; ++bin) {
      double accepted = 0;
      for (int sweep = 0; sweep < sweeps; ++sweep) accepted += static_cast<double>(one.sweep());
      sum += accepted / (sweeps * 1000);
      squares += std::pow(accepted / (sweeps * 1000), 2);
    }
    means.push_back(sum / bins);
    variances.push_back((squares / bins - means.back() * means.back()) / (bins - 1));
  }
  const double error = std::sqrt(variances[0] + variances[1]);
  INFO(means[0] << " and " << means[1] << ", error of the difference " << error);
  CHECK(error < 0.01);
  CHECK(std::abs(means[1] - means[0]) < tests::significant * error);
}

TEST_CASE("bounds follow from the rates") {
  const auto rates = made_up();
  const bench::Work work{1000, 100, 2, 0.5, 1.0, Order::sequential};
  CHECK(bench::bound(Kernel::scalar, work, rates) == Approx(1 / (1.25e-8 + 1.5 * 100 / 1e9)));
  CHECK(bench::bound(Kernel::cached, work, rates) == Approx(1 / (0.75e-8 + 0.5 * 2000 / 1e10)));
  CHECK(bench::bound(Kernel::table, work, rates) == Approx(1 / (1.25e-8 + 100 / 2e9 + 0.5 * 100 / 1e9)));
  CHECK(bench::bound(Kernel::automatic, work, rates) == Approx(bench::bound(Kernel::cached, work, rates)));

  const bench::Work random{1000, 100, 2, 0.5, 1.0, Order::random};
  CHECK(1 / bench::bound(Kernel::scalar, random, rates) - 1 / bench::bound(Kernel::scalar, work, rates) ==
        Approx(1e-8));
  const bench::Work couplings{100, 0, 4, 0.5, 1.0, Order::sequential};
  CHECK(std::isnan(bench::bound(Kernel::table, couplings, rates)));
  CHECK(1 / bench::bound(Kernel::scalar, couplings, rates) -
            1 / bench::bound(Kernel::cached, couplings, rates) ==
        Approx(0.5e-8));
  const bench::Work frozen{100, 0, 4, 0, 0, Order::sequential};
  CHECK(std::isnan(bench::bound(Kernel::cached, frozen, rates)));  // nothing to do at T = 0 without flips

  bench::MachineRates poor = rates;
  poor.lookups = unknown;
  CHECK(std::isnan(bench::bound(Kernel::table, work, poor)));
  CHECK(bench::bound(Kernel::automatic, work, poor) > 0);
}

TEST_CASE("the machine has rates") {
  const bench::MachineRates rates = bench::measure_machine();
  CHECK(rates.random_numbers > 0);
  CHECK(rates.read_bandwidth(3e4) > 0);
  CHECK((std::isnan(rates.additions) || rates.additions > 0));
  CHECK((std::isnan(rates.lookups) || rates.lookups > 0));
  CHECK(bench::available_memory() > 0);
  CHECK(bench::thread_seconds() > 0);
}
