#include "analysis/theory/fixed_point.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mattis::theory {

namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(Vector& a, double factor, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
}

}  // namespace

std::vector<double> AndersonMixing::next(const std::vector<double>& x, const std::vector<double>& step,
                                         double longest) {
  if (!last_x_.empty()) {
    Vector move = x, change = step;
    add(move, -1, last_x_);
    add(change, -1, last_step_);
    moves_.push_front(std::move(move));
    changes_.push_front(std::move(change));
    if (moves_.size() > depth_) {
      moves_.pop_back();
      changes_.pop_back();
    }
  }
  last_x_ = x;
  last_step_ = step;

  // least squares by orthogonal changes, newest first; older ones that add nothing are dropped
  constexpr double independent = 1e-10;
  std::vector<Vector> orthogonal, moved;
  Vector remaining = step, target = x;
  for (std::size_t k = 0; k < changes_.size(); ++k) {
    Vector change = changes_[k], move = moves_[k];
    const double before = std::sqrt(dot(change, change));
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t l = 0; l < orthogonal.size(); ++l) {
        const double share = dot(orthogonal[l], change);
        add(change, -share, orthogonal[l]);
        add(move, -share, moved[l]);
      }
    const double after = std::sqrt(dot(change, change));
    if (!(after > independent * before)) continue;
    for (auto& c : change) c /= after;
    for (auto& m : move) m /= after;
    const double share = dot(change, remaining);
    add(remaining, -share, change);
    add(target, -share, move);
    orthogonal.push_back(std::move(change));
    moved.push_back(std::move(move));
  }
  add(target, 1, remaining);
  for (std::size_t i = 0; i < x.size(); ++i)
    target[i] = x[i] + std::clamp(target[i] - x[i], -longest, longest);
  return target;
}

}  // namespace mattis::theory
