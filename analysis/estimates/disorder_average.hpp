// Averages over disorder, with thermal error and spread between samples kept apart.
#pragma once

#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::analysis {

/// One series reduced to one value per disorder sample, ordered by sample.
///
///     x_s = (1/R) sum_r x_sr,      err_s^2 = f (1/R^2) sum_r err_sr^2
///
///     f   = max(1, sum_s [sum_r (x_sr - x_s)^2 / (R )] / sum_s [(1/R^2) sum_r err_sr^2])      over samples with R > 1
///
/// err_sr is a lower bound where the run is short beside its autocorrelation time. The spread of replicas knows no such
/// limit, only its sum_s degrees of freedom, so the larger of the two counts. If the err_sr are right, this
/// makes error_thermal too large by 22 % for two replicas of one sample, 8 % at 12 degrees of freedom, 4 % at 40;
/// if they are too small by 1.6, bars that should cover 68 % cover 61 %, 67 % and 68 %, instead of 47 %. One replica
/// has err_sr alone: then a run wants some hundred tau_int.
///
/// Chains whose value is NaN are not there and are passed over.
struct SampleMeans {
  std::vector<int> sample;
  std::vector<double> value;
  std::vector<double> error_thermal;
  double tau_int = no_number;  ///< mean over chains that have one
};
SampleMeans sample_means(const store::Series& series);

/// Mean over samples and its error.
///
///     mean = (1/S) sum_s x_s
///     error^2          = sum_s (x_s - mean)^2 / (S (S-1))         S >= 2
///     error_thermal^2  = sum_s err_s^2 / S^2
///     error_disorder^2 = max(0, error^2 - error_thermal^2)
///
/// `error` holds both parts: the spread of the x_s is disorder plus thermal noise. (mean - truth)/error
/// follows Student's t with S-1 degrees of freedom for Gaussian x_s. One sample: error = error_thermal and
/// error_disorder is NaN. A fraction (observable_kind.hpp) has neither part, a run that says 0 or 1 having no
/// thermal error, and
///
///     error = max(spread as above, 1/(S+1))
///
/// where 1/(S+1) is the distance from 1 to the lower end of Wilson's 1-sigma interval when all S samples
/// agree: 20 of 20 retrieved is 1 with error 0.048, next to 0.95 with error 0.05 for 19 of 20. The unit is
/// the sample, not the replica.
///
/// Returns  one Estimate per series, in the order of table.series (terms = that series). A series without
///          values keeps its row: mean NaN, samples 0.
/// Cost     O(number of chains).
/// Source   E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927).
std::vector<Estimate> disorder_average(const store::ResultTable& table);

/// Did the cued and the random start of one point meet?
///
///     | < x_s(cued) - x_s(random) > |  <=  4 sigma,      x = energy_per_spin and |retrieval_overlap|, where measured
///
/// sigma is the standard error of the difference sample by sample (the two share their disorder), or the two
/// thermal errors combined where fewer than eight samples are common. Fills `equilibrated` of every estimate
/// of both points: "yes", "metastable", or empty where only one start was run or no sigma is known. Cued
/// starts of several overlaps are each compared with the random one, which is "yes" if all of them agree in all that was measured.
void judge_equilibration(const store::ResultTable& table, std::vector<Estimate>& estimates);

}  // namespace mattis::analysis
