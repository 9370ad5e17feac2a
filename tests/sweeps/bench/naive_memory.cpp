// The naive baselines of dense memories: their costs are those of the energy's definition.
#include "sweeps/bench/naive_memory.hpp"

#include <catch2/catch.hpp>

#include "models/catalogue.hpp"
#include "models/start.hpp"
#include "sweeps/bench/naive_tensor.hpp"

using namespace mattis;

namespace {

std::shared_ptr<const DisorderSample> memory(int p, RngStream& random) {
  const ModelEntry& model = *find_model("dense");
  return model.draw(model.resolve({{"N", 12}, {"K", 21}, {"p", static_cast<double>(p)}, {"form", 0}}), {},
                    random);
}

template <class NaiveChain>
void check_costs(NaiveChain& chain, const DisorderSample& sample) {
  const auto energy = sample.reference_energy();
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

}  // namespace

TEST_CASE("costs of the naive memory are differences of the slow energy") {
  for (const int p : {3, 4, 5}) {
    RngStream random({20261128, StreamDomain::tests, 7, static_cast<std::uint32_t>(p), 0});
    const auto sample = memory(p, random);
    const auto naive = std::make_shared<const bench::NaivePatterns>(*sample, p);
    bench::NaiveMemoryChain chain(naive, random_configuration(12, random), 1.5, Order::sequential, 5);
    check_costs(chain, *sample);
  }
}

TEST_CASE("costs of the naive tensor are differences of the slow energy") {
  RngStream random({20261129, StreamDomain::tests, 7, 0, 0});
  const auto sample = memory(3, random);
  const auto tensor = std::make_shared<const bench::NaiveTensor>(*sample);
  CHECK(tensor->row(3, 5)[7] == tensor->row(7, 3)[5]);
  CHECK(tensor->row(3, 3)[7] == 0);
  bench::NaiveTensorChain chain(tensor, random_configuration(12, random), 1.5, Order::random, 5);
  check_costs(chain, *sample);
}
