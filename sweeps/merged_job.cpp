#include "sweeps/merged_job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sweeps/directory.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

namespace {

void refuse_other_physics(const Source& first, const Source& other) {
  std::string text;
  for (const auto& [key, there, here] : physics_differences(other.directory, first.job))
    text += fmt::format("\n  {}: {} has {}, {} has {}", key, other.directory.string(), there,
                        first.directory.string(), here);
  if (!text.empty())
    throw InputError("holds other physics than " + first.directory.string() + text, other.directory.string(),
                     "only grid values, starts, samples, replicas and sweeps may differ");
  const std::string there = record_layout(other.job), here = record_layout(first.job);
  if (there != here)
    throw InputError(
        fmt::format("keeps other records than {}:\n  {}\n  {}", first.directory.string(), there, here),
        other.directory.string(), "measure the same observables in both");
}

/// The values of a symbol of the grid: given, or what the model takes where nothing is given.
std::vector<double> values_of(const Job& job, const std::string& symbol) {
  for (const auto& [name, values] : job.grid)
    if (name == symbol) return values;
  for (const GridAxis& axis : job.model->axes)
    if (axis.otherwise && !std::isnan(*axis.otherwise) && axis.one_of.front().name == symbol) {
      const bool is_given = std::any_of(job.grid.begin(), job.grid.end(), [&](const auto& entry) {
        return std::any_of(axis.one_of.begin(), axis.one_of.end(),
                           [&](const GridSymbol& other) { return other.name == entry.first; });
      });
      if (!is_given) return {*axis.otherwise};
    }
  return {};
}

/// `first` if it holds every value, else all of them ascending.
std::vector<double> united(const std::vector<double>& first, const std::set<double>& all) {
  if (std::set<double>(first.begin(), first.end()) == all) return first;
  return {all.begin(), all.end()};
}

/// Collects the overrides that make one job the union of several.
class Union {
 public:
  explicit Union(const std::vector<Source>& sources) : sources_(sources), first_(sources.front().job) {}

  Job job() {
    for (std::size_t c = 0; c < first_.choices.size(); ++c) unite_choice(c);
    for (const std::string& symbol : symbols()) unite_axis(symbol);
    unite_starts();
    const auto largest = [&](auto number_of) {
      auto most = number_of(first_);
      for (const Source& source : sources_) most = std::max(most, number_of(source.job));
      return most;
    };
    set_number("plan.samples", first_.samples, largest([](const Job& job) { return job.samples; }));
    set_number("plan.sweeps", first_.sweeps, largest([](const Job& job) { return job.sweeps; }));
    check_replicas();
    set_number("plan.replicas", first_.replicas, largest([](const Job& job) { return job.replicas; }));
    return with_overrides(first_, overrides());
  }

 private:
  std::vector<std::string> symbols() const {
    std::vector<std::string> all;
    for (const Source& source : sources_)
      for (const auto& [name, values] : source.job.grid)
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    return all;
  }

  void unite_choice(std::size_t c) {
    std::vector<std::string> words = first_.choices[c].words;
    for (const Source& source : sources_)
      for (const std::string& word : source.job.choices[c].words)
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    if (words != first_.choices[c].words)
      set("model." + first_.choices[c].name, fmt::format("[\"{}\"]", fmt::join(words, "\", \"")));
  }

  void unite_axis(const std::string& symbol) {
    std::set<double> all;
    for (const Source& source : sources_) {
      const auto values = values_of(source.job, symbol);
      if (values.empty()) refuse_symbol(symbol, source);
      all.insert(values.begin(), values.end());
    }
    const auto before = values_of(first_, symbol), now = united(before, all);
    if (now != before) set("grid." + symbol, fmt::format("[{}]", fmt::join(now, ", ")));
  }

  [[noreturn]] void refuse_symbol(const std::string& symbol, const Source& without) const {
    const auto with = std::find_if(sources_.begin(), sources_.end(), [&](const Source& source) {
      return std::any_of(source.job.grid.begin(), source.job.grid.end(),
                         [&](const auto& entry) { return entry.first == symbol; });
    });
    throw InputError(fmt::format("has no grid.{}, and {} has", symbol, with->directory.string()),
                     without.directory.string(), "run both with the same symbols on the grid");
  }

  void unite_starts() {
    std::vector<Start> starts = first_.starts;
    std::set<double> overlaps;
    for (const Source& source : sources_)
      for (const Start start : source.job.starts) {
        if (std::find(starts.begin(), starts.end(), start) == starts.end()) starts.push_back(start);
        if (start == Start::cued) overlaps.insert(source.job.overlaps.begin(), source.job.overlaps.end());
      }
    if (starts != first_.starts) {
      std::vector<std::string> names;
      for (const Start start : starts) names.push_back(start == Start::cued ? "\"cued\"" : "\"random\"");
      set("start.kind", fmt::format("[{}]", fmt::join(names, ", ")));
    }
    if (overlaps.empty()) return;
    if (const auto now = united(first_.overlaps, overlaps); now != first_.overlaps)
      set("start.overlap", fmt::format("[{}]", fmt::join(now, ", ")));
  }

  /// What is measured on all replicas together is one record of them: of two numbers of replicas it is two.
  void check_replicas() const {
    for (const Source& source : sources_)
      for (const std::string& name : source.job.observables) {
        if (!needs_replicas(name)) continue;
        const auto other = std::find_if(sources_.begin(), sources_.end(), [&](const Source& any) {
          return any.job.replicas != source.job.replicas;
        });
        if (other == sources_.end()) continue;
        throw InputError(fmt::format("measured {} on {} replicas, and {} has {}", name, source.job.replicas,
                                     other->directory.string(), other->job.replicas),
                         source.directory.string(), "run both with the same plan.replicas");
      }
  }

  template <class T>
  void set_number(const std::string& key, T before, T now) {
    if (now != before) set(key, fmt::format("{}", now));
  }

  void set(const std::string& key, const std::string& value) { set_.push_back({key, value}); }

  /// Those of the first job that are not set anew, then the new ones.
  std::vector<std::string> overrides() const {
    std::vector<std::string> all = first_.overrides;
    for (const auto& [key, value] : set_) {
      std::erase_if(all, [&, name = key + "="](const std::string& text) { return text.starts_with(name); });
      all.push_back(key + "=" + value);
    }
    return all;
  }

  const std::vector<Source>& sources_;
  const Job& first_;
  std::vector<std::pair<std::string, std::string>> set_;
};

}  // namespace

Job merged_job(const std::vector<Source>& sources) {
  for (const Source& source : sources) refuse_other_physics(sources.front(), source);
  return Union(sources).job();
}

}  // namespace mattis::sweeps
