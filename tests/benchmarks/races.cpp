#include "benchmarks/races.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "models/catalogue.hpp"
#include "sweeps/bench/race.hpp"

namespace mattis::benchmarks {

namespace {

struct Case {
  std::string model;
  double num_spins, temperature;
  Order order;
  double load = 0.1, p = 3;  // p: of dense
};

Numbers numbers_of(const Case& c, double num_spins) {
  return bench::system_numbers(*find_model(c.model), num_spins, c.load, c.p);
}

std::string name_of_case(const Case& c) {
  const Numbers actual = numbers_of(c, c.num_spins);
  return fmt::format("{}/N:{}/{}T:{}/{}", c.model, c.num_spins,
                     actual.count("P") ? fmt::format("P:{}/", actual.at("P")) : "", c.temperature,
                     c.order == Order::random ? "random" : "sequential");
}

/// The system of the case that runs: drawn when its first code runs, given up when another system's turn comes.
const bench::System& system_of(const Case& c) {
  static std::pair<std::string, Numbers> drawn;
  static bench::System system;
  const std::pair wanted{c.model, numbers_of(c, c.num_spins)};
  if (drawn != wanted) {
    system = {};
    system = bench::draw_system(*find_model(c.model), wanted.second);
    drawn = wanted;
  }
  return system;
}

/// The state that all codes of a case start from.
const Configuration& start_of(const Case& c, const Dynamics& dynamics) {
  static std::string of;
  static Configuration start;
  if (const std::string wanted = name_of_case(c); of != wanted) {
    start = bench::thermalised(system_of(c), dynamics);
    of = wanted;
  }
  return start;
}

/// `kernel` none: the baseline of this name.
void run(benchmark::State& state, const Case& c, const std::string& name, std::optional<Kernel> kernel) {
  const bench::System& system = system_of(c);
  const Dynamics dynamics = bench::race_dynamics(c.temperature, c.order);
  if (!kernel && !system.has_naive()) return state.SkipWithError(system.why_no_naive.c_str());
  const std::vector<Kernel> kernels = kernel ? std::vector{*kernel} : std::vector<Kernel>{};
  const auto all = bench::contestants(system, dynamics, kernels, start_of(c, dynamics));
  const auto& code = *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  for (int sweep = 0; sweep < 5; ++sweep) code.sweep();
  std::int64_t accepted = 0;
  for (auto _ : state) accepted += code.sweep();
  const double proposals = c.num_spins * static_cast<double>(state.iterations());
  state.counters["Mprop/s"] = benchmark::Counter(1e-6 * proposals, benchmark::Counter::kIsRate);
  state.counters["acceptance"] = static_cast<double>(accepted) / proposals;
  state.SetLabel(code.working());
}

/// What a chain of the case can use; asked of a small system, since the large one is not drawn yet.
std::vector<Kernel> kernels_of(const Case& c) {
  const bench::System small = bench::draw_system(*find_model(c.model), numbers_of(c, 100));
  return small.sample->kernels(bench::race_dynamics(c.temperature, c.order));
}

void register_case(const Case& c) {
  const auto add = [&c](std::string_view code, std::optional<Kernel> kernel) {
    const std::string name{code};
    benchmark::RegisterBenchmark(fmt::format("{}/{}", name_of_case(c), name).c_str(),
                                 [=](benchmark::State& state) { run(state, c, name, kernel); })
        ->Unit(benchmark::kMicrosecond);
  };
  add("naive", std::nullopt);
  if (c.model == "dense" && c.p == 3) add("tensor", std::nullopt);
  add(name_of(Kernel::automatic), Kernel::automatic);
  for (const Kernel kernel : kernels_of(c)) add(name_of(kernel), kernel);
}

}  // namespace

void register_races() {
  for (const double n : {1000.0, 10000.0}) {
    for (const double t : {2.0, 0.5, 0.1}) register_case({"hopfield", n, t, Order::sequential});
    register_case({"hopfield", n, 0.1, Order::random});
  }
  for (const double t : {2.0, 0.5, 0.1}) register_case({"sk", 1000, t, Order::sequential});
  for (const double t : {1.0, 0.25, 0.175, 0.05})
    register_case({"dense", 500, t, Order::sequential, 0.05, 3});
  for (const double t : {0.25, 0.05}) register_case({"dense", 200, t, Order::sequential, 0.05, 3});
  for (const double t : {1.0, 0.25}) register_case({"dense", 200, t, Order::sequential, 0.05, 4});
}

}  // namespace mattis::benchmarks
