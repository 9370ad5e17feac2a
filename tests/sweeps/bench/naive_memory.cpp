// The naive baseline of dense memories: its costs are those of the energy's definition.
#include "sweeps/bench/naive_memory.hpp"

#include <catch2/catch.hpp>

#include "models/catalogue.hpp"
#include "models/start.hpp"

using namespace mattis;

TEST_CASE("costs of the naive memory are differences of the slow energy") {
  const ModelEntry& model = *find_model("dense");
  for (const int p : {3, 4, 5}) {
    RngStream random({20261128, StreamDomain::tests, 7, static_cast<std::uint32_t>(p), 0});
    const auto sample = model.draw(
        model.resolve({{"N", 12}, {"K", 21}, {"p", static_cast<double>(p)}, {"form", 0}}), {}, random);
    const auto naive = std::make_shared<const bench::NaivePatterns>(*sample, p);
    const auto energy = sample->reference_energy();
    bench::NaiveMemoryChain chain(naive, random_configuration(12, random), 1.5, Order::sequential, 5);
    for (int sweep = 0; sweep < 6; ++sweep) {
      Configuration spins(chain.spins().begin(), chain.spins().end());
      const double before = energy(spins);
      for (SiteIndex i = 0; i < 12; ++i) {
        Spin& spin = spins[static_cast<std::size_t>(i)];
        spin = static_cast<Spin>(-spin);
        CHECK(chain.cost(i) == Approx(energy(spins) - before).epsilon(1e-4).margin(1e-4));
        spin = static_cast<Spin>(-spin);
      }
      CHECK(chain.sweep() > 0);
    }
  }
}
