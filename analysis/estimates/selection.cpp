#include "analysis/estimates/selection.hpp"

#include <fmt/core.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include <cmath>

#include "analysis/estimates/observable_kind.hpp"

namespace mattis::analysis {

double selection_bias(double phi, int samples) {
  if (!(phi > 0)) return 0;
  if (!(phi < 1)) return infinity;
  return std::sqrt(samples) * gsl_ran_ugaussian_pdf(gsl_cdf_ugaussian_Pinv(phi)) / (1 - phi);
}

void judge_selection(const store::ResultTable& table, std::vector<Estimate>& estimates) {
  for (auto& e : estimates) {
    if (e.point == no_point || e.left_out == 0 || is_fraction(e.observable)) continue;
    const double kept = static_cast<double>(table.series[e.terms.front().series].values.size());
    const double chains = kept + e.left_out;
    const double bias = selection_bias(e.left_out / chains, e.samples);
    if (bias <= largest_selection_bias) continue;
    e.is_selected = true;
    e.note =
        fmt::format("{} of {} chains are left out, which may have moved the mean by {:.1f} times its error",
                    e.left_out, chains, bias);
  }
}

}  // namespace mattis::analysis
