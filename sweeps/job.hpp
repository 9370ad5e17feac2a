// A job: what a user asks to be simulated, with every default filled in.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/dynamics.hpp"
#include "engine/observables.hpp"
#include "models/model.hpp"

namespace mattis::sweeps {

enum class Start { cued, random };

/// How the capacity is read off retrieved fractions ([analysis.capacity]); the same fields as
/// analysis::CapacityDefinition.
struct CapacityQuestion {
  double level = 0.5, lower = 0.05, upper = 0.95;
  double smallest_size = 0;
  double shift_exponent = 0.5, crossing_exponent = 0;
  int shift_terms = 1;
};

/// The words that a job chooses for one of its model's choices; more than one: an axis of the grid.
struct ChosenWords {
  std::string name;
  std::vector<std::string> words;
  bool is_axis() const { return words.size() > 1; }
};

struct Job {
  std::string title;
  const ModelEntry* model = nullptr;
  std::vector<ChosenWords> choices;  ///< one for each choice of the model

  std::vector<Ensemble> ensembles;  ///< more than one: an axis of the grid
  bool ensemble_is_axis = false;
  std::string pattern_file, coupling_file, field_file;

  std::vector<std::pair<std::string, std::vector<double>>> grid;  ///< N, what the model takes, T
  const std::vector<double>& sizes() const { return grid.front().second; }
  const std::vector<double>& temperatures() const { return grid.back().second; }

  std::vector<Start> starts;
  std::vector<double> overlaps;  ///< of the cued start
  bool overlap_is_axis = false;
  SiteIndex cued = 0;

  Dynamics dynamics;  ///< its temperature belongs to the grid

  std::int64_t burn_in = 0, sweeps = 0;
  int samples = 1, replicas = 1;
  bool stop_at_fixed_point = false;

  std::vector<std::string> observables;
  std::int64_t every = 1;
  double cut = 0.9;
  bool only_retained = false;  ///< [measure] condition = "retained"
  std::vector<std::int64_t> lost_within;
  std::vector<SiteIndex> patterns;  ///< besides the cued one

  std::uint64_t seed = 0;
  std::optional<CapacityQuestion> capacity;

  std::string file, text;                    ///< as given
  std::vector<std::string> overrides;        ///< --set, in order
  std::map<std::string, std::string> where;  ///< key -> file:line:column

  /// The place of a key for messages; the file's name if the key is not there.
  std::string place(const std::string& key) const {
    const auto found = where.find(key);
    return found == where.end() ? file : found->second;
  }
};

/// Who reads the files that a job names.
struct FileReaders {
  std::function<std::shared_ptr<const PatternTable>(const std::string& path)> patterns;
  /// `fields` is empty where the job names none.
  std::function<std::shared_ptr<const CouplingTable>(const std::string& path, const std::string& fields)>
      couplings;
};

/// Reads a job file (TOML). `overrides` are "section.key=value". Pattern files are looked up beside the job file.
/// Errors   InputError with file:line:column, key and a suggestion; never aborts on malformed text.
Job read_job(const std::string& file, const std::vector<std::string>& overrides = {});

/// The same from memory; `readers` are asked for the files it names.
Job parse_job(const std::string& text, const std::string& file, const std::vector<std::string>& overrides,
              const FileReaders& readers);

/// The job with every default written out, one `key = value` per entry: what `check` prints and provenance keeps.
std::vector<std::pair<std::string, std::string>> resolved(const Job& job);

/// The measured observables that decide what a chain records. The others follow from what every chain keeps
/// (acceptance, losses, ends at T = 0), or have records of their own (replica_overlap): they may come and go.
std::vector<std::string> recorded_observables(const Job& job);

/// The part of `resolved` that may not change under results that exist already: all but grid values, samples,
/// replicas and sweeps, the title and the analysis.
std::vector<std::pair<std::string, std::string>> physics(const Job& job);

}  // namespace mattis::sweeps
