#include "sweeps/point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "engine/content_key.hpp"
#include "models/coupling_file.hpp"

namespace mattis::sweeps {

namespace {

/// Names of the numbers that leave the disorder as it is: external fields.
bool shapes_disorder(const ModelEntry& model, const std::string& number) {
  for (const GridAxis& axis : model.axes)
    for (const GridSymbol& symbol : axis.one_of)
      if (symbol.name == number) return axis.shapes_disorder;
  return true;
}

/// The word of a choice, or the number.
std::string value_text(const ModelEntry& model, const std::string& key, double value) {
  for (const ModelChoice& choice : model.choices)
    if (choice.name == key) return choice.words.at(static_cast<std::size_t>(value)).name;
  return canonical(value);
}

std::string name_of_disorder(const Job& job, const Ensemble& ensemble, const Numbers& actual) {
  std::string name = "model=" + job.model->name;
  const auto other = job.model->same_as ? job.model->same_as(actual) : std::nullopt;
  if (other) name = "model=" + other->first;
  for (const auto& [key, value] : other ? other->second : actual)
    if (shapes_disorder(*job.model, key))
      name += fmt::format("|{}={}", key, value_text(*job.model, key, value));
  name += "|ensemble=" + ensemble.name;
  if (ensemble.table) return name + "|content=" + hex(ensemble.table->content);
  if (ensemble.couplings) return name + "|content=" + hex(ensemble.couplings->content);
  return job.model->disorder == DisorderSource::patterns ? name + "|bias=" + canonical(ensemble.bias) : name;
}

/// External fields and their like: what the chain feels beside its disorder.
std::string name_of_fields(const Job& job, const Numbers& actual) {
  std::string name;
  for (const auto& [key, value] : actual)
    if (!shapes_disorder(*job.model, key))
      name += fmt::format("|{}={}", key, value_text(*job.model, key, value));
  return name;
}

std::string name_of_dynamics(const Dynamics& d) {
  if (d.updates == Updates::synchronous)
    return fmt::format("|T={}|synchronous|tie={}", canonical(d.temperature), static_cast<int>(d.tie));
  if (d.updates == Updates::rejection_free)
    return fmt::format("|T={}|nfold|rule={}|tie={}", canonical(d.temperature), static_cast<int>(d.rule),
                       static_cast<int>(d.tie));
  return fmt::format("|T={}|rule={}|order={}|tie={}", canonical(d.temperature), static_cast<int>(d.rule),
                     static_cast<int>(d.order), static_cast<int>(d.tie));
}

std::vector<Start> starts_with_overlap(const Job& job, std::size_t overlap) {
  std::vector<Start> starts;
  for (const Start start : job.starts)
    if (start == Start::cued || overlap == 0) starts.push_back(start);  // a random start has no overlap: once
  return starts;
}

}  // namespace

StreamId Point::disorder_stream(std::uint64_t seed, int sample) const {
  return {seed, StreamDomain::disorder, disorder, static_cast<std::uint32_t>(sample), 0};
}

StreamId Point::start_stream(std::uint64_t seed, int sample, int replica) const {
  return {seed, StreamDomain::initial_state, content_key(start_name), static_cast<std::uint32_t>(sample),
          static_cast<std::uint32_t>(replica)};
}

StreamId Point::chain_stream(std::uint64_t seed, int sample, int replica) const {
  return {seed, StreamDomain::dynamics, content_key(chain_name), static_cast<std::uint32_t>(sample),
          static_cast<std::uint32_t>(replica)};
}

std::uint64_t Point::record_key(std::uint64_t seed, int sample, int replica, int replicas) const {
  const std::string chain =
      replica >= 0 ? fmt::format("replica={}", replica) : fmt::format("pairs of {}", replicas);
  return content_key(fmt::format("{}|seed={}|sample={}|{}", chain_name, seed, sample, chain));
}

std::vector<store::Axis> axes(const Job& job) {
  std::vector<store::Axis> all;
  if (job.ensemble_is_axis) all.push_back({"ensemble", "1", "how the patterns are drawn", true});
  for (const ChosenWords& choice : job.choices)
    if (choice.is_axis()) all.push_back({choice.name, "1", "as [model] chooses it", true});
  for (const auto& [name, values] : job.grid) {
    std::string definition = name == "N" ? "number of spins" : name == "T" ? "temperature, k_B = 1" : "";
    for (const GridAxis& axis : job.model->axes)
      for (const GridSymbol& symbol : axis.one_of)
        if (symbol.name == name) definition = symbol.definition;
    all.push_back({name, name == "T" ? "J" : "1", definition, false});
  }
  if (job.overlap_is_axis)
    all.push_back({"start_overlap", "1", "overlap of the cued start with its pattern", false});
  all.push_back({"start", "1", "where the chains start", true});
  return all;
}

namespace {

/// Refuses patterns that the point does not have.
void check_patterns(const Job& job, const Ensemble& ensemble, const Numbers& actual) {
  if (job.model->disorder != DisorderSource::patterns) return;
  const double p = actual.at("P");
  if (ensemble.table && p > static_cast<double>(ensemble.table->rows)) {
    const auto& [axis, values] = job.grid.at(1);
    throw InputError(fmt::format("grid.{}: asks for {} patterns", axis, p), job.place("grid." + axis),
                     fmt::format("{} holds {}", job.pattern_file, ensemble.table->rows));
  }
  const auto refuse = [&](const char* key, SiteIndex mu) {
    throw InputError(fmt::format("{}: pattern {} of {} (counted from 0)", key, mu, p), job.place(key));
  };
  for (const SiteIndex mu : job.patterns)
    if (mu >= p) refuse("measure.patterns", mu);
  if (job.cued >= p) refuse("start.pattern", job.cued);
}

/// The place of each chosen word in the model's list.
Numbers places_of(const Job& job, const std::vector<std::string>& words) {
  Numbers places;
  for (std::size_t c = 0; c < words.size(); ++c) {
    const ModelChoice& choice = job.model->choices[c];
    const auto found = std::find_if(choice.words.begin(), choice.words.end(),
                                    [&](const GridSymbol& word) { return word.name == words[c]; });
    places[choice.name] = static_cast<double>(found - choice.words.begin());
  }
  return places;
}

/// Of several numbers that say one load, the one that was asked for stays, else the first.
void keep_asked_load(const Job& job, Numbers& actual) {
  for (const GridAxis& axis : job.model->axes) {
    std::string kept;
    for (const GridSymbol& symbol : axis.one_of) {
      const std::string name = symbol.name + "_actual";
      const bool is_asked = std::any_of(job.grid.begin(), job.grid.end(),
                                        [&](const auto& entry) { return entry.first == symbol.name; });
      if (actual.count(name) > 0 && (kept.empty() || is_asked)) kept = name;
    }
    for (const GridSymbol& symbol : axis.one_of)
      if (const std::string name = symbol.name + "_actual"; name != kept) actual.erase(name);
  }
}

Numbers resolve(const Job& job, const std::vector<std::string>& words,
                const std::vector<double>& asked_values) {
  Numbers asked = places_of(job, words);
  for (const GridAxis& axis : job.model->axes)
    if (axis.otherwise) asked[axis.one_of.front().name] = *axis.otherwise;
  for (std::size_t a = 0; a + 1 < job.grid.size(); ++a) asked[job.grid[a].first] = asked_values[a];
  try {
    return job.model->resolve(asked);
  } catch (const ParameterError& error) {
    throw InputError(fmt::format("grid.{}: {}", error.key, error.reason), job.place("grid." + error.key),
                     error.advice);
  }
}

/// Calls visit() for every combination of chosen words, the last choice fastest.
template <class Visit>
void for_each_wording(const Job& job, std::vector<std::string>& words, Visit visit) {
  if (words.size() == job.choices.size()) return visit();
  for (const std::string& word : job.choices[words.size()].words) {
    words.push_back(word);
    for_each_wording(job, words, visit);
    words.pop_back();
  }
}

/// Calls visit() for every combination of the grid's values but those of T, the last axis fastest.
template <class Visit>
void for_each_setting(const Job& job, std::vector<double>& values, Visit visit) {
  if (values.size() + 1 == job.grid.size()) return visit();
  for (const double value : job.grid[values.size()].second) {
    values.push_back(value);
    for_each_setting(job, values, visit);
    values.pop_back();
  }
}

}  // namespace

Numbers shown_numbers(const Job& job, const Point& point) {
  Numbers shown = point.actual;
  for (const ChosenWords& choice : job.choices) shown.erase(choice.name);
  return shown;
}

const std::string& chosen_word(const Job& job, const std::vector<store::Coordinate>& at,
                               const std::string& choice) {
  std::size_t axis = job.ensemble_is_axis ? 1 : 0;
  for (const ChosenWords& chosen : job.choices) {
    if (chosen.name == choice) return chosen.is_axis() ? at.at(axis).label : chosen.words.front();
    axis += chosen.is_axis() ? 1 : 0;
  }
  throw InternalError(job.model->name + " has no choice " + choice);
}

std::vector<Point> points(const Job& job) {
  std::vector<Point> all;
  for (std::size_t e = 0; e < job.ensembles.size(); ++e) {
    const Ensemble& ensemble = job.ensembles[e];
    std::vector<std::string> words;
    std::vector<double> setting;
    const auto add_setting = [&] {
      Point base;
      base.ensemble = e;
      base.actual = resolve(job, words, setting);
      check_patterns(job, ensemble, base.actual);
      base.disorder_name = name_of_disorder(job, ensemble, base.actual);
      base.disorder = content_key(base.disorder_name);
      const std::string fields = name_of_fields(job, base.actual);
      keep_asked_load(job, base.actual);
      for (const double t : job.temperatures())
        for (std::size_t o = 0; o < job.overlaps.size(); ++o)
          for (const Start start : starts_with_overlap(job, o)) {
            Point point = base;
            point.start = start;
            point.temperature = t;
            point.overlap = start == Start::cued ? job.overlaps[o] : store::not_there;
            point.actual["T"] = t;
            point.actual["start_overlap"] = point.overlap;
            point.start_name = base.disorder_name + "|start=" +
                               (start == Start::random ? "random"
                                                       : fmt::format("cued|pattern={}|overlap={}", job.cued,
                                                                     canonical(point.overlap)));
            Dynamics dynamics = job.dynamics;
            dynamics.temperature = t;
            point.chain_name = point.start_name + fields + name_of_dynamics(dynamics);
            if (job.ensemble_is_axis) point.at.push_back({store::not_there, ensemble.name});
            for (std::size_t c = 0; c < words.size(); ++c)
              if (job.choices[c].is_axis()) point.at.push_back({store::not_there, words[c]});
            for (const double number : setting) point.at.push_back({number, ""});
            point.at.push_back({t, ""});
            if (job.overlap_is_axis) point.at.push_back({point.overlap, ""});
            point.at.push_back({store::not_there, start == Start::cued ? "cued" : "random"});
            all.push_back(std::move(point));
          }
    };
    for_each_wording(job, words, [&] { for_each_setting(job, setting, add_setting); });
  }
  return all;
}

std::vector<Task> tasks(const Job& job, const std::vector<Point>& points) {
  // Two loads asked for that round to one number of patterns are one chain, run once.
  std::map<std::uint64_t, std::vector<std::size_t>> groups;
  std::unordered_set<std::string> names;
  for (std::size_t p = 0; p < points.size(); ++p)
    if (names.insert(points[p].chain_name).second) groups[points[p].disorder].push_back(p);
  constexpr double most_chains = 1e7;
  const double chains = static_cast<double>(names.size()) * job.samples * job.replicas;
  if (chains > most_chains)
    throw InputError(fmt::format("plan.samples: {:.3g} chains are more than {:.0e}", chains, most_chains),
                     job.place("plan.samples"), "ask for fewer samples, replicas or points");
  std::vector<Task> all;
  std::unordered_set<std::uint64_t> streams, records;
  const auto claim = [&](std::unordered_set<std::uint64_t>& keys, std::uint64_t key) {
    MATTIS_CHECK(keys.insert(key).second);
  };
  for (const auto& [disorder, members] : groups)
    for (int sample = 0; sample < job.samples; ++sample) {
      const Point& first = points[members.front()];
      const std::string name = fmt::format("{}|seed={}|sample={}", first.disorder_name, job.seed, sample);
      all.push_back({members, sample, hex(content_key(name))});
      claim(streams, stream_key(first.disorder_stream(job.seed, sample)));
      for (const std::size_t p : members)
        for (int replica = 0; replica < job.replicas; ++replica) {
          claim(streams, stream_key(points[p].chain_stream(job.seed, sample, replica)));
          claim(records, points[p].record_key(job.seed, sample, replica, job.replicas));
        }
    }
  const auto work = [&](const Task& task) {
    const Point& point = points[task.points.front()];
    return job.model->sweep_cost(point.actual) * static_cast<double>(task.points.size());
  };
  std::stable_sort(all.begin(), all.end(), [&](const Task& a, const Task& b) {
    return std::tuple(-work(a), a.sample, a.name) < std::tuple(-work(b), b.sample, b.name);
  });
  return all;
}

}  // namespace mattis::sweeps
