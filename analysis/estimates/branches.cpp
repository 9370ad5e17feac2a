#include "analysis/estimates/branches.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {
namespace {

constexpr double widths_apart = 4, scatter = 8;
constexpr std::size_t fewest_chains = 8;

/// What tells the branches of one point apart.
struct PointBranches {
  std::optional<Branches> by_largest, by_pattern, by_fraction;
  bool knows_largest = false, knows_pattern = false, knows_fraction = false;
  int cycles = 0, chains = 0;
};

std::vector<double> moduli(const store::Series& series) {
  std::vector<double> values;
  for (const auto& chain : series.values)
    if (!std::isnan(chain.value)) values.push_back(std::abs(chain.value));
  return values;
}

double size_of(const store::GridPoint& point) {
  const auto found = point.actual.find("N");
  return found == point.actual.end() ? no_number : found->second;
}

/// The wider of two gaps.
void widen(std::optional<Branches>& known, const std::optional<Branches>& found) {
  if (found && (!known || found->gap > known->gap)) known = found;
}

std::vector<PointBranches> look(const store::ResultTable& table) {
  std::vector<PointBranches> all(table.points.size());
  for (const auto& series : table.series) {
    auto& point = all[series.point];
    const auto& name = table.observables[series.observable].name;
    const double N = size_of(table.points[series.point]);
    const auto values = moduli(series);
    if (name == "sorted_overlap" && series.component == "0") {
      point.knows_largest = true;
      widen(point.by_largest, two_branches(values, N));
    }
    if (name == "retrieval_overlap" || name == "overlap" || name == "overlap_abs") {
      point.knows_pattern = true;
      widen(point.by_pattern, two_branches(values, N));
    }
    if (name == "retrieved") {
      const auto above = static_cast<int>(std::count(values.begin(), values.end(), 1.0));
      const int chains = static_cast<int>(values.size()), fewer = std::min(above, chains - above);
      point.knows_fraction = true;
      if (fewer >= 2) point.by_fraction = Branches{fewer, chains, no_number};
    }
    if (name == "two_cycle") {
      point.cycles = static_cast<int>(std::count(values.begin(), values.end(), 1.0));
      point.chains = static_cast<int>(values.size());
    }
  }
  return all;
}

/// Energies and ordered overlaps are the same whichever pattern a chain retrieves.
bool is_blind_to_patterns(const std::string& observable) {
  return observable == "energy_per_spin" || observable == "energy_variance" ||
         observable == "specific_heat" || observable == "sorted_overlap" || observable == "step_overlap";
}

/// Chains that end at a fixed point have no tau_int; at T > 0 only averages over all states have none, and those have
/// no branches.
bool is_cold(const store::GridPoint& point) {
  const auto found = point.actual.find("T");
  return found != point.actual.end() && found->second == 0;
}

std::string reason(const PointBranches& point, bool is_blind, bool is_cued) {
  if (point.cycles > 0)
    return fmt::format("{} of {} chains ended in a cycle of length two", point.cycles, point.chains);
  std::optional<Branches> found = point.by_largest;
  if (!is_blind || !point.knows_largest) widen(found, point.by_pattern);
  if (found)
    return fmt::format("{} of {} chains lie in another branch ({:.2g} away in overlap)", found->minority,
                       found->chains, found->gap);
  if (point.knows_largest || point.knows_pattern) return "";
  if (point.by_fraction)
    return fmt::format("{} of {} chains lie on the other side of the cut", point.by_fraction->minority,
                       point.by_fraction->chains);
  if (is_cued && !point.knows_fraction)
    return "no overlap is measured, so nothing shows whether the chains kept to one branch (measure "
           "retrieval_overlap)";
  return "";
}

}  // namespace

std::optional<Branches> two_branches(std::span<const double> overlaps, double num_spins) {
  const std::size_t n = overlaps.size();
  if (n < fewest_chains) return std::nullopt;
  std::vector<double> x(overlaps.begin(), overlaps.end());
  std::sort(x.begin(), x.end());
  double total = 0, squares = 0;
  for (const double value : x) total += value;
  const double mean = total / static_cast<double>(n);
  for (const double value : x) squares += (value - mean) * (value - mean);
  double between = 0, gap = 0, below = 0;
  std::size_t cut = 0;
  for (std::size_t k = 1; k < n; ++k) {
    below += x[k - 1];
    const double left = static_cast<double>(k), right = static_cast<double>(n - k);
    const double d = (total - below) / right - below / left;
    const double b = left * right / static_cast<double>(n) * d * d;
    if (b > between) between = b, gap = d, cut = k;
  }
  const double within = std::sqrt(std::max(0.0, squares - between) / (static_cast<double>(n) - 2));
  if (!(gap > widths_apart * within && gap > scatter / std::sqrt(num_spins))) return std::nullopt;
  return Branches{static_cast<int>(std::min(cut, n - cut)), static_cast<int>(n), gap};
}

void judge_branches(const store::ResultTable& table, std::vector<Estimate>& estimates) {
  const auto points = look(table);
  for (auto& e : estimates) {
    if (e.point == no_point || !has_size_expansion(e.observable)) continue;
    const auto& point = table.points[e.point];
    const bool is_cued = point.at.back().label == "cued" && point.actual.count("start_overlap") > 0 &&
                         (!std::isnan(e.tau_int) || is_cold(point));
    const auto text = reason(points[e.point], is_blind_to_patterns(e.observable), is_cued);
    if (text.empty()) continue;
    e.is_mixture = true;
    e.note = text;
  }
}

}  // namespace mattis::analysis
