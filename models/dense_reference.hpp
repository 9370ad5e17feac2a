// The slow energy of dense memories: the sums of the definition, and no line of the code that it judges.
#pragma once

#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "models/dense_table.hpp"
#include "models/pattern_set.hpp"

namespace mattis {

/// H from its definition, with x_i = xi_i^mu s_i of each pattern in turn.
class SlowDense {
 public:
  SlowDense(std::shared_ptr<const PatternSet> patterns, DenseForm form, int p)
      : patterns_(std::move(patterns)), form_(form), p_(p), n_(patterns_->num_spins()) {
    if (form == DenseForm::power || form == DenseForm::rectified) mean_ = random_power();
  }

  double operator()(std::span<const Spin> s) const {
    std::vector<int> x(s.size());
    double sum = 0;
    for (SiteIndex mu = 0; mu < patterns_->num_patterns(); ++mu) {
      for (std::size_t i = 0; i < s.size(); ++i)
        x[i] = patterns_->entry(static_cast<SiteIndex>(i), mu) * s[i];
      sum += of_pattern(x);
    }
    return sum;
  }

 private:
  double of_pattern(const std::vector<int>& x) const {
    if (form_ == DenseForm::distinct)
      return -std::tgamma(p_ + 1) / (2 * std::pow(n_, p_ - 1)) * distinct_products(x, 0, p_);
    double m = 0;
    for (const int value : x) m += value / n_;
    if (form_ == DenseForm::exponential) return -n_ / 2 * std::exp(n_ * m - n_);
    return -n_ / 2 * (power(m) - mean_);
  }

  /// sum_{i1 < ... < ip} x_{i1} ... x_{ip} over sites from `first` on.
  static double distinct_products(const std::vector<int>& x, std::size_t first, int p) {
    if (p == 0) return 1;
    double sum = 0;
    for (std::size_t i = first; i < x.size(); ++i) sum += x[i] * distinct_products(x, i + 1, p - 1);
    return sum;
  }

  double power(double m) const { return form_ == DenseForm::rectified && m < 0 ? 0 : std::pow(m, p_); }

  /// E[m^p] over N random signs.
  double random_power() const {
    double sum = 0;
    for (int k = 0; k <= n_; ++k)
      sum += std::exp(std::lgamma(n_ + 1) - std::lgamma(k + 1.0) - std::lgamma(n_ - k + 1) -
                      n_ * std::log(2.0)) *
             power((2 * k - n_) / n_);
    return sum;
  }

  std::shared_ptr<const PatternSet> patterns_;
  DenseForm form_;
  int p_;
  double n_, mean_ = 0;
};

}  // namespace mattis
