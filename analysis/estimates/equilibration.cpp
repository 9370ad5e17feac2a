// Did the cued and the random start of one point meet?
#include <cmath>
#include <map>
#include <optional>

#include "analysis/estimates/disorder_average.hpp"

namespace mattis::analysis {
namespace {

/// Two points that differ in nothing but how they started have equal keys.
using PlaceKey = std::vector<std::pair<double, std::string>>;

PlaceKey place_but_start(const store::ResultTable& table, const store::GridPoint& point) {
  PlaceKey key;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    const auto& name = table.axes[a].name;
    if (name == "start" || name == "start_overlap") continue;
    key.emplace_back(std::isnan(point.at[a].number) ? 0 : point.at[a].number, point.at[a].label);
  }
  return key;
}

/// Sample by sample on common disorder (four samples or more), else from the thermal errors; nothing without
/// either.
std::optional<bool> agree(const store::ResultTable& table, const Estimate& a, const Estimate& b) {
  const auto x = sample_means(table.series[a.terms.front().series]);
  const auto y = sample_means(table.series[b.terms.front().series]);
  std::vector<double> difference;
  if (table.points[a.point].disorder == table.points[b.point].disorder)
    for (std::size_t i = 0, j = 0; i < x.sample.size() && j < y.sample.size();) {
      if (x.sample[i] == y.sample[j])
        difference.push_back(x.value[i++] - y.value[j++]);
      else if (x.sample[i] < y.sample[j])
        ++i;
      else
        ++j;
    }
  const double n = static_cast<double>(difference.size());
  if (n < 4) {
    const double sigma = std::hypot(a.error_thermal, b.error_thermal);
    if (!(sigma > 0)) return std::nullopt;
    return std::abs(a.mean - b.mean) <= 4 * sigma;
  }
  double sum = 0, squares = 0;
  for (const double d : difference) sum += d;
  for (const double d : difference) squares += (d - sum / n) * (d - sum / n);
  return std::abs(sum / n) <= 4 * std::sqrt(squares / (n * (n - 1)));
}

}  // namespace

void judge_equilibration(const store::ResultTable& table, std::vector<Estimate>& estimates) {
  const int start = table.axis("start");
  if (start < 0) return;
  std::map<PlaceKey, std::pair<std::vector<const Estimate*>, std::vector<const Estimate*>>> energies;
  for (const auto& estimate : estimates) {
    if (estimate.point == no_point || estimate.observable != "energy_per_spin" || estimate.samples == 0)
      continue;
    const auto& label = estimate.at[static_cast<std::size_t>(start)].label;
    auto& [cued, random] = energies[place_but_start(table, table.points[estimate.point])];
    if (label == "cued") cued.push_back(&estimate);
    if (label == "random") random.push_back(&estimate);
  }
  std::map<std::size_t, std::string> verdict;
  const auto record = [&verdict](std::size_t point, bool met) {
    auto& word = verdict[point];
    if (word != "metastable") word = met ? "yes" : "metastable";
  };
  for (const auto& [place, branches] : energies)
    for (const auto* cued : branches.first)
      for (const auto* random : branches.second)
        if (const auto met = agree(table, *cued, *random)) {
          record(cued->point, *met);
          record(random->point, *met);
        }
  for (auto& estimate : estimates)
    if (const auto found = verdict.find(estimate.point); found != verdict.end())
      estimate.equilibrated = found->second;
}

}  // namespace mattis::analysis
