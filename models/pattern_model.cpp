#include "models/pattern_model.hpp"

#include <fmt/format.h>
#include <cmath>
#include <limits>

namespace mattis {

std::shared_ptr<const PatternSet> draw_patterns(SiteIndex num_spins, SiteIndex num_patterns,
                                                const Ensemble& ensemble, RngStream& disorder) {
  if (ensemble.name == "file") {
    MATTIS_CHECK(static_cast<SiteIndex>(ensemble.table->columns) == num_spins);
    return std::make_shared<PatternSet>(PatternSet::from_table(*ensemble.table, num_patterns, disorder));
  }
  return std::make_shared<PatternSet>(
      PatternSet::rademacher(num_spins, num_patterns, ensemble.bias, disorder));
}

GridAxis pattern_load() {
  return {.one_of = {{"P", "number of stored patterns"},
                     {"alpha", "load P / N; P is the nearest integer to alpha N"}},
          .is_load = true};
}

Numbers resolve_load_per_spin(const Numbers& asked) {
  const double n = asked.at("N");
  const auto by_load = asked.find("alpha");
  const std::string key = by_load != asked.end() ? "alpha" : "P";
  const double load = asked.at(key);
  // 0.145 * 100 is a little below 14.5 in binary: a relative 4e-16 makes halves of decimals halves again.
  constexpr double rounding = 2 * std::numeric_limits<double>::epsilon();
  const double p = key == "alpha" ? std::floor(load * n * (1 + rounding) + 0.5) : load;
  if (!(p >= 1))
    throw ParameterError(key, fmt::format("{} = {} stores no pattern at N = {}", key, load, n),
                         key == "alpha"
                             ? fmt::format("P = alpha N rounds to {}; take alpha >= {}", p, 0.5 / n)
                             : "P is a whole number from 1 on");
  if (p != std::floor(p)) throw ParameterError(key, fmt::format("P = {} is no whole number", p));
  if (p > 2147483647.0 || p * n > 1e15)
    throw ParameterError(
        key, fmt::format("{} = {} gives {} patterns at N = {}: more than any memory", key, load, p, n));
  return {{"N", n}, {"P", p}, {"alpha_actual", p / n}};
}

std::pair<double, double> pattern_memory(const Numbers& actual, double bytes_per_count) {
  const double n = actual.at("N"), p = actual.at("P");
  return {n * 8 * std::ceil(p / 64), n + bytes_per_count * p};
}

}  // namespace mattis
