// mattis bench: how fast the chains are here, beside the naive baseline and beside what the machine could do.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/nearest_name.hpp"
#include "engine/simd/thresholds.hpp"
#include "models/catalogue.hpp"
#include "sweeps/bench/bound.hpp"
#include "sweeps/bench/race.hpp"
#include "sweeps/cli/text_table.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/requested_kernel.hpp"

namespace mattis::cli {

namespace {

namespace po = boost::program_options;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

constexpr const char* explanation = R"(
Every code of a row starts from the same state, 300 sweeps from a stored pattern by
Metropolis, and runs in turn with the others, seven times; times are those of this
thread's CPU, medians, averaged over ten samples of small hopfield systems (10^4 / N).
naive is float32 couplings with cached local fields, xoshiro256++,
expf and a vectorised row update; for dense a float32 dot product with the patterns.
ratio: rate over that of naive, round by round.

The energies of dense have a factor 1/2 (mattis explain dense). Without it, as in
E = -N^(1-p) sum M^p, energies and temperatures are twice as large: the default
T = 1, 0.25, 0.175, 0.05 of dense are 2, 0.5, 0.35, 0.1 there.

bound: proposals per second that the kernel cannot exceed, from rates measured in the
same run (printed first); a = acceptance, empty where there is no formula:
  numbers  5/4 of a Philox number a proposal (9/4 in random order)
  row      a N bytes-per-coupling / read bandwidth of an array of N^2 couplings
  scalar   numbers + (1 + a) P 16-bit additions; without patterns numbers + row
  cached   1/4 + a numbers (5/4 + a) + row (dense: without row)
  table    the larger of  numbers + P table look-ups + a P 16-bit additions
           and  P/8 bytes of pattern bits / read bandwidth of an array of N P / 8 bytes
  auto     the best of them)";

struct Row {
  double temperature;
  Order order;
};

struct Request {
  const ModelEntry* model;
  std::vector<Numbers> systems;
  std::vector<Row> rows;  ///< of each system
  std::optional<Kernel> kernel;
  double seconds;
  std::string format;
};

double checked(double value, bool is_right, const char* option, const char* advice) {
  if (!is_right) throw InputError(fmt::format("{} makes no sense", value), option, advice);
  return value;
}

std::vector<double> numbers_of(const Values& values, const char* option, std::vector<double> otherwise) {
  return values.count(option) ? values[option].as<std::vector<double>>() : otherwise;
}

std::vector<double> sizes_of(const Values& values, const ModelEntry& model) {
  const bool scan = values["scan"].as<bool>();
  if (scan && values.count("size"))
    throw InputError("--scan has sizes of its own", "--size", "leave one of the two out");
  if (scan) return {500, 1000, 2000, 5000, 10000, 20000};
  const bool has_patterns = model.disorder == DisorderSource::patterns;
  if (model.name == "dense") return numbers_of(values, "size", {500, 200});
  return numbers_of(values, "size",
                    has_patterns ? std::vector<double>{10000, 1000} : std::vector<double>{4000, 1000});
}

Request request_of(const Values& values) {
  Request request;
  const auto known = bench::raced_models();
  const std::string name = words_of(values).empty() ? known.front() : words_of(values).front();
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw InputError(fmt::format("no naive baseline for '{}'", name), "mattis bench",
                     suggestion(name, known));
  request.model = find_model(name);
  if (values.count("load") && request.model->disorder != DisorderSource::patterns)
    throw InputError(fmt::format("{} takes no load", name), "--load", "it stores no patterns");
  const bool is_dense = request.model->name == "dense";
  if (values.count("p") && !is_dense)
    throw InputError(fmt::format("{} has no order of interaction", name), "--p", "dense has");
  const double load = values.count("load") ? values["load"].as<double>() : is_dense ? 0.05 : 0.1;
  const double order_p = values.count("p") ? values["p"].as<double>() : 3;
  if (is_dense) checked(order_p, order_p >= 3, "--p", "3 ... 8; p = 2 is hopfield");
  for (const double n : sizes_of(values, *request.model)) {
    checked(n, n >= 2 && n <= 1e6 && n == std::floor(n), "--size", "a whole number of spins, 2 ... 1000000");
    try {
      request.systems.push_back(bench::system_numbers(*request.model, n, load, order_p));
    } catch (const ParameterError& error) {
      throw InputError(error.reason,
                       error.key == "alpha" ? "--load"
                       : error.key == "p"   ? "--p"
                                            : "--size",
                       error.advice);
    }
  }
  const auto temperatures =
      numbers_of(values, "temperature",
                 is_dense ? std::vector<double>{1, 0.25, 0.175, 0.05} : std::vector<double>{2, 0.5, 0.1});
  for (const double t : temperatures)
    checked(t, t >= 0 && std::isfinite(t), "--temperature", "a number from 0 on, in units of J");
  const std::string order = chosen(values, "order", {"both", "sequential", "random"});
  for (const double t : temperatures)
    if (order != "random") request.rows.push_back({t, Order::sequential});
  for (const double t : temperatures)
    if (order == "random" || (order == "both" && (values.count("temperature") || t == temperatures.back())))
      request.rows.push_back({t, Order::random});
  if (values.count("kernel")) request.kernel = sweeps::kernel_named(values["kernel"].as<std::string>());
  const double seconds = values["seconds"].as<double>();
  request.seconds = checked(seconds, seconds > 0 && seconds <= 600, "--seconds", "above 0 and up to 600");
  request.format = chosen(values, "format", {"table", "csv", "json"});
  if (values.count("target"))
    simd::use_at_most(chosen(values, "target", {"AVX-512", "AVX2", "SSE4", "scalar"}));
  return request;
}

/// The automatic kernel and each fixed one, or the one asked for; none if this chain cannot use that.
std::vector<Kernel> kernels_of(const Request& request, const DisorderSample& sample,
                               const Dynamics& dynamics) {
  std::vector<Kernel> kernels{Kernel::automatic};
  Dynamics asked = dynamics;
  if (request.kernel) asked.kernel = *request.kernel;  // some are there by name only
  for (const Kernel fixed : sample.kernels(asked)) kernels.push_back(fixed);
  if (!request.kernel) return kernels;
  const bool is_usable = std::find(kernels.begin(), kernels.end(), *request.kernel) != kernels.end();
  return is_usable ? std::vector<Kernel>{*request.kernel} : std::vector<Kernel>{};
}

std::string order_name(Order order) { return order == Order::random ? "random" : "sequential"; }

/// So many samples that they have 10^4 spins together, ten at most.
std::vector<bench::System> draw_samples(const ModelEntry& model, const Numbers& numbers) {
  std::size_t count = 1;
  if (model.name == "hopfield")
    count = static_cast<std::size_t>(std::clamp(1e4 / numbers.at("N"), 1.0, 10.0));
  std::vector<bench::System> samples;
  for (std::size_t k = 0; k < count; ++k)
    samples.push_back(bench::draw_system(model, numbers, static_cast<std::uint32_t>(k)));
  return samples;
}

void add_rows(TextTable& table, const Request& request, const std::vector<bench::System>& samples,
              const Row& row, const bench::MachineRates& rates) {
  const Dynamics dynamics = bench::race_dynamics(row.temperature, row.order);
  const bench::System& system = samples.front();
  const auto kernels = kernels_of(request, *system.sample, dynamics);
  if (kernels.empty()) return;
  const double n = system.actual.at("N");
  const auto patterns = static_cast<double>(system.sample->num_patterns());
  std::vector<bench::Contestant> all;
  std::vector<std::vector<bench::Timing>> by_sample;
  for (const bench::System& sample : samples) {
    all = bench::contestants(sample, dynamics, kernels, bench::thermalised(sample, dynamics));
    by_sample.push_back(bench::race(all, n, request.seconds / static_cast<double>(samples.size())));
  }
  const auto timings = bench::average(by_sample);
  for (std::size_t c = 0; c < all.size(); ++c) {
    const bench::Timing& timing = timings[c];
    const bench::Work work{
        n, patterns, bench::coupling_bytes(*request.model), timing.acceptance, row.temperature, row.order};
    const double bound = all[c].kernel ? bench::bound(*all[c].kernel, work, rates) : unknown;
    table.row();
    table.add(request.model->name);
    table.add(n);
    table.add(patterns > 0 ? patterns : unknown);
    table.add(row.temperature);
    table.add(order_name(row.order));
    table.add(all[c].name);
    table.add(all[c].working());
    table.add(timing.acceptance);
    table.add(1e9 * timing.seconds_per_proposal);
    table.add(1e-6 / timing.seconds_per_proposal);
    table.add(system.has_naive() ? timing.ratio : unknown);
    table.add(1e-6 * bound);
    table.add(1 / timing.seconds_per_proposal / bound);
  }
}

}  // namespace

int run_bench(const Verb& verb, const std::vector<std::string>& words) {
  Options options("options");
  const auto list = [] { return po::value<std::vector<double>>()->composing(); };
  options.add_options()(
      "size", list()->value_name("N"),
      "spins (repeatable; default 10000 and 1000, without patterns 4000 and 1000, of dense 500 and 200)")(
      "scan", po::bool_switch(), "sizes 500, 1000, 2000, 5000, 10000, 20000")(
      "load", po::value<double>()->value_name("ALPHA"),
      "patterns P = ALPHA N (default 0.1), of dense K = ALPHA N^(p-1) (0.05)")(
      "p", po::value<double>()->value_name("P"), "order of the interaction of dense (default 3)")(
      "temperature", list()->value_name("T"),
      "repeatable; default 2, 0.5, 0.1, of dense 1, 0.25, 0.175, 0.05")(
      "order", po::value<std::string>()->value_name("ORDER"),
      "of the sites: sequential, random or both (default; unless --temperature is given, random at the "
      "lowest "
      "alone)")("kernel", po::value<std::string>()->value_name("NAME"),
                "auto, scalar, cached or table, in the rows whose chains have it (default: auto and each "
                "that there is)")("seconds", po::value<double>()->default_value(0.5, "0.5")->value_name("S"),
                                  "CPU time of each code in each row")(
      "target", po::value<std::string>()->value_name("SET"),
      "kernels use no wider instruction set than AVX-512, AVX2, SSE4 or scalar; naive stays as it is")(
      "format", po::value<std::string>()->value_name("table|csv|json"), "table (default), csv or json");
  Verb explained = verb;
  explained.summary.append("\n").append(explanation);
  const auto values = parse(explained, words, options, 0, 1);
  if (!values) return exit_done;
  const Request request = request_of(*values);
  const bench::MachineRates rates = bench::measure_machine();
  fmt::print(
      stderr,
      "this machine, one core, {}: {:.3g} Philox numbers, {:.3g} 16-bit additions and {:.3g} table look-ups "
      "per ns; read from memory {:.3g} GB/s\n",
      simd::target_name(), 1e-9 * rates.random_numbers, 1e-9 * rates.additions, 1e-9 * rates.lookups,
      1e-9 * rates.read_bandwidth(1e9));
  TextTable table({"model", "N", "P", "T", "order", "kernel", "working", "acceptance", "ns_per_proposal",
                   "mprop_per_s", "ratio_to_naive", "bound_mprop_per_s", "fraction_of_bound"});
  for (const Numbers& numbers : request.systems) {
    const std::vector<bench::System> samples = draw_samples(*request.model, numbers);
    if (!samples.front().has_naive()) fmt::print(stderr, "{}\n", samples.front().why_no_naive);
    for (const Row& row : request.rows) add_rows(table, request, samples, row, rates);
  }
  if (table.is_empty())
    throw InputError(fmt::format("no chain of these rows has the kernel '{}'", name_of(*request.kernel)),
                     "--kernel", "leave --kernel out to see those there are");
  print_data(table.as(request.format));
  return exit_done;
}

}  // namespace mattis::cli
