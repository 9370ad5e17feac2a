#include "analysis/compare.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "analysis/estimates/branches.hpp"
#include "analysis/estimates/chi_squared.hpp"
#include "analysis/estimates/disorder_average.hpp"
#include "analysis/estimates/selection.hpp"

namespace mattis::analysis {
namespace {

/// An error below this share of the mean is what sums of doubles leave of zero: no z is formed with it.
constexpr double rounding = 1e-13;

/// Correlation of two series over the samples they share, times n_kl / sqrt(n_k n_l).
double sample_correlation(const SampleMeans& x, const SampleMeans& y) {
  std::vector<std::pair<double, double>> common;
  for (std::size_t i = 0, j = 0; i < x.sample.size() && j < y.sample.size();) {
    if (x.sample[i] == y.sample[j])
      common.emplace_back(x.value[i++], y.value[j++]);
    else if (x.sample[i] < y.sample[j])
      ++i;
    else
      ++j;
  }
  const double n = static_cast<double>(common.size());
  if (n < 2) return 0;
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
  for (const auto& [a, b] : common) mean_x += a / n, mean_y += b / n;
  for (const auto& [a, b] : common) {
    xx += (a - mean_x) * (a - mean_x);
    xy += (a - mean_x) * (b - mean_y);
    yy += (b - mean_y) * (b - mean_y);
  }
  if (!(xx > 0) || !(yy > 0)) return 0;
  const double sizes = static_cast<double>(x.sample.size()) * static_cast<double>(y.sample.size());
  return xy / std::sqrt(xx * yy) * n / std::sqrt(sizes);
}

/// The estimates of one curve as linear combinations of series, and what its chi-squared needs.
class Curve {
 public:
  Curve(const store::ResultTable& table, const std::vector<Estimate>& estimates,
        std::vector<std::size_t> members)
      : estimates_{estimates}, members_{std::move(members)} {
    for (std::size_t a = 0; a < members_.size(); ++a)
      for (const auto& term : estimates_[members_[a]].terms) {
        const auto disorder = table.points[table.series[term.series].point].disorder;
        groups_[disorder].push_back({a, term.series, term.weight});
        signature_.resize(members_.size());
        signature_[a].insert(disorder);
        if (!samples_.count(term.series)) samples_[term.series] = sample_means(table.series[term.series]);
        unit_.resize(members_.size());
        unit_[a] = std::hypot(unit_[a], term.weight * estimates_[term.series].error);
      }
  }

  void test(CurveTest& result) const {
    std::size_t joined = 1;
    auto rows = directions(joined);
    while (joined < members_.size() && !is_carried(rows)) rows = directions(++joined);
    if (joined > 1) result.note = fmt::format("up to {} neighbouring points averaged: few samples", joined);
    std::vector<double> residual(rows.size());
    for (std::size_t q = 0; q < rows.size(); ++q)
      for (const std::size_t a : rows[q]) {
        const auto& e = estimates_[members_[a]];
        residual[q] += (e.mean - *e.theory) / e.error;
      }
    for (int tenths = 0; tenths <= 10; ++tenths) {
      const auto quality = chi_squared(residual, parts(rows, 1 - 0.1 * tenths));
      result.chi_squared = quality.value;
      result.dof = quality.dof;
      result.p_value = quality.p_value;
      if (std::isnan(quality.value)) continue;
      if (tenths > 0) {
        if (!result.note.empty()) result.note += "; ";
        result.note += fmt::format("correlations shrunk by {:.1f}: covariance singular", 0.1 * tenths);
      }
      return;
    }
    result.note = "covariance singular";
  }

 private:
  struct Share {
    std::size_t member, series;
    double weight;
  };
  using Rows =
      std::vector<std::vector<std::size_t>>;  ///< row q averages these members, in units of their errors

  /// Neighbours along the curve with the same disorder, `joined` at a time.
  Rows directions(std::size_t joined) const {
    std::map<std::set<std::uint64_t>, std::vector<std::size_t>> alike;
    for (std::size_t a = 0; a < members_.size(); ++a) alike[signature_[a]].push_back(a);
    Rows rows;
    for (const auto& [signature, list] : alike) {
      const std::size_t count = (list.size() + joined - 1) / joined;
      for (std::size_t q = 0; q < count; ++q)
        rows.emplace_back(list.begin() + static_cast<std::ptrdiff_t>(list.size() * q / count),
                          list.begin() + static_cast<std::ptrdiff_t>(list.size() * (q + 1) / count));
    }
    return rows;
  }

  std::size_t fewest_samples(const std::vector<Share>& shares) const {
    std::size_t fewest = static_cast<std::size_t>(-1);
    for (const auto& share : shares) fewest = std::min(fewest, samples_.at(share.series).sample.size());
    return fewest;
  }

  static std::vector<std::size_t> touched(const Rows& rows, const std::vector<Share>& shares) {
    std::set<std::size_t> members;
    for (const auto& share : shares) members.insert(share.member);
    std::vector<std::size_t> where;
    for (std::size_t q = 0; q < rows.size(); ++q)
      if (std::any_of(rows[q].begin(), rows[q].end(), [&](std::size_t a) { return members.count(a) > 0; }))
        where.push_back(q);
    return where;
  }

  bool is_carried(const Rows& rows) const {
    return std::all_of(groups_.begin(), groups_.end(), [&](const auto& group) {
      const auto n = fewest_samples(group.second);
      return n < 2 || touched(rows, group.second).size() <= std::max<std::size_t>(1, n / 2);
    });
  }

  std::vector<CovariancePart> parts(const Rows& rows, double kept) const {
    std::vector<std::size_t> row_of(members_.size());
    for (std::size_t q = 0; q < rows.size(); ++q)
      for (const std::size_t a : rows[q]) row_of[a] = q;
    std::vector<CovariancePart> result;
    for (const auto& [disorder, shares] : groups_) {
      CovariancePart part;
      part.where = touched(rows, shares);
      part.covariance = SymmetricMatrix{part.where.size()};
      const auto n = fewest_samples(shares);
      if (n > 1) part.freedom = static_cast<double>(n - 1);
      std::vector<double> entries(part.where.size() * part.where.size());
      const auto position = [&](const Share& s) {
        return static_cast<std::size_t>(
            std::lower_bound(part.where.begin(), part.where.end(), row_of[s.member]) - part.where.begin());
      };
      const auto scale = [&](const Share& s) {  // estimates_ begins with one estimate per series
        return s.weight * estimates_[s.series].error / unit_[s.member];
      };
      for (std::size_t k = 0; k < shares.size(); ++k)
        for (std::size_t l = 0; l <= k; ++l) {
          const auto &x = shares[k], &y = shares[l];
          const double rho = x.series == y.series
                                 ? 1
                                 : kept * sample_correlation(samples_.at(x.series), samples_.at(y.series));
          const double covariance = rho * scale(x) * scale(y);
          entries[position(x) * part.where.size() + position(y)] += covariance;
          if (k != l) entries[position(y) * part.where.size() + position(x)] += covariance;
        }
      for (std::size_t i = 0; i < part.where.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) part.covariance.set(i, j, entries[i * part.where.size() + j]);
      result.push_back(std::move(part));
    }
    return result;
  }

  const std::vector<Estimate>& estimates_;
  std::vector<std::size_t> members_;
  std::vector<std::set<std::uint64_t>> signature_;  ///< disorders behind each member
  std::vector<double> unit_;  ///< error of each member as its terms have it; what it is measured in
  std::map<std::uint64_t, std::vector<Share>> groups_;
  std::map<std::size_t, SampleMeans> samples_;
};

/// Two loads that round to the same P are one set of chains: the second says nothing new.
bool is_repeated(const store::ResultTable& table, const std::vector<Estimate>& estimates,
                 const std::vector<std::size_t>& members, const Estimate& candidate) {
  if (candidate.point == no_point) return false;
  const auto& point = table.points[candidate.point];
  return std::any_of(members.begin(), members.end(), [&](std::size_t k) {
    const auto& other = table.points[estimates[k].point];
    if (other.disorder != point.disorder) return false;
    auto a = other.actual, b = point.actual;
    a.erase("alpha"), b.erase("alpha");
    return a == b;
  });
}

std::vector<CurveTest> test_curves(const store::ResultTable& table, const std::vector<Estimate>& estimates) {
  const int size_axis = table.axis("N"), start_axis = table.axis("start");
  using Key = std::tuple<std::string, std::string, std::string, double>;
  std::map<Key, std::size_t> place;
  std::vector<CurveTest> curves;
  for (std::size_t k = 0; k < estimates.size(); ++k) {
    const auto& e = estimates[k];
    if (!e.z) continue;
    CurveTest curve;
    curve.observable = e.observable;
    curve.component = e.component;
    if (start_axis >= 0) curve.start = e.at[static_cast<std::size_t>(start_axis)].label;
    if (size_axis >= 0) curve.N = e.at[static_cast<std::size_t>(size_axis)].number;
    const Key key{e.observable, e.component, curve.start, size_axis >= 0 ? curve.N : 0};
    const auto [found, is_new] = place.try_emplace(key, curves.size());
    if (is_new) curves.push_back(std::move(curve));
    auto& members = curves[found->second].estimates;
    if (!is_repeated(table, estimates, members, e)) members.push_back(k);
  }
  for (auto& curve : curves) Curve(table, estimates, curve.estimates).test(curve);
  return curves;
}

}  // namespace

std::optional<double> Comparison::largest_extrapolated_z() const {
  std::optional<double> largest;
  for (const auto& e : estimates)
    if (e.point == no_point && e.z) largest = std::max(largest.value_or(0), std::abs(*e.z));
  return largest;
}

Comparison compare(const store::ResultTable& table, const TheoryValue& theory) {
  Comparison comparison;
  auto& estimates = comparison.estimates;
  estimates = disorder_average(table);
  judge_branches(table, estimates);
  judge_equilibration(table, estimates);
  judge_selection(table, estimates);
  if (theory)
    for (auto& e : estimates) {
      if (e.is_selected) continue;
      const auto predicted = theory(table.points[e.point], e.observable, e.component);
      if (!predicted) continue;
      std::tie(e.theory, e.theory_level) = *predicted;
      if (!is_bound(e.theory_level) && e.samples > 1 && e.error > rounding * std::max(1.0, std::abs(e.mean)))
        e.z = (e.mean - *e.theory) / e.error;
    }
  auto extrapolation = extrapolate_sizes(table, estimates, theory);
  std::move(extrapolation.rows.begin(), extrapolation.rows.end(), std::back_inserter(estimates));
  comparison.rejected = std::move(extrapolation.rejected);
  comparison.curves = test_curves(table, estimates);
  return comparison;
}

}  // namespace mattis::analysis
