#include "models/start.hpp"

#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace mattis {

Configuration random_configuration(SiteIndex num_spins, RngStream& random) {
  std::vector<std::uint64_t> bits((static_cast<std::size_t>(num_spins) + 63) / 64);
  for (auto& word : bits) word = random();
  return unpacked(bits, num_spins);
}

Configuration cued_configuration(const DisorderSample& sample, SiteIndex mu, double overlap,
                                 RngStream& random) {
  const SiteIndex n = sample.num_spins();
  Configuration spins = random_configuration(n, random);
  for (SiteIndex i = 0; i < n; ++i)
    if (const int entry = sample.pattern_entry(i, mu); entry != 0)
      spins[static_cast<std::size_t>(i)] = static_cast<Spin>(entry);
  // 1 - 0.9 is a little below 0.1 in binary: N times the rounding of 1 makes half a flip half a flip again.
  const double rounding = n * std::numeric_limits<double>::epsilon();
  const auto num_flips = static_cast<SiteIndex>(std::floor((1 - overlap) * n / 2 + 0.5 + rounding));
  std::vector<SiteIndex> site(static_cast<std::size_t>(n));
  std::iota(site.begin(), site.end(), SiteIndex{0});
  for (SiteIndex k = 0; k < num_flips; ++k) {
    boost::random::uniform_int_distribution<SiteIndex> pick(k, n - 1);
    std::swap(site[static_cast<std::size_t>(k)], site[static_cast<std::size_t>(pick(random))]);
    Spin& spin = spins[static_cast<std::size_t>(site[static_cast<std::size_t>(k)])];
    spin = static_cast<Spin>(-spin);
  }
  return spins;
}

}  // namespace mattis
