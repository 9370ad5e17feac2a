// Did the cued and the random start of one point meet?
#include <cmath>
#include <map>
#include <optional>
#include <set>

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

/// A difference below this is none: a tenth in the overlap, a hundredth in the energy per spin.
double tolerated(const std::string& observable) { return observable == "retrieval_overlap" ? 0.1 : 0.01; }

struct Difference {
  double value = 0, sigma = no_number;
};

enum class Verdict { agree, differ, unknown };

Verdict judge(const Difference& difference, double tolerance) {
  if (std::abs(difference.value) > 4 * difference.sigma) return Verdict::differ;
  if (std::abs(difference.value) + 2 * difference.sigma <= tolerance) return Verdict::agree;
  return Verdict::unknown;  // no difference seen, but one that matters would not have been either
}

/// Sample by sample on common disorder (eight samples or more), else from the thermal errors; nothing without
/// either. Of overlaps the modulus: s -> -s is a symmetry that the starts break differently.
std::optional<Difference> difference_of(const store::ResultTable& table, const Estimate& a,
                                        const Estimate& b) {
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
    return Difference{mean_of(x) - mean_of(y), sigma};
  }
  double sum = 0, squares = 0;
  for (const double d : difference) sum += d;
  for (const double d : difference) squares += (d - sum / n) * (d - sum / n);
  return Difference{sum / n, std::sqrt(squares / (n * (n - 1)))};
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
  std::map<std::size_t, Verdict> verdicts;
  const auto record = [&verdicts](std::size_t point, Verdict verdict) {
    auto& known = verdicts.try_emplace(point, verdict).first->second;
    if (known == Verdict::differ || verdict == Verdict::agree) return;
    known = verdict;
  };
  for (const auto& [place, branches] : branches_at)
    for (const auto* cued : branches.first)
      for (const auto* random : branches.second)
        if (const auto difference = difference_of(table, *cued, *random)) {
          const auto verdict = judge(*difference, tolerated(cued->observable));
          record(cued->point, verdict);
          record(random->point, verdict);
        }
  std::set<std::size_t> divided;  // chains of one start in several branches
  for (const auto& estimate : estimates)
    if (estimate.point != no_point && estimate.is_mixture) divided.insert(estimate.point);
  for (auto& estimate : estimates) {
    const auto found = verdicts.find(estimate.point);
    if (found == verdicts.end()) continue;
    if (divided.count(estimate.point) > 0)
      estimate.equilibrated = "no";
    else if (found->second != Verdict::unknown)
      estimate.equilibrated = found->second == Verdict::agree ? "yes" : "metastable";
  }
}

}  // namespace mattis::analysis
