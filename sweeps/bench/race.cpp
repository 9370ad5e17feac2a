#include "sweeps/bench/race.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/catalogue.hpp"
#include "models/coupling_file.hpp"
#include "models/start.hpp"
#include "sweeps/bench/machine_rates.hpp"

namespace mattis::bench {

namespace {

constexpr std::uint64_t seed = 20261123;
constexpr int rounds = 7;
constexpr double largest_tensor = 1e9;  // bytes: it takes seconds to fill

StreamId stream(StreamDomain domain, std::uint32_t sample = 0) { return {seed, domain, 0, sample, 0}; }

/// J_ij = +-1/sqrt(N).
Ensemble binary_couplings(double num_spins, RngStream& random) {
  auto table = std::make_shared<CouplingTable>();
  table->size = static_cast<std::size_t>(num_spins);
  const double size = 1 / std::sqrt(num_spins);
  const std::size_t n = table->size;
  table->couplings.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j)
      table->couplings[i * n + j] = table->couplings[j * n + i] = random() >> 63 ? size : -size;
  Ensemble ensemble;
  ensemble.couplings = table;
  return ensemble;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::vector<std::string> raced_models() { return {"hopfield", "sk", "ising", "dense"}; }

Numbers system_numbers(const ModelEntry& model, double num_spins, double load, double order) {
  Numbers asked{{"N", num_spins}};
  if (model.disorder == DisorderSource::patterns) asked["alpha"] = load;
  for (const GridAxis& axis : model.axes) {
    const std::string& name = axis.one_of.front().name;
    if (name == "p")
      asked[name] = order;
    else if (axis.otherwise)
      asked[name] = *axis.otherwise;
  }
  for (const ModelChoice& choice : model.choices) asked[choice.name] = 0;  // the first word is the default
  return model.resolve(asked);
}

System draw_system(const ModelEntry& model, const Numbers& actual, std::uint32_t sample) {
  const double n = actual.at("N");
  const double table = model.disorder == DisorderSource::couplings ? 8 * n * n : 0;
  const double needed = model.memory(actual).first + table;
  if (needed > available_memory())
    throw EnvironmentError(
        fmt::format("memory for {} at N = {}", model.name, n), "reserving",
        fmt::format("{:.2g} GB needed, {:.2g} GB free", 1e-9 * needed, 1e-9 * available_memory()));
  RngStream random(stream(StreamDomain::disorder, sample));
  const Ensemble ensemble =
      model.disorder == DisorderSource::couplings ? binary_couplings(n, random) : Ensemble{};
  System system;
  system.model = &model;
  system.actual = actual;
  system.sample = model.draw(actual, ensemble, random);
  const auto order = actual.find("p");
  const double free = available_memory();
  const double naive =
      order == actual.end() ? NaiveCouplings::bytes(n) : NaivePatterns::bytes(n, actual.at("P"));
  if (naive >= 0.9 * free)
    system.why_no_naive = fmt::format("no naive at N = {}: its couplings take {:.2g} GB, {:.2g} GB are free",
                                      n, 1e-9 * naive, 1e-9 * free);
  else if (order == actual.end())
    system.naive = std::make_shared<const NaiveCouplings>(*system.sample);
  else
    system.naive_patterns =
        std::make_shared<const NaivePatterns>(*system.sample, static_cast<int>(order->second));
  if (system.naive_patterns && order->second == 3 &&
      NaiveTensor::bytes(n) < std::min(largest_tensor, 0.5 * free))
    system.naive_tensor = std::make_shared<const NaiveTensor>(*system.sample);
  return system;
}

Dynamics race_dynamics(double temperature, Order order) {
  Dynamics dynamics;
  dynamics.temperature = temperature;
  dynamics.rule = Rule::metropolis;
  dynamics.order = order;
  return dynamics;
}

Configuration thermalised(const System& system, const Dynamics& dynamics) {
  constexpr int sweeps = 300;
  RngStream random(stream(StreamDomain::initial_state));
  Configuration start = system.sample->num_patterns() > 0
                            ? cued_configuration(*system.sample, 0, 1.0, random)
                            : random_configuration(system.sample->num_spins(), random);
  const auto chain = system.sample->chain(std::move(start), dynamics, stream(StreamDomain::dynamics), 0);
  for (int sweep = 0; sweep < sweeps; ++sweep) chain->sweep();
  const Snapshot snapshot = chain->snapshot();
  return {snapshot.spins.begin(), snapshot.spins.end()};
}

std::vector<Contestant> contestants(const System& system, const Dynamics& dynamics,
                                    const std::vector<Kernel>& kernels, const Configuration& start) {
  std::vector<Contestant> all;
  const auto add = [&](const char* name, auto chain) {
    all.push_back({name, std::nullopt, [chain] { return chain->sweep(); }, [name] { return name; }});
  };
  const double t = dynamics.temperature;
  if (system.naive) add("naive", std::make_shared<NaiveChain>(system.naive, start, t, dynamics.order, seed));
  if (system.naive_patterns)
    add("naive", std::make_shared<NaiveMemoryChain>(system.naive_patterns, start, t, dynamics.order, seed));
  if (system.naive_tensor)
    add("tensor", std::make_shared<NaiveTensorChain>(system.naive_tensor, start, t, dynamics.order, seed));
  for (const Kernel kernel : kernels) {
    Dynamics forced = dynamics;
    forced.kernel = kernel;
    const std::shared_ptr<Chain> chain = system.sample->chain(start, forced, stream(StreamDomain::probe), 0);
    all.push_back({std::string(name_of(kernel)), kernel, [chain] { return chain->sweep(); },
                   [chain] { return std::string(name_of(chain->kernel())); }});
  }
  return all;
}

std::vector<Timing> race(const std::vector<Contestant>& contestants, double num_spins, double seconds) {
  struct Lane {
    int sweeps = 1;  // of a round
    std::int64_t accepted = 0;
    std::vector<double> times, ratios;  // of a proposal, by round
  };
  std::vector<Lane> lanes(contestants.size());
  for (std::size_t c = 0; c < contestants.size(); ++c) {
    contestants[c].sweep();  // fills its caches: a kernel may multiply all patterns first
    const double start = thread_seconds();
    double spent = 0;
    int sweeps = 0;
    while (sweeps == 0 || spent < seconds / 5) {
      contestants[c].sweep();
      ++sweeps;
      spent = thread_seconds() - start;
    }
    lanes[c].sweeps = std::max(1, static_cast<int>(seconds / rounds * sweeps / std::max(spent, 1e-9)));
  }
  for (int round = 0; round < rounds; ++round)
    for (std::size_t c = 0; c < contestants.size(); ++c) {
      Lane& lane = lanes[c];
      const double start = thread_seconds();
      for (int sweep = 0; sweep < lane.sweeps; ++sweep) lane.accepted += contestants[c].sweep();
      lane.times.push_back((thread_seconds() - start) / (lane.sweeps * num_spins));
      lane.ratios.push_back(lanes.front().times.back() / lane.times.back());
    }
  std::vector<Timing> timings;
  for (const Lane& lane : lanes)
    timings.push_back({static_cast<double>(lane.accepted) / (rounds * lane.sweeps * num_spins),
                       median(lane.times), median(lane.ratios)});
  return timings;
}

std::vector<Timing> average(const std::vector<std::vector<Timing>>& samples) {
  std::vector<Timing> means(samples.front().size());
  const auto count = static_cast<double>(samples.size());
  for (const auto& timings : samples)
    for (std::size_t c = 0; c < means.size(); ++c) {
      means[c].acceptance += timings[c].acceptance / count;
      means[c].seconds_per_proposal += timings[c].seconds_per_proposal / count;
      means[c].ratio +=
          timings[c].seconds_per_proposal * timings[c].ratio / count;  // of the first contestant
    }
  for (Timing& mean : means) mean.ratio /= mean.seconds_per_proposal;
  return means;
}

}  // namespace mattis::bench
