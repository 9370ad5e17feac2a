#include "analysis/theory/one_step_family.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/quadrature.hpp"
#include "analysis/theory/solve.hpp"

namespace mattis::theory {

namespace {

constexpr double widest_stride = 0.7, shortest_stride = 1e-3;  // of ln A1
constexpr int longest_walk = 400;
constexpr double resolved_width = 0.15;  // of A1/T

/// The field on the straight line (in logarithms) through two others, at this inner width.
TwoLevelField on_line(const OneStepFamily& family, const TwoLevelField& a, const TwoLevelField& b,
                      double inner) {
  TwoLevelField field = b;
  field.inner = inner;
  if (a.inner == b.inner) return field;
  const double share = std::log(inner / a.inner) / std::log(b.inner / a.inner);
  for (const auto member : family.unknowns())
    field.*member = a.*member * std::pow(b.*member / a.*member, share);
  return field;
}

/// A field with only what the family has.
TwoLevelField member(const OneStepFamily& family, TwoLevelField field) {
  field.temperature = family.temperature;
  if (!family.has_outer) field.outer = 0;
  if (!family.has_overlap) field.mean = 0;
  return field;
}

/// On the inner width, df/dw = 0, and on outer width and mean field if there are any.
std::vector<double> conditions(const OneStepFamily& family, const TwoLevelField& field,
                               const OneStepAverages& mean, double load) {
  if (!(load > 0) || !std::isfinite(load))
    return std::vector<double>(family.unknowns().size() + 1, std::nan(""));
  const auto all = one_step_conditions(scaled(family.unit, load))(field, mean);
  // df/dw ~ (A1/T)^6 is lost in rounding near the onset: x is then as good as it can be, and matters as little
  const double resolution =
      family.temperature > 0 ? std::min(1.0, std::pow(field.inner / (resolved_width * family.temperature), 6))
                             : 1;
  std::vector<double> used{all[0], all[1] * resolution};
  if (family.has_outer) used.push_back(all[2]);
  if (family.has_overlap) used.push_back(std::log(field.mean / family.unit.mean_field(mean.m)));
  return used;
}

class Walk {
 public:
  Walk(const OneStepFamily& family, LoadedPoint start, int direction)
      : family_{family}, oldest_{start}, before_{start}, last_{std::move(start)}, direction_{direction} {}

  /// One step; false if lost.
  bool step() {
    for (; stride_ > shortest_stride; stride_ /= 3) {
      const double inner = last_.point.field.inner * std::exp(direction_ * stride_);
      const auto guess = on_line(family_, before_.point.field, last_.point.field, inner);
      auto next = solve_at_inner(family_, guess, inner);
      if (!next.point.converged) continue;
      oldest_ = std::move(before_);
      before_ = std::move(last_);
      last_ = std::move(next);
      stride_ = std::min(1.5 * stride_, widest_stride);
      return true;
    }
    return false;
  }

  /// The member of this inner width (its logarithm) between the oldest and the last point.
  LoadedPoint between(double at) const {
    const double inner = std::exp(at), middle = ln_inner(before_);
    const bool is_earlier = (at - middle) * (ln_inner(last_) - middle) < 0;
    const auto& left = (is_earlier ? oldest_ : before_).point.field;
    const auto& right = (is_earlier ? before_ : last_).point.field;
    return solve_at_inner(family_, on_line(family_, left, right, inner), inner);
  }

  /// The maximum of the load between the oldest and the last point, the middle one lying higher than both.
  LoadedPoint top() const {
    const auto minus_load = [&](double ln_inner) {
      const auto at = between(ln_inner);
      return at.point.converged ? -std::log(at.load) : std::nan("");
    };
    double lo = ln_inner(oldest_), hi = ln_inner(last_);
    if (lo > hi) std::swap(lo, hi);
    const auto lowest = minimise_around(minus_load, lo, ln_inner(before_), hi, 1e-7);
    auto highest = between(lowest.x);
    highest.point.converged = highest.point.converged && lowest.converged;
    return highest;
  }

  /// The member with this load between `a` and `b`.
  FamilySearch crossing(const LoadedPoint& a, const LoadedPoint& b, double load) const {
    if (auto found = directly(a, b, load)) return {std::move(found), true};
    auto search = crossing(a, b, [&](const LoadedPoint& at) { return std::log(at.load / load); });
    if (search.found) search.found->load = load;
    return search;
  }

  /// The same by solving all conditions at once, from the straight line; fails at a spinodal.
  std::optional<LoadedPoint> directly(const LoadedPoint& a, const LoadedPoint& b, double load) const {
    const double share = std::log(load / a.load) / std::log(b.load / a.load);
    if (!(share >= 0 && share <= 1)) return std::nullopt;
    const double lo = std::min(ln_inner(a), ln_inner(b)), hi = std::max(ln_inner(a), ln_inner(b));
    const double inner = a.point.field.inner * std::pow(b.point.field.inner / a.point.field.inner, share);
    const auto start = on_line(family_, a.point.field, b.point.field, inner);
    auto point = solve_at_load(family_, start, load);
    const double at = std::log(point.field.inner);
    if (!point.converged || at < lo || at > hi) return std::nullopt;
    return LoadedPoint{std::move(point), load};
  }

  /// The member where this changes sign between `a` and `b`.
  FamilySearch crossing(const LoadedPoint& a, const LoadedPoint& b,
                        const std::function<double(const LoadedPoint&)>& of) const {
    const auto excess = [&](double at) { return of(between(at)); };
    const double lo = std::min(ln_inner(a), ln_inner(b)), hi = std::max(ln_inner(a), ln_inner(b));
    const auto root = find_root(excess, lo, hi, 1e-14);
    if (!root.converged) return {std::nullopt, false};
    auto found = between(root.x);
    if (!found.point.converged) return {std::nullopt, false};
    return {std::move(found), true};
  }

  static double ln_inner(const LoadedPoint& at) { return std::log(at.point.field.inner); }

  const LoadedPoint& rising() const { return oldest_; }
  const LoadedPoint& before() const { return before_; }
  const LoadedPoint& last() const { return last_; }

 private:
  const OneStepFamily& family_;
  LoadedPoint oldest_, before_, last_;
  int direction_;
  double stride_ = 0.1;
};

}  // namespace

Unknowns OneStepFamily::unknowns() const {
  Unknowns all{&TwoLevelField::tilt};
  if (has_outer) all.push_back(&TwoLevelField::outer);
  if (has_overlap) all.push_back(&TwoLevelField::mean);
  return all;
}

LoadedPoint solve_at_inner(const OneStepFamily& family, const TwoLevelField& start, double inner) {
  const auto load_of = [&](const TwoLevelField& field, const OneStepAverages& mean) {
    return field.inner * field.inner / family.unit.slope_step(mean.q0 + mean.overlap_step, mean.q0);
  };
  auto field = member(family, start);
  field.inner = inner;
  auto point = solve_one_step(
      [&](const TwoLevelField& at, const OneStepAverages& mean) {
        auto all = conditions(family, at, mean, load_of(at, mean));
        all.erase(all.begin());
        return all;
      },
      family.unknowns(), field);
  const double load = load_of(point.field, point.averages);
  return {std::move(point), load};
}

OneStepPoint solve_at_load(const OneStepFamily& family, const TwoLevelField& start, double load) {
  auto unknowns = family.unknowns();
  unknowns.insert(unknowns.begin(), &TwoLevelField::inner);
  return solve_one_step([&](const TwoLevelField& at,
                            const OneStepAverages& mean) { return conditions(family, at, mean, load); },
                        unknowns, member(family, start));
}

FamilySearch find_load(const OneStepFamily& family, const LoadedPoint& start, double load) {
  const bool is_up = load > start.load;
  Walk walk{family, start, is_up ? 1 : -1};
  for (int k = 0; k < longest_walk; ++k) {
    if (!walk.step()) return {std::nullopt, false};
    const double here = walk.last().load;
    if (is_up ? here >= load : here <= load) return walk.crossing(walk.before(), walk.last(), load);
    if (is_up && here < walk.before().load) {  // over the top
      const auto top = walk.top();
      if (!(top.load >= load)) return {std::nullopt, top.point.converged};
      return walk.crossing(walk.rising(), top, load);
    }
  }
  return {std::nullopt, false};
}

FamilySearch find_tilt(const OneStepFamily& family, const LoadedPoint& start, double tilt) {
  Walk walk{family, start, -1};
  for (int k = 0; k < longest_walk && walk.step(); ++k)
    if (walk.last().point.field.tilt >= tilt)
      return walk.crossing(walk.before(), walk.last(),
                           [&](const LoadedPoint& at) { return at.point.field.tilt - tilt; });
  return {std::nullopt, false};
}

FamilySearch find_fold(const OneStepFamily& family, const LoadedPoint& start) {
  Walk walk{family, start, 1};
  for (int k = 0; k < longest_walk; ++k) {
    if (!walk.step()) return {std::nullopt, false};
    if (walk.last().load < walk.before().load) {
      auto top = walk.top();
      const bool converged = top.point.converged;
      return {std::move(top), converged};
    }
  }
  return {std::nullopt, false};
}

double onset_tilt(const Mixture& mixture, double mean, double width, double q, double temperature) {
  const double t = temperature, second = mixture.curvature(q);
  double third = 0;
  for (const auto& [k, a] : mixture.covariance)
    if (k >= 3) third += a * k * (k - 1) * (k - 2) * std::pow(q, k - 3);
  std::vector<Step> steps;
  if (width > 0) steps.push_back({-mean / width, t / width});
  const auto average = [&](auto g) {
    return gaussian_average([&](double z) { return g((mean + width * z) / t); }, steps, 1e-10).value;
  };
  const auto sech2 = [](double x) {
    const double e = std::exp(-std::abs(x));
    return 4 * e * e / ((1 + e * e) * (1 + e * e));
  };
  // m' = beta sech^2, m'' = -2 beta^2 tanh sech^2
  const double m2 =
      average([&](double x) { return std::pow(2 * std::tanh(x) * sech2(x), 2); }) / (t * t * t * t);
  const double m3 = average([&](double x) { return std::pow(sech2(x), 3); }) / (t * t * t);
  return (m2 + third / (second * second * second)) / (2 * m3);
}

}  // namespace mattis::theory
