#include "analysis/estimates/observable_kind.hpp"

#include <algorithm>
#include <array>

namespace mattis::analysis {
namespace {

constexpr std::array<std::string_view, 5> fractions{"retrieved", "retrieval_lost", "not_converged",
                                                    "two_cycle", "recovered"};
constexpr std::array<std::string_view, 6> without_size_expansion{
    "tau_int", "free_spins", "acceptance", "sweeps_to_freeze", "sorted_overlap", "overlap_histogram"};

bool is_listed(std::string_view name, const auto& list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

bool is_fraction(std::string_view observable) { return is_listed(observable, fractions); }

bool has_size_expansion(std::string_view observable) {
  return !is_fraction(observable) && !is_listed(observable, without_size_expansion) &&
         observable.substr(0, 4) != "tau_";
}

}  // namespace mattis::analysis
