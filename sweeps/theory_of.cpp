// Where a model's name meets its theory.
#include "sweeps/theory_of.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/theory/catalogue.hpp"

namespace mattis::sweeps {

namespace {

/// A cued chain whose mean overlap is below this share of theory's has left the retrieval state.
constexpr double retained_share = 0.9;

}  // namespace

analysis::TheoryValue theory_of(const Job& job) {
  if (job.model->theory == "hopfield") return theory_of_hopfield(job);
  if (job.model->theory == "sk") return theory_of_sk(job);
  if (job.model->theory == "dense") return theory_of_dense(job);
  if (job.model->theory == "pspin") return theory_of_pspin(job);
  return {};
}

bool is_disorder_of_theory(const Job& job) {
  return !job.model->theory.empty() &&
         std::all_of(job.ensembles.begin(), job.ensembles.end(),
                     [](const auto& e) { return !e.table && !e.couplings && e.bias == 0; });
}

const theory::Quantity* quantity_of(const Job& job, const std::string& name) {
  for (const theory::Quantity& quantity : theory::catalogue())
    if (quantity.model == job.model->theory && quantity.name == name) return &quantity;
  return nullptr;
}

theory::Arguments arguments_at(const Job& job, const theory::Quantity& quantity,
                               const std::vector<store::Coordinate>& at) {
  theory::Arguments arguments;
  const std::vector<store::Axis> all = axes(job);
  const auto is_taken = [&](const std::string& name) {
    return std::any_of(quantity.parameters.begin(), quantity.parameters.end(),
                       [&](const theory::Parameter& parameter) { return parameter.name == name; });
  };
  for (std::size_t a = 0; a < all.size(); ++a)
    if (!all[a].is_label && is_taken(all[a].name) && !std::isnan(at.at(a).number))
      arguments[all[a].name] = at[a].number;
  for (const ChosenWords& choice : job.choices)
    if (is_taken(choice.name)) arguments[choice.name] = chosen_word(job, at, choice.name);
  return arguments;
}

void count_strayed_chains(const Job& job, store::ResultTable& table) {
  const analysis::TheoryValue theory = theory_of(job);
  if (!theory || job.only_retained) return;
  for (const store::Series& series : table.series) {
    store::GridPoint& point = table.points[series.point];
    if (table.observables[series.observable].name != "retrieval_overlap" || point.at.back().label != "cued")
      continue;
    const auto predicted = theory(point, "retrieval_overlap", "");
    if (!predicted || !(predicted->first > 0)) continue;
    double strayed = 0;
    for (const store::ChainValue& chain : series.values)
      strayed += chain.value < retained_share * predicted->first;
    point.actual[store::strayed_chains] = strayed;
  }
}

}  // namespace mattis::sweeps
