// A mean with its two errors, where it was measured, and what theory says there.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/result_table.hpp"

namespace mattis::analysis {

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr std::size_t no_point = static_cast<std::size_t>(-1);

/// An estimate is linear in the means of series: mean = constant + sum_k weight_k <series_k>. With one term
/// of weight 1 it is that mean. The terms are all that is needed for the covariance of two estimates.
struct Term {
  std::size_t series = 0;
  double weight = 1;
};

/// One row of what `export` prints. NaN (or an empty string) means: there is none.
struct Estimate {
  std::size_t point = no_point;  ///< index into ResultTable::points; no_point for N = inf and derived rows
  std::vector<store::Coordinate> at;  ///< one per axis of the table; N = inf for extrapolations
  std::map<std::string, double> actual;
  std::string observable, component;
  double mean = no_number;
  double error = no_number;  ///< of the mean, from the spread between samples (one sample: thermal)
  double error_thermal =
      no_number;  ///< the part of it that longer runs would remove; a lower bound where the
                  ///< runs are short beside tau_int and have one replica (disorder_average.hpp)
  double error_disorder = no_number;  ///< the part of it that only more samples remove
  double tau_int = no_number;         ///< sweeps
  int samples = 0;
  int left_out = 0;
  std::optional<double> theory;
  std::string theory_level;
  std::optional<double> z;   ///< (mean - theory) / error
  std::string equilibrated;  ///< yes, no, metastable, or empty where not judged (judge_equilibration)
  bool is_mixture = false;   ///< chains of several branches are averaged: not extrapolated (branches.hpp)
  bool is_selected = false;  ///< chains left out may have moved the mean: no theory beside it (selection.hpp)
  bool is_frozen = false;    ///< no chain moves: error_thermal is that of their starts (disorder_average.hpp)
  std::string note;          ///< why it is a mixture or selected, or empty
  double chi2_per_dof = no_number;  ///< of the fit, for N = inf
  double p_value = no_number;       ///< of the fit, for N = inf
  std::vector<Term> terms;
};

/// Is a level of theory said to bound the value rather than to predict it, as in "1rsb (bound)"? Then there is no z.
inline bool is_bound(const std::string& level) { return level.ends_with(" (bound)"); }

/// What theory says at a point, as (value, level), from `point.actual`; nothing where it says nothing. At
/// infinite size actual["N"] = inf, actual["alpha_actual"] = the load asked for, and numbers that differed
/// between the sizes (P) are absent.
using TheoryValue = std::function<std::optional<std::pair<double, std::string>>(
    const store::GridPoint& point, const std::string& observable, const std::string& component)>;

}  // namespace mattis::analysis
