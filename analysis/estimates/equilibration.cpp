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

double mean_of(const SampleMeans& means) {
  double sum = 0;
  for (const double value : means.value) sum += value;
  return sum / static_cast<double>(means.value.size());
}

/// Sample by sample on common disorder (eight samples or more), else from the thermal errors; nothing without
/// either. Of overlaps the modulus: s -> -s is a symmetry that the starts break differently.
std::optional<bool> agree(const store::ResultTable& table, const Estimate& a, const Estimate& b) {
  auto x = sample_means(table.series[a.terms.front().series]);
  auto y = sample_means(table.series[b.terms.front().series]);
  if (a.observable == "retrieval_overlap")
    for (auto* means : {&x, &y})
      for (double& value : means->value) value = std::abs(value);
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
  if (n < 8) {
    const double sigma = std::hypot(a.error_thermal, b.error_thermal);
    if (!(sigma > 0)) return std::nullopt;
    return std::abs(mean_of(x) - mean_of(y)) <= 4 * sigma;
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
  using Place = std::pair<PlaceKey, std::string>;  // and the observable
  std::map<Place, std::pair<std::vector<const Estimate*>, std::vector<const Estimate*>>> branches_at;
  for (const auto& estimate : estimates) {
    if (estimate.point == no_point || estimate.samples == 0) continue;
    if (estimate.observable != "energy_per_spin" && estimate.observable != "retrieval_overlap") continue;
    const auto& label = estimate.at[static_cast<std::size_t>(start)].label;
    auto& [cued, random] =
        branches_at[{place_but_start(table, table.points[estimate.point]), estimate.observable}];
    if (label == "cued") cued.push_back(&estimate);
    if (label == "random") random.push_back(&estimate);
  }
  std::map<std::size_t, std::string> verdict;
  const auto record = [&verdict](std::size_t point, bool met) {
    auto& word = verdict[point];
    if (word != "metastable") word = met ? "yes" : "metastable";
  };
  for (const auto& [place, branches] : branches_at)
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
