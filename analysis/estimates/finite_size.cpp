#include "analysis/estimates/finite_size.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "analysis/estimates/linear_fit.hpp"
#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {
namespace {

/// One observable at one place of the grid, at all its sizes.
using SizeSeries = std::vector<const Estimate*>;

/// A load that was rounded enters a fit as it is if that moves the mean by no more than this share of its error.
constexpr double tolerated_load_shift = 0.2;

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
  for (const auto& entry : sizes.front()->actual) {
    const bool is_common = std::all_of(sizes.begin(), sizes.end(), [&entry](const Estimate* e) {
      const auto found = e->actual.find(entry.first);
      return found != e->actual.end() && found->second == entry.second;
    });
    if (is_common) point.actual.insert(entry);
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
    if (e->equilibrated == "no" || e->equilibrated == "metastable") return e->equilibrated;
    all_met = all_met && e->equilibrated == "yes";
  }
  return all_met ? "yes" : "";
}

/// What is subtracted at every size and added again at infinity: theory where it is known throughout, else 0.
struct Reference {
  std::vector<double> at_sizes;
  double at_infinity = 0;
  bool is_known = false;
};

Reference find_reference(const store::ResultTable& table, const SizeSeries& sizes, const TheoryValue& theory,
                         const Estimate& row) {
  Reference none{std::vector<double>(sizes.size(), 0.0)};
  if (!row.theory) return none;
  Reference reference{{}, *row.theory, true};
  for (const auto* e : sizes) {
    const auto there = theory(table.points[e->point], e->observable, e->component);
    if (!there) return none;
    reference.at_sizes.push_back(there->first);
  }
  return reference;
}

std::optional<LinearFit> fit_sizes(const SizeSeries& sizes, std::size_t size_axis,
                                   const Reference& reference) {
  std::vector<std::vector<double>> design;
  std::vector<double> y, errors, freedom;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    design.push_back({1, 1 / sizes[k]->at[size_axis].number});
    y.push_back(sizes[k]->mean - reference.at_sizes[k]);
    errors.push_back(sizes[k]->error);
    freedom.push_back(sizes[k]->samples > 1 ? sizes[k]->samples - 1 : infinity);
  }
  return fit_linear(design, y, errors, freedom);
}

/// Errors and terms of the row at infinity: weight_k of each size in the intercept.
void complete(Estimate& row, const SizeSeries& sizes, const LinearFit& fit) {
  row.error = std::sqrt(fit.covariance(0, 0));
  double thermal = 0;
  bool has_spread = true;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const double weight = fit.weights[0][k];
    thermal += weight * weight * sizes[k]->error_thermal * sizes[k]->error_thermal;
    for (const auto& term : sizes[k]->terms) row.terms.push_back({term.series, weight * term.weight});
    row.samples += sizes[k]->samples;
    has_spread = has_spread && sizes[k]->samples > 1;
  }
  row.error_thermal = std::sqrt(thermal);
  row.is_frozen = std::all_of(sizes.begin(), sizes.end(), [](const Estimate* e) { return e->is_frozen; });
  const double excess = row.error * row.error - thermal;
  if (has_spread) row.error_disorder = excess < 0 ? 0 : std::sqrt(excess);
  row.equilibrated = common_verdict(sizes);
  row.chi2_per_dof = fit.quality.value / fit.quality.dof;
  row.p_value = fit.quality.p_value;
  if (row.theory && !is_bound(row.theory_level)) row.z = (row.mean - *row.theory) / row.error;
}

/// Largest |d mean / d load| that the neighbours of e on the load axis show; nothing if it has none. On either side the
/// nearest at 20 |shift| or further, else the furthest: nearer ones would say more of their errors than of the slope.
std::optional<double> slope_at(const std::vector<Estimate>& estimates, const Estimate& e,
                               std::size_t load_axis, const std::string& load, double shift) {
  constexpr double far = 20;
  std::map<double, double> mean_at;
  for (const auto& other : estimates) {
    if (other.point == no_point || other.samples == 0 || other.observable != e.observable ||
        other.component != e.component || other.actual.count(load) == 0)
      continue;
    auto at = other.at;
    at[load_axis] = e.at[load_axis];
    if (at == e.at) mean_at[other.actual.at(load) - e.actual.at(load)] = other.mean;
  }
  std::optional<double> below, above;  // distances
  for (const auto& [distance, mean] : mean_at) {
    if (distance < 0 && (!below || -distance >= far * shift)) below = distance;
    if (distance > 0 && (!above || *above < far * shift)) above = distance;
  }
  std::optional<double> slope;
  for (const auto& distance : {below, above})
    if (distance) slope = std::max(slope.value_or(0), std::abs((mean_at.at(*distance) - e.mean) / *distance));
  return slope;
}

/// "; N a multiple of 20 makes alpha N whole", where a multiple up to 10000 does.
std::string hint_of_sizes(const std::string& asked, double load) {
  for (int n = 1; n <= 10000; ++n)
    if (std::abs(load * n - std::round(load * n)) < 1e-9 * n)
      return fmt::format("; N a multiple of {} makes {} N whole", n, asked);
  return "";
}

/// Why sizes of different actual load are not one fit, or empty.
std::string reason_of_loads(const store::ResultTable& table, const std::vector<Estimate>& estimates,
                            const SizeSeries& sizes) {
  for (const auto& [name, value] : sizes.front()->actual) {
    if (name.size() <= actual_suffix.size() || !name.ends_with(actual_suffix)) continue;
    const auto asked = name.substr(0, name.size() - actual_suffix.size());
    const int axis = table.axis(asked);
    if (axis < 0) continue;
    const auto load_axis = static_cast<std::size_t>(axis);
    for (const auto* e : sizes) {
      const double load = e->at[load_axis].number, actual = e->actual.at(name);
      if (std::abs(actual - load) <= 1e-12 * std::abs(load)) continue;
      const auto slope = slope_at(estimates, *e, load_axis, name, std::abs(actual - load));
      if (slope && *slope * std::abs(actual - load) <= tolerated_load_shift * e->error) continue;
      return fmt::format("N = {} has {} = {:.6g} instead of {:.6g}, {}{}",
                         e->at[static_cast<std::size_t>(table.axis("N"))].number, asked, actual, load,
                         slope ? fmt::format("which shifts the mean by {:.2g} of its error",
                                             *slope * std::abs(actual - load) / e->error)
                               : "and no other load was measured to tell how much that matters",
                         hint_of_sizes(asked, load));
    }
  }
  return "";
}

std::string at_size(const Estimate& e, std::size_t size_axis) {
  return fmt::format("N = {}: {}", e.at[size_axis].number, e.note);
}

void extrapolate_one(const store::ResultTable& table, const std::vector<Estimate>& estimates,
                     const SizeSeries& all, const TheoryValue& theory, SizeExtrapolation& result) {
  const auto size_axis = static_cast<std::size_t>(table.axis("N"));
  Estimate row;
  row.at = all.front()->at;
  row.at[size_axis].number = infinity;
  row.observable = all.front()->observable;
  row.component = all.front()->component;

  SizeSeries usable;
  std::set<double> sizes;
  double num_strayed = 0;
  const Estimate *mixture = nullptr, *selected = nullptr;
  for (const auto* e : all) {
    row.left_out += e->left_out;
    if (e->is_mixture) mixture = e;
    const auto strayed = e->actual.find(store::strayed_chains);
    if (strayed != e->actual.end()) num_strayed += strayed->second;
    if (!(e->error > 0) || !std::isfinite(e->error) || e->samples < fewest_samples) continue;
    if (e->is_selected) {
      selected = e;
      continue;
    }
    usable.push_back(e);
    sizes.insert(e->at[size_axis].number);
  }
  RejectedFit rejected{row.at, row.observable, row.component, {}, {sizes.begin(), sizes.end()}};
  if (num_strayed > 0 || mixture || sizes.size() < 3) {
    if (num_strayed > 0)
      rejected.reason = fmt::format("{} chains strayed to another branch and are averaged in", num_strayed);
    else if (mixture)
      rejected.reason = at_size(*mixture, size_axis);
    else if (selected)
      rejected.reason = at_size(*selected, size_axis);
    else
      rejected.reason =
          fmt::format("fewer than three sizes have a positive error and {} samples", fewest_samples);
    result.rejected.push_back(std::move(rejected));
    return;
  }
  if (const auto point = point_at_infinity(table, all)) {
    row.actual = point->actual;
    if (theory)
      if (const auto asked = theory(*point, row.observable, row.component))
        std::tie(row.theory, row.theory_level) = *asked;
  }
  const auto reference = find_reference(table, usable, theory, row);
  if (!reference.is_known) {
    rejected.reason = reason_of_loads(table, estimates, usable);
    if (!rejected.reason.empty()) {
      result.rejected.push_back(std::move(rejected));
      return;
    }
  }
  const auto fit = fit_sizes(usable, size_axis, reference);
  if (fit && fit->quality.p_value >= smallest_p_value) {
    row.mean = fit->parameters[0] + reference.at_infinity;
    complete(row, usable, *fit);
    result.rows.push_back(std::move(row));
    return;
  }
  rejected.reason = "the fit is singular";
  if (fit) {
    const auto& quality = fit->quality;
    rejected.reason = fmt::format("a + b/N does not describe the sizes (p-value {:.2g})", quality.p_value);
    std::tie(rejected.chi_squared, rejected.dof, rejected.p_value) =
        std::tie(quality.value, quality.dof, quality.p_value);
  }
  result.rejected.push_back(std::move(rejected));
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
    if (distinct.size() >= 3) extrapolate_one(table, estimates, sizes, theory, result);
  }
  return result;
}

}  // namespace mattis::analysis
