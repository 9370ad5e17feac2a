// What theory says of a job: values at its points, and the quantities of its model.
#pragma once

#include "analysis/compare.hpp"
#include "analysis/theory/catalogue.hpp"
#include "sweeps/point.hpp"

namespace mattis::sweeps {

/// What theory says of each point of this job; empty if its model has none. What is claimed where stands in
/// theory_of_MODEL.cpp.
analysis::TheoryValue theory_of(const Job& job);
analysis::TheoryValue theory_of_hopfield(const Job& job);
analysis::TheoryValue theory_of_sk(const Job& job);
analysis::TheoryValue theory_of_dense(const Job& job);
analysis::TheoryValue theory_of_pspin(const Job& job);

/// Is all disorder of the job drawn as the theory of its model has it?
bool is_disorder_of_theory(const Job& job);

/// A quantity of the job's model by name, or nullptr.
const theory::Quantity* quantity_of(const Job& job, const std::string& name);

/// What a quantity takes from a point of the job's grid: numbers of its axes and words of its choices, by name.
theory::Arguments arguments_at(const Job& job, const theory::Quantity& quantity,
                               const std::vector<store::Coordinate>& at);

/// Counts, at each point where cued chains are compared with the retrieval state, those whose mean overlap is below
/// nine tenths of theory's: they left it (store::strayed_chains). Nothing under [measure] condition = "retained",
/// which keeps them apart already.
void count_strayed_chains(const Job& job, store::ResultTable& table);

}  // namespace mattis::sweeps
