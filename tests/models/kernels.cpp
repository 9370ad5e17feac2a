// The same trajectory, bit for bit, from every kernel on every instruction set.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "models/catalogue.hpp"
#include "models/dense_table.hpp"
#include "models/pairwise_kernels.hpp"
#include "models/start.hpp"
#include "support/couplings.hpp"
#include "support/gibbs.hpp"
#include "support/patterns.hpp"
#include "support/targets.hpp"

using namespace mattis;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<double> temperatures{0.0, 1e-3, 0.1, 0.5, 2.0, 1e3, infinity};

enum class Kind { random, biased, diluted, identical };

std::shared_ptr<const DisorderSample> stored(Kind kind, SiteIndex n, SiteIndex p) {
  RngStream random({20261124, StreamDomain::tests, static_cast<std::uint64_t>(kind),
                    static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(p)});
  Ensemble ensemble;
  if (kind == Kind::biased) ensemble.bias = 0.4;
  if (kind == Kind::diluted || kind == Kind::identical) {
    auto table = tests::random_table(p, n, kind == Kind::diluted ? 0.3 : 0.0, random());
    if (kind == Kind::identical)
      for (std::size_t k = 0; k < table.entries.size(); ++k)
        table.entries[k] = table.entries[k % static_cast<std::size_t>(n)];
    ensemble.name = "file";
    ensemble.table = std::make_shared<PatternTable>(std::move(table));
  }
  return find_model("hopfield")->draw({{"N", n}, {"P", p}}, ensemble, random);
}

/// States after each of `sweeps`, as bits, and the numbers of flips.
struct Path {
  std::vector<std::vector<std::uint64_t>> states;
  std::vector<std::int64_t> accepted;
  std::vector<double> energies;
  bool operator==(const Path&) const = default;
};

Path path_of(const DisorderSample& sample, const Configuration& start, const Dynamics& dynamics, int sweeps) {
  const auto chain = sample.chain(start, dynamics, {20261125, StreamDomain::tests, 3, 1, 2}, 17);
  Path path;
  for (int t = 0; t < sweeps; ++t) {
    path.accepted.push_back(chain->sweep());
    const Snapshot now = chain->snapshot();
    path.states.push_back(packed(now.spins));
    path.energies.push_back(now.energy);
    // Overlaps are exact as well: the energy of patterns is a function of them.
  }
  return path;
}

/// All kernels against the reference, for all rules, orders and ties at one temperature.
void check_kernels(const DisorderSample& sample, double temperature, int sweeps) {
  RngStream random({20261126, StreamDomain::tests, 0, static_cast<std::uint32_t>(sample.num_spins()), 0});
  const Configuration start = random_configuration(sample.num_spins(), random);
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Order order : {Order::sequential, Order::random, Order::permutation})
      for (const Tie tie : {Tie::keep, Tie::random}) {
        if (temperature > 0 && tie == Tie::random) continue;
        Dynamics dynamics{temperature, rule, order, tie};
        dynamics.kernel = Kernel::scalar;
        const Path reference = path_of(sample, start, dynamics, sweeps);
        for (Kernel kernel : sample.kernels(dynamics)) {
          if (kernel == Kernel::scalar) kernel = Kernel::automatic;
          dynamics.kernel = kernel;
          INFO(name_of(kernel) << ", N = " << sample.num_spins() << ", P = " << sample.num_patterns()
                               << ", T = " << temperature << ", rule " << static_cast<int>(rule) << ", order "
                               << static_cast<int>(order) << ", tie " << static_cast<int>(tie));
          REQUIRE(path_of(sample, start, dynamics, sweeps) == reference);
        }
      }
}

void check_all(Kind kind, SiteIndex n, SiteIndex p, int sweeps) {
  const auto sample = stored(kind, n, p);
  for (const double temperature : temperatures) check_kernels(*sample, temperature, sweeps);
}

std::shared_ptr<const DisorderSample> glass(SiteIndex n, double h) {
  RngStream random({20261127, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
  return find_model("sk")->draw({{"N", n}, {"h", h}}, {}, random);
}

}  // namespace

TEST_CASE("pairwise kernels walk the reference's path in small systems") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const auto& [n, p] : std::vector<std::pair<SiteIndex, SiteIndex>>{
             {1, 1}, {2, 3}, {7, 64}, {31, 5}, {64, 65}, {127, 20}, {129, 130}, {200, 700}})
      for (const Kind kind : {Kind::random, Kind::biased, Kind::diluted, Kind::identical})
        check_all(kind, n, p, 4);
  });
}

TEST_CASE("pairwise kernels walk the reference's path for every N to 70 and around blocks", "[default]") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (SiteIndex n = 1; n <= 70; ++n)
      for (const SiteIndex p : {1, 4, 63, 66, 130}) check_all(Kind::random, n, p, 3);
    for (const SiteIndex n : {126, 127, 128, 129, 255, 256, 257, 1000})
      for (const Kind kind : {Kind::random, Kind::biased, Kind::diluted, Kind::identical})
        check_all(kind, n, 100, 3);
  });
}

TEST_CASE("pairwise kernels walk the reference's path in large systems", "[default]") {
  const auto check = [](Kind kind, SiteIndex n, SiteIndex p, double temperature) {
    const auto sample = stored(kind, n, p);
    RngStream random({20261128, StreamDomain::tests, 0, 0, 0});
    const Configuration start = cued_configuration(*sample, 0, 0.9, random);
    for (const Rule rule : {Rule::glauber, Rule::metropolis}) {
      Dynamics dynamics{temperature, rule};
      dynamics.kernel = Kernel::scalar;
      const Path reference = path_of(*sample, start, dynamics, 2);
      for (const Kernel kernel : sample->kernels(dynamics)) {
        if (kernel == Kernel::cached && n > 6000) continue;  // hundreds of megabytes
        dynamics.kernel = kernel;
        INFO(name_of(kernel) << ", N = " << n << ", P = " << p << ", T = " << temperature);
        REQUIRE(path_of(*sample, start, dynamics, 2) == reference);
      }
    }
  };
  for (const double temperature : {0.0, 0.1, 0.5, 2.0, 1e3, infinity}) {
    check(Kind::random, 20000, 100, temperature);
    check(Kind::random, 5001, 3000, temperature);
    check(Kind::biased, 4099, 1023, temperature);
    check(Kind::identical, 4000, 300, temperature);  // every |M| up to N, fields up to N P
    check(Kind::identical, 20000, 100, temperature);
  }
}

/// All spins along equal patterns: |g| = (N - 1) P / 2, and each flip moves all of them by P. From 32766 on, 16 bits are too few:
/// never, after some flips of a block, or from the start.
TEST_CASE("the table walks the reference's path where fields outgrow 16 bits") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const auto& [n, p] : std::vector<std::pair<SiteIndex, SiteIndex>>{{500, 100},
                                                                           {640, 100},
                                                                           {653, 100},
                                                                           {655, 100},
                                                                           {656, 100},
                                                                           {660, 100},
                                                                           {648, 101},
                                                                           {645, 101},
                                                                           {261, 250}}) {
      const auto sample = stored(Kind::identical, n, p);
      RngStream random({20261202, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
      const Configuration start = cued_configuration(*sample, 0, 1.0, random);
      for (const double temperature : {0.5, 100.0, 400.0, infinity})
        for (const Rule rule : {Rule::glauber, Rule::metropolis}) {
          Dynamics dynamics{temperature, rule};
          dynamics.kernel = Kernel::scalar;
          const Path reference = path_of(*sample, start, dynamics, 3);
          dynamics.kernel = Kernel::table;
          INFO("N = " << n << ", P = " << p << ", T = " << temperature << ", rule "
                      << static_cast<int>(rule));
          CHECK(path_of(*sample, start, dynamics, 3) == reference);
        }
    }
  });
}

TEST_CASE("coupling kernels walk the reference's path") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const SiteIndex n : {1, 2, 5, 16, 63, 130})
      for (const double h : {0.0, 0.7}) {
        const auto sample = glass(n, h);
        CHECK(sample->kernels({0.5}).size() == 2);
        for (const double temperature : temperatures) check_kernels(*sample, temperature, 5);
      }
    Ensemble ensemble;
    ensemble.couplings = tests::integer_couplings(50, true, 52);
    RngStream unused({1, StreamDomain::tests, 0, 0, 0});
    const auto sample = find_model("ising")->draw({{"N", 50}}, ensemble, unused);
    for (const double temperature : temperatures) check_kernels(*sample, 5 * temperature, 5);
  });
}

TEST_CASE("parallel steps and events by table walk the reference's path") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const auto& [n, p] :
         std::vector<std::pair<SiteIndex, SiteIndex>>{{1, 1}, {31, 5}, {129, 130}, {300, 700}})
      for (const Kind kind : {Kind::random, Kind::biased, Kind::diluted, Kind::identical}) {
        const auto sample = stored(kind, n, p);
        RngStream random({20261126, StreamDomain::tests, 0, static_cast<std::uint32_t>(n), 0});
        const Configuration start = random_configuration(n, random);
        for (const double temperature : temperatures) {
          Dynamics dynamics{temperature, Rule::glauber, Order::sequential, Tie::random, Updates::synchronous};
          if (n > 1) CHECK(sample->kernels(dynamics).size() == (kind == Kind::diluted ? 1 : 2));
          for (const Updates updates : {Updates::synchronous, Updates::rejection_free}) {
            if (updates == Updates::rejection_free && n > 200) continue;
            dynamics.updates = updates;
            dynamics.kernel = Kernel::automatic;
            const Path by_table = path_of(*sample, start, dynamics, 3);
            dynamics.kernel = Kernel::scalar;
            REQUIRE(path_of(*sample, start, dynamics, 3) == by_table);
          }
        }
      }
  });
}

namespace {

std::shared_ptr<const DisorderSample> dense(DenseForm form, int p, SiteIndex n, SiteIndex k,
                                            double bias = 0) {
  RngStream random({20261128, StreamDomain::tests, static_cast<std::uint64_t>(form),
                    static_cast<std::uint32_t>(100000 * p + n), static_cast<std::uint32_t>(k)});
  Ensemble ensemble;
  ensemble.bias = bias;
  Numbers numbers{{"N", n}, {"P", k}, {"form", static_cast<double>(form)}};
  if (form != DenseForm::exponential) numbers["p"] = p;
  return find_model("dense")->draw(numbers, ensemble, random);
}

}  // namespace

TEST_CASE("kept costs of dense memories walk the reference's path") {
  tests::for_each_target([](const char* target) {
    INFO(target);
    for (const DenseForm form :
         {DenseForm::distinct, DenseForm::power, DenseForm::exponential, DenseForm::rectified})
      for (const int p : {3, 4, 5, 8}) {
        INFO("form " << static_cast<int>(form) << ", p = " << p);
        for (const auto& [n, k] : {std::pair{8, 3}, {9, 40}, {31, 255}, {32, 257}})
          for (const double temperature : temperatures) check_kernels(*dense(form, p, n, k), temperature, 4);
        if (form == DenseForm::exponential) break;
      }
  });
}

/// From a pattern, whose count 16 bits rarely hold, and from noise; alone, biased, and where most numbers are too large.
TEST_CASE("kept costs of large dense memories walk the reference's path") {
  struct Case {
    int p;
    SiteIndex n, k;
    double bias;
  };
  for (const Case& c : {Case{3, 500, 1500, 0}, Case{3, 501, 513, 0}, Case{4, 200, 3000, 0},
                        Case{4, 301, 700, 0}, Case{3, 400, 300, 0.7}, Case{6, 90, 300, 0.2}}) {
    const auto sample = dense(DenseForm::distinct, c.p, c.n, c.k, c.bias);
    RngStream random({20261129, StreamDomain::tests, 0, static_cast<std::uint32_t>(c.n), 0});
    for (const double overlap : {1.0, 0.0}) {
      const Configuration start = cued_configuration(*sample, 0, overlap, random);
      for (const double temperature : {0.05, 0.3, 2.0})
        for (const Order order : {Order::sequential, Order::random}) {
          Dynamics dynamics{temperature, Rule::metropolis, order};
          dynamics.kernel = Kernel::scalar;
          const Path reference = path_of(*sample, start, dynamics, 12);
          dynamics.kernel = Kernel::cached;
          INFO("p = " << c.p << ", N = " << c.n << ", K = " << c.k << ", T = " << temperature << ", overlap "
                      << overlap << ", order " << static_cast<int>(order));
          tests::for_each_target([&](const char* target) {
            INFO(target);
            CHECK(path_of(*sample, start, dynamics, 12) == reference);
          });
        }
    }
  }
}

TEST_CASE("a chain that changes its kernel keeps its path") {
  const auto sample = stored(Kind::random, 300, 30);
  RngStream random({20261129, StreamDomain::tests, 0, 0, 0});
  const Configuration start = random_configuration(300, random);
  for (const Order order : {Order::sequential, Order::random}) {
    Dynamics dynamics{0.3, Rule::glauber, order};
    const Path whole = path_of(*sample, start, dynamics, 400);
    dynamics.kernel = Kernel::scalar;
    CHECK(path_of(*sample, start, dynamics, 400) == whole);
  }
}

TEST_CASE("sizes beyond a kernel's numbers are left to the reference") {
  const auto kernels = [](SiteIndex n, SiteIndex p) {
    RngStream random({1, StreamDomain::tests, 0, 0, 0});
    return PairwiseKernels::available(PatternSet::rademacher(n, p, 0, random), {0.5}).size();
  };
  CHECK(kernels(3, PatternViews::largest_load) == 2);
  CHECK(kernels(3, PatternViews::largest_load + 1) == 0);
}

TEST_CASE("rows of couplings that find no room give the same path") {
  constexpr SiteIndex n = 300, p = 41;
  RngStream random({20261201, StreamDomain::tests, 0, 0, 0});
  const auto patterns = std::make_shared<const PatternSet>(PatternSet::rademacher(n, p, 0, random));
  const Dynamics dynamics{0.5, Rule::metropolis};
  const simd::BlockThresholds thresholds(dynamics, 2.0 / n);
  std::vector<Configuration> ends;
  for (const double rows : {0.0, 20.0, 300.0}) {
    const auto views = std::make_shared<const PatternViews>(patterns);
    const double most_bytes = rows * 2 * static_cast<double>(views->stride());
    PairwiseKernels kernels(views, most_bytes);
    RngStream start({20261201, StreamDomain::tests, 1, 0, 0});
    Configuration spins = random_configuration(n, start);
    std::vector<std::int32_t> counts(64 * patterns->words_per_site(), 0);
    for (SiteIndex i = 0; i < n; ++i)
      for (SiteIndex mu = 0; mu < p; ++mu)
        counts[static_cast<std::size_t>(mu)] += spins[static_cast<std::size_t>(i)] * patterns->entry(i, mu);
    for (int t = 0; t < 30; ++t)
      kernels.sweep(Kernel::cached, spins, counts, nullptr, thresholds, SweepRandomness(7, t));
    ends.push_back(spins);
    int kept = 0;
    std::vector<std::int16_t> scratch(views->stride());
    for (std::size_t i = 0; i < n; ++i) kept += views->jumps(i, 0.0, scratch.data()).bytes != nullptr;
    CHECK((rows == 0 ? kept == 0 : rows == 20 ? kept >= 20 && kept <= 40 : kept > 100));
  }
  CHECK(ends[0] == ends[2]);
  CHECK(ends[1] == ends[2]);
}

namespace {

void check_gibbs(Kind kind, SiteIndex n, SiteIndex p, const std::vector<Order>& orders, std::uint64_t& seed) {
  const auto sample = stored(kind, n, p);
  for (const Rule rule : {Rule::glauber, Rule::metropolis})
    for (const Order order : orders) {
      Dynamics dynamics{0.6, rule, order};
      for (const Kernel kernel : sample->kernels(dynamics)) {
        dynamics.kernel = kernel;
        INFO(name_of(kernel) << ", N = " << n << ", kind " << static_cast<int>(kind) << ", rule "
                             << static_cast<int>(rule) << ", order " << static_cast<int>(order));
        tests::check_against_enumeration(
            *sample, dynamics, {"energy_per_spin", "energy_variance", "overlap_abs"}, 40000, ++seed);
      }
    }
}

}  // namespace

TEST_CASE("every kernel samples the Gibbs measure") {
  std::uint64_t seed = 20261130;
  check_gibbs(Kind::random, 11, 4, {Order::sequential, Order::random}, seed);
}

TEST_CASE("every kernel samples the Gibbs measure, for all orders, sizes and patterns", "[default]") {
  std::uint64_t seed = 20261203;
  for (const SiteIndex n : {8, 14})
    for (const Kind kind : {Kind::random, Kind::biased, Kind::diluted})
      check_gibbs(kind, n, 3, {Order::sequential, Order::random, Order::permutation}, seed);
}
