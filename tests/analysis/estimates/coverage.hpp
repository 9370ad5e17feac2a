// Do error bars cover, are pulls standard normal, are p-values uniform? Each check has |z| < 4 of its own
// error.
#pragma once

#include <gsl/gsl_cdf.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

namespace mattis::tests {

using Random = boost::random::mt19937_64;

inline double gaussian(Random& random) { return boost::random::normal_distribution<double>{}(random); }

/// Counts how often the 68 % and the 95 % interval (Student's, `freedom` degrees) hold the truth.
class Coverage {
 public:
  explicit Coverage(double freedom) : narrow_{quantile(0.68, freedom)}, wide_{quantile(0.95, freedom)} {}
  void add(double value, double error, double truth) {
    const double z = std::abs(value - truth) / error;
    in_narrow_ += z < narrow_, in_wide_ += z < wide_, ++trials_;
  }
  /// Both within four binomial standard errors of what is claimed; `what` is said with the numbers.
  void check(const std::string& what = "intervals") const {
    INFO(what << ": " << 100.0 * in_narrow_ / trials_ << " % in 68 %, " << 100.0 * in_wide_ / trials_
              << " % in 95 %, " << trials_ << " trials");
    CHECK(std::abs(z(in_narrow_, 0.68)) < 4);
    CHECK(std::abs(z(in_wide_, 0.95)) < 4);
  }

 private:
  static double quantile(double level, double freedom) {
    return gsl_cdf_tdist_Pinv((1 + level) / 2, freedom);
  }
  double z(int inside, double level) const {
    return (inside - trials_ * level) / std::sqrt(trials_ * level * (1 - level));
  }
  double narrow_, wide_;
  int in_narrow_ = 0, in_wide_ = 0, trials_ = 0;
};

/// Pulls (value - truth)/error: mean 0 and standard deviation 1 within 4 of their errors.
class Pulls {
 public:
  void add(double value, double error, double truth) { pulls_.push_back((value - truth) / error); }
  double mean() const {
    double sum = 0;
    for (const double x : pulls_) sum += x;
    return sum / size();
  }
  double deviation() const {
    double sum = 0;
    for (const double x : pulls_) sum += (x - mean()) * (x - mean());
    return std::sqrt(sum / (size() - 1));
  }
  /// The error of the standard deviation comes from the fourth moment of the pulls themselves.
  double error_of_deviation() const {
    double fourth = 0;
    const double variance = deviation() * deviation();
    for (const double x : pulls_) fourth += std::pow(x - mean(), 4) / size();
    return std::sqrt((fourth - variance * variance) / size()) / (2 * deviation());
  }
  void check() const {
    INFO("pulls: mean " << mean() << ", deviation " << deviation() << " +- " << error_of_deviation() << ", "
                        << pulls_.size() << " trials");
    CHECK(std::abs(mean()) < 4 * deviation() / std::sqrt(size()));
    CHECK(std::abs(deviation() - 1) < 4 * error_of_deviation());
  }
  double size() const { return static_cast<double>(pulls_.size()); }

 private:
  std::vector<double> pulls_;
};

/// p-values in ten bins; chi-squared of the histogram against the uniform one (false alarm 6e-5).
class Uniform {
 public:
  void add(double p) {
    REQUIRE(p >= 0);
    ++bins_[static_cast<std::size_t>(std::min(9.0, 10 * p))], ++trials_;
  }
  void check() const {
    double chi2 = 0;
    const double expected = trials_ / 10.0;
    for (const int n : bins_) chi2 += (n - expected) * (n - expected) / expected;
    INFO("histogram " << Catch::Detail::stringify(bins_));
    CHECK(gsl_cdf_chisq_Q(chi2, 9) > 6.3e-5);
  }

 private:
  std::vector<int> bins_ = std::vector<int>(10);
  int trials_ = 0;
};

}  // namespace mattis::tests
