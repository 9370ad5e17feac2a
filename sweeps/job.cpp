#include "sweeps/job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/content_key.hpp"
#include "models/coupling_file.hpp"

namespace mattis::sweeps {

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string quoted(const std::string& text) { return fmt::format("\"{}\"", text); }

std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("[\"{}\"]", fmt::join(names, "\", \""));
}

std::string kind_of(const Dynamics& dynamics) {
  if (dynamics.updates == Updates::synchronous) return "little";
  if (dynamics.updates == Updates::rejection_free) return "nfold";
  return dynamics.rule == Rule::glauber ? "glauber" : "metropolis";
}

/// A name for the sequence of random numbers: changes whenever the same job would give other bits.
const char* random_sequence(const Dynamics& dynamics) {
  if (dynamics.updates == Updates::rejection_free)
    return "1: philox4x32-10, 64-bit waiting times and sites, one block per flip";
  return "2: philox4x32-10, a byte and 24 bits per proposal, 32-bit sites";
}

Entries physics_entries(const Job& job) {
  Entries e{{"model.name", quoted(job.model->name)}};
  for (const Ensemble& ensemble : job.ensembles) {
    if (ensemble.table)
      e.push_back({"patterns.content", quoted(hex(ensemble.table->content))});
    else if (ensemble.couplings)
      e.push_back({"couplings.content", quoted(hex(ensemble.couplings->content))});
    else if (job.model->disorder == DisorderSource::patterns)
      e.push_back({"patterns.bias", canonical(ensemble.bias)});
  }
  e.push_back({"start.pattern", fmt::format("{}", job.cued)});
  e.push_back({"dynamics.kind", quoted(kind_of(job.dynamics))});
  if (job.dynamics.updates == Updates::rejection_free)
    e.push_back({"dynamics.rule", job.dynamics.rule == Rule::glauber ? "\"glauber\"" : "\"metropolis\""});
  else
    e.push_back({"dynamics.order", job.dynamics.order == Order::sequential ? "\"sequential\""
                                   : job.dynamics.order == Order::random   ? "\"random\""
                                                                           : "\"permutation\""});
  e.push_back({"dynamics.tie", job.dynamics.tie == Tie::keep ? "\"keep\"" : "\"random\""});
  e.push_back({"plan.burn_in", fmt::format("{}", job.burn_in)});
  e.push_back({"plan.stop", job.stop_at_fixed_point ? "\"fixed_point\"" : "\"\""});
  e.push_back({"measure.every", fmt::format("{}", job.every)});
  e.push_back({"measure.cut", canonical(job.cut)});
  e.push_back({"measure.observables", list_of(recorded_observables(job))});
  e.push_back({"measure.patterns", fmt::format("[{}]", fmt::join(job.patterns, ", "))});
  e.push_back({"random.seed", fmt::format("{}", job.seed)});
  e.push_back({"random.sequence", quoted(random_sequence(job.dynamics))});
  return e;
}

}  // namespace

std::vector<std::string> recorded_observables(const Job& job) {
  std::vector<std::string> recorded = job.observables;
  std::erase_if(recorded, [](const std::string& name) {
    return name == "acceptance" || name == "retrieval_lost" || name == "free_spins" ||
           name == "not_converged" || name == "two_cycle" || needs_replicas(name);
  });
  return recorded;
}

Entries physics(const Job& job) { return physics_entries(job); }

Entries resolved(const Job& job) {
  Entries e{{"title", quoted(job.title)}};
  std::vector<std::string> ensembles, starts;
  for (const ChosenWords& choice : job.choices) e.push_back({"model." + choice.name, list_of(choice.words)});
  for (const Ensemble& ensemble : job.ensembles) ensembles.push_back(ensemble.name);
  if (job.model->disorder == DisorderSource::patterns) e.push_back({"patterns.ensemble", list_of(ensembles)});
  if (!job.pattern_file.empty()) e.push_back({"patterns.file", quoted(job.pattern_file)});
  if (!job.coupling_file.empty()) e.push_back({"couplings.file", quoted(job.coupling_file)});
  if (!job.field_file.empty()) e.push_back({"couplings.fields", quoted(job.field_file)});
  for (const auto& [name, values] : job.grid)
    e.push_back({"grid." + name, fmt::format("[{}]", fmt::join(values, ", "))});
  for (const Start start : job.starts) starts.push_back(start == Start::cued ? "cued" : "random");
  e.push_back({"start.kind", list_of(starts)});
  e.push_back({"start.overlap", fmt::format("[{}]", fmt::join(job.overlaps, ", "))});
  e.push_back({"plan.sweeps", fmt::format("{}", job.sweeps)});
  e.push_back({"plan.samples", fmt::format("{}", job.samples)});
  e.push_back({"plan.replicas", fmt::format("{}", job.replicas)});
  e.push_back({"measure.condition", job.only_retained ? "\"retained\"" : "\"\""});
  e.push_back({"measure.lost_within", fmt::format("[{}]", fmt::join(job.lost_within, ", "))});
  for (auto& entry : physics_entries(job)) {
    if (entry.first == "measure.observables") entry.second = list_of(job.observables);
    e.push_back(std::move(entry));
  }
  if (job.capacity) {
    const CapacityQuestion& question = *job.capacity;
    const std::vector<std::pair<const char*, double>> values{
        {"level", question.level},
        {"lower", question.lower},
        {"upper", question.upper},
        {"smallest_size", question.smallest_size},
        {"shift_exponent", question.shift_exponent},
        {"shift_terms", question.shift_terms},
        {"crossing_exponent", question.crossing_exponent}};
    for (const auto& [name, value] : values)
      e.push_back({fmt::format("analysis.capacity.{}", name), canonical(value)});
  }
  return e;
}

}  // namespace mattis::sweeps
