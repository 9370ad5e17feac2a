// What `compare` and `status` say about the next run.
#pragma once

#include <string>

#include "analysis/estimates/advice.hpp"
#include "sweeps/job.hpp"

namespace mattis::cli {

/// One line per observable, "advice    energy_per_spin: samples (...)"; empty where nothing has an error.
std::string advice_text(const sweeps::Job& job, const std::vector<analysis::Estimate>& estimates);

/// A list of objects, one per estimate: coordinates, observable, advice and its numbers (analysis::Advice).
std::string advice_json(const sweeps::Job& job, const store::ResultTable& table,
                        const std::vector<analysis::Estimate>& estimates);

}  // namespace mattis::cli
