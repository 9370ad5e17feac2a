#include "analysis/estimates/finite_size.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimates/linear_fit.hpp"
#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {
namespace {

/// One observable at one place of the grid, at all its sizes.
using SizeSeries = std::vector<const Estimate*>;

constexpr std::string_view actual_suffix = "_actual";

std::string place_but_size(const Estimate& estimate, std::size_t size_axis) {
  auto key = estimate.observable + '\n' + estimate.component;
  for (std::size_t a = 0; a < estimate.at.size(); ++a)
    if (a != size_axis) key += fmt::format("\n{} {}", estimate.at[a].number, estimate.at[a].label);
  return key;
}

std::vector<SizeSeries> gather(const std::vector<Estimate>& estimates, std::size_t size_axis) {
  std::map<std::string, std::size_t> place;
  std::vector<SizeSeries> gathered;
  for (const auto& estimate : estimates) {
    if (estimate.point == no_point || estimate.samples == 0 || !has_size_expansion(estimate.observable))
      continue;
    const auto [found, is_new] = place.try_emplace(place_but_size(estimate, size_axis), gathered.size());
    if (is_new) gathered.emplace_back();
    gathered[found->second].push_back(&estimate);
  }
  return gathered;
}

/// The grid point at N = inf: the load is the one asked for, what differed between sizes is gone. Nothing if
/// a load was rounded but none was asked for (P on the grid): then theory has no place to be asked at.
std::optional<store::GridPoint> point_at_infinity(const store::ResultTable& table, const SizeSeries& sizes) {
  store::GridPoint point;
  point.at = sizes.front()->at;
  point.at[static_cast<std::size_t>(table.axis("N"))].number = infinity;
  for (const auto& [name, value] : sizes.front()->actual) {
    const auto& key = name;
    const double common = value;
    const bool is_common = std::all_of(sizes.begin(), sizes.end(), [&key, common](const Estimate* e) {
      const auto found = e->actual.find(key);
      return found != e->actual.end() &&
             (found->second == common || (std::isnan(found->second) && std::isnan(common)));
    });
    if (is_common) point.actual[name] = value;
  }
  bool is_complete = true;
  for (std::size_t a = 0; a < table.axes.size(); ++a)
    if (!table.axes[a].is_label) point.actual[table.axes[a].name] = point.at[a].number;
  for (const auto& [name, value] : sizes.front()->actual) {
    if (name.size() <= actual_suffix.size() || !name.ends_with(actual_suffix)) continue;
    const auto asked = name.substr(0, name.size() - actual_suffix.size());
    if (const int axis = table.axis(asked); axis >= 0)
      point.actual[name] = point.at[static_cast<std::size_t>(axis)].number;
    else
      is_complete = is_complete && point.actual.count(name) > 0;
  }
  point.actual["N"] = infinity;
  return is_complete ? std::optional{point} : std::nullopt;
}

std::string common_verdict(const SizeSeries& sizes) {
  bool all_met = true;
  for (const auto* e : sizes) {
    if (e->equilibrated == "metastable") return "metastable";
    all_met = all_met && e->equilibrated == "yes";
  }
  return all_met ? "yes" : "";
}

void extrapolate_one(const store::ResultTable& table, const SizeSeries& all, const TheoryValue& theory,
                     SizeExtrapolation& result) {
  const auto size_axis = static_cast<std::size_t>(table.axis("N"));
  SizeSeries usable;
  std::set<double> sizes;
  for (const auto* e : all)
    if (e->error > 0 && std::isfinite(e->error)) usable.push_back(e), sizes.insert(e->at[size_axis].number);
  RejectedFit rejected{all.front()->at, all.front()->observable, all.front()->component, {}, {}};
  rejected.at[size_axis].number = infinity;
  rejected.sizes.assign(sizes.begin(), sizes.end());
  if (sizes.size() < 3) {
    rejected.reason = "fewer than three sizes have a positive error";
    result.rejected.push_back(std::move(rejected));
    return;
  }

  Estimate row;
  row.at = rejected.at;
  row.observable = rejected.observable;
  row.component = rejected.component;
  const auto point = point_at_infinity(table, all);
  if (point) row.actual = point->actual;
  std::vector<double> predicted(usable.size(), 0);
  if (theory && point) {
    if (const auto asked = theory(*point, row.observable, row.component))
      std::tie(row.theory, row.theory_level) = *asked;
    bool is_known = row.theory.has_value();
    for (std::size_t k = 0; is_known && k < usable.size(); ++k) {
      const auto there = theory(table.points[usable[k]->point], row.observable, row.component);
      is_known = there.has_value();
      if (is_known) predicted[k] = there->first;
    }
    if (!is_known)
      std::fill(predicted.begin(), predicted.end(), 0.0);
    else
      row.mean = *row.theory;
  }
  const double shift = std::isnan(row.mean) ? 0 : row.mean;

  std::vector<std::vector<double>> design;
  std::vector<double> y, errors, freedom;
  for (std::size_t k = 0; k < usable.size(); ++k) {
    design.push_back({1, 1 / usable[k]->at[size_axis].number});
    y.push_back(usable[k]->mean - predicted[k]);
    errors.push_back(usable[k]->error);
    freedom.push_back(usable[k]->samples > 1 ? usable[k]->samples - 1 : infinity);
  }
  const auto fit = fit_linear(design, y, errors, freedom);
  if (!fit || !(fit->quality.p_value >= smallest_p_value)) {
    rejected.reason =
        fit ? fmt::format("a + b/N does not describe the sizes (p-value {:.2g})", fit->quality.p_value)
            : std::string{"the fit is singular"};
    if (fit) {
      rejected.chi_squared = fit->quality.value;
      rejected.dof = fit->quality.dof;
      rejected.p_value = fit->quality.p_value;
    }
    result.rejected.push_back(std::move(rejected));
    return;
  }

  row.mean = fit->parameters[0] + shift;
  row.error = std::sqrt(fit->covariance(0, 0));
  double thermal = 0;
  for (std::size_t k = 0; k < usable.size(); ++k) {
    const double weight = fit->weights[0][k];
    thermal += weight * weight * usable[k]->error_thermal * usable[k]->error_thermal;
    for (const auto& term : usable[k]->terms) row.terms.push_back({term.series, weight * term.weight});
    row.samples += usable[k]->samples;
  }
  for (const auto* e : all) row.left_out += e->left_out;
  row.error_thermal = std::sqrt(thermal);
  const bool has_spread =
      std::all_of(usable.begin(), usable.end(), [](const Estimate* e) { return e->samples > 1; });
  const double excess = row.error * row.error - thermal;
  if (has_spread) row.error_disorder = excess < 0 ? 0 : std::sqrt(excess);
  row.equilibrated = common_verdict(usable);
  row.chi2_per_dof = fit->quality.value / fit->quality.dof;
  row.p_value = fit->quality.p_value;
  if (row.theory) row.z = (row.mean - *row.theory) / row.error;
  result.rows.push_back(std::move(row));
}

}  // namespace

SizeExtrapolation extrapolate_sizes(const store::ResultTable& table, const std::vector<Estimate>& estimates,
                                    const TheoryValue& theory) {
  SizeExtrapolation result;
  const int axis = table.axis("N");
  if (axis < 0) return result;
  for (const auto& sizes : gather(estimates, static_cast<std::size_t>(axis))) {
    std::set<double> distinct;
    for (const auto* e : sizes) distinct.insert(e->at[static_cast<std::size_t>(axis)].number);
    if (distinct.size() >= 3) extrapolate_one(table, sizes, theory, result);
  }
  return result;
}

}  // namespace mattis::analysis
