#include "analysis/estimates/advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {
namespace {

std::string percent_range(double least, double largest) {
  const std::string from = fmt::format("{:.0f}", 100 * least), to = fmt::format("{:.0f}", 100 * largest);
  return from == to ? from : from + " ... " + to;
}

/// 17320 -> "17000".
std::string two_digits(double value) {
  const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(value)) - 1));
  return fmt::format("{:.0f}", unit * std::round(value / unit));
}

}  // namespace

std::string name_of(Remedy remedy) {
  if (remedy == Remedy::samples) return "samples";
  return remedy == Remedy::sweeps ? "sweeps" : "either";
}

std::optional<Advice> advise(const Estimate& estimate, const RunLength& run) {
  if (!(estimate.error > 0) || estimate.samples < 1) return std::nullopt;
  Advice advice;
  if (is_fraction(estimate.observable)) {
    advice.disorder_share = 1;
    advice.best_sweeps = 0;
    return advice;
  }
  if (std::isnan(estimate.error_thermal)) return std::nullopt;
  const double variance = estimate.error * estimate.error;
  const double thermal = std::min(variance, estimate.error_thermal * estimate.error_thermal);
  advice.gain = thermal / variance * (1 + run.burn_in / run.sweeps);
  if (estimate.is_frozen) advice.gain = 0;
  if (estimate.samples < 2) return advice;
  advice.disorder_share = 1 - thermal / variance;
  advice.best_sweeps = thermal > 0 ? std::sqrt(run.burn_in * run.sweeps * thermal / (variance - thermal)) : 0;
  if (estimate.is_frozen) {  // nothing moves: longer runs change nothing
    advice.best_sweeps = 0;
    return advice;
  }
  const double uncertainty = advice.gain * std::sqrt(2.0 / (estimate.samples - 1));
  if (std::abs(advice.gain - 1) <= uncertainty)
    advice.remedy = Remedy::either;
  else if (advice.gain > 1)
    advice.remedy = Remedy::sweeps;
  return advice;
}

std::vector<ObservableAdvice> advise(const std::vector<Estimate>& estimates, const RunLength& run) {
  std::vector<ObservableAdvice> all;
  std::vector<std::vector<double>> logarithms;  // of n*
  for (const Estimate& estimate : estimates) {
    const auto advice = advise(estimate, run);
    if (!advice) continue;
    auto found = std::find_if(all.begin(), all.end(), [&](const ObservableAdvice& known) {
      return known.observable == estimate.observable;
    });
    if (found == all.end()) {
      found = all.insert(all.end(), {estimate.observable});
      logarithms.emplace_back();
    }
    ++(advice->remedy == Remedy::samples  ? found->samples
       : advice->remedy == Remedy::sweeps ? found->sweeps
                                          : found->either);
    found->least_share = std::fmin(found->least_share, advice->disorder_share);
    found->largest_share = std::fmax(found->largest_share, advice->disorder_share);
    if (advice->remedy == Remedy::sweeps && std::isfinite(advice->best_sweeps))
      logarithms[static_cast<std::size_t>(found - all.begin())].push_back(std::log(advice->best_sweeps));
  }
  for (std::size_t k = 0; k < all.size(); ++k) {
    double sum = 0;
    for (const double logarithm : logarithms[k]) sum += logarithm;
    if (!logarithms[k].empty())
      all[k].best_sweeps = std::exp(sum / static_cast<double>(logarithms[k].size()));
  }
  return all;
}

std::string sentence(const ObservableAdvice& advice) {
  const int total = advice.samples + advice.sweeps + advice.either;
  std::vector<std::string> parts;
  for (const auto& [name, count] :
       {std::pair{"samples", advice.samples}, {"sweeps", advice.sweeps}, {"either", advice.either}}) {
    if (count == 0) continue;
    parts.push_back(count == total ? name : fmt::format("{} in {} of {} rows", name, count, total));
  }
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (std::isnan(advice.least_share)) return text + " (one sample knows nothing of the disorder)";
  text += fmt::format(" (disorder makes {} % of the error squared",
                      percent_range(advice.least_share, advice.largest_share));
  if (!std::isnan(advice.best_sweeps))
    text += fmt::format("; sweeps pay up to runs of about {}", two_digits(advice.best_sweeps));
  return text + ")";
}

}  // namespace mattis::analysis
