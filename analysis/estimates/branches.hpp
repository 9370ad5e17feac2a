// Do the chains of one point lie in one branch?
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimates/estimate.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::analysis {

/// Two groups of chains, the smaller of `minority` chains, whose mean overlaps differ by `gap`.
struct Branches {
  int minority = 0, chains = 0;
  double gap = 0;
};

/// Two groups among the mean overlaps x_1 ... x_n of chains of N spins, without any theory: the sorted x are cut
/// where the groups lie furthest apart,
///
///     B = (n_1 n_2 / n) d^2 maximal,     d = difference of the two means,
///     two branches where    d > 4 s   and   d > 8/sqrt(N),     s^2 = (variance within the groups), n - 2 degrees
///
/// The overlap of one branch scatters by c/sqrt(N), c at most about 2.5 here (random starts at T = 0), and its best
/// cut has d = 1.6 c/sqrt(N) and d/s = 2.7 for a Gaussian, 3.5 for a uniform distribution; d between retrieval and
/// glass is 0.4 ... 0.9 at any N: told apart from N of about 200 on, at N < 100 or with fewer than eight chains never.
/// False alarms: below 1e-3 per point for moduli of overlaps that scatter by c = 2.5 around zero, and none at c = 1.
/// Source   N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979): the cut.
[[nodiscard]] std::optional<Branches> two_branches(std::span<const double> overlaps, double num_spins);

/// Marks every estimate whose point averages over chains of several branches (Estimate::is_mixture, note): such a
/// mean depends on how long the runs were and on how many chains happened to leave, and has no limit in N.
///
/// Judged by |retrieval_overlap|, |overlap|, overlap_abs and the largest of sorted_overlap, whichever are measured. Where the latter is,
/// what does not ask which pattern is retrieved (energies, sorted overlaps) is judged by it alone. If only `retrieved`
/// is, by chains on both sides of the cut, two or more each; if a point of cued chains has none of these, it cannot be judged
/// and counts as a mixture, which the note says. T = 0, synchronous: a chain in a cycle of length two shows one of
/// its two configurations, so points with such chains are mixtures. Fractions, times and counts are what they are and are not marked.
void judge_branches(const store::ResultTable& table, std::vector<Estimate>& estimates);

}  // namespace mattis::analysis
