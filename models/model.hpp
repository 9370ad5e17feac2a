// What a model is: a row of the catalogue, and the disorder samples it draws.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/error.hpp"
#include "engine/random_stream.hpp"
#include "models/pattern_file.hpp"

namespace mattis {

struct CouplingTable;

/// The numbers of a model by their grid symbols: N, P, alpha ...
using Numbers = std::map<std::string, double>;

/// Where the quenched disorder of a model comes from.
enum class DisorderSource {
  patterns,   ///< [patterns] in a job: drawn, or the rows of a file
  drawn,      ///< the model's own distribution of couplings
  couplings,  ///< [couplings] in a job: the user's own
};

/// How the disorder is drawn, or what was given instead.
struct Ensemble {
  std::string name = "rademacher";                      ///< "rademacher" or "file" (patterns)
  double bias = 0;                                      ///< mean of a pattern's entry, rademacher only
  std::shared_ptr<const PatternTable> table = {};       ///< patterns from a file
  std::shared_ptr<const CouplingTable> couplings = {};  ///< couplings and fields from files
};

/// A number of the model that makes no sense; `key` is the grid symbol it came by.
class ParameterError : public InputError {
 public:
  ParameterError(std::string key_, const std::string& what, const std::string& hint = {})
      : InputError(what, key_, hint), key(std::move(key_)), reason(what), advice(hint) {}
  std::string key, reason, advice;
};

/// One draw of the quenched disorder: immutable, shared by every chain that lives on it, on any thread.
class DisorderSample {
 public:
  virtual ~DisorderSample() = default;
  virtual SiteIndex num_spins() const = 0;
  /// Models without patterns have none.
  virtual SiteIndex num_patterns() const { return 0; }
  virtual int pattern_entry(SiteIndex, SiteIndex) const { return 0; }

  /// J_ij and h_i of models of explicit couplings; others have none.
  virtual double coupling(SiteIndex, SiteIndex) const { return 0; }
  virtual double field(SiteIndex) const { return 0; }

  /// A chain that has done `sweeps_done` sweeps and stands at `spins`.
  virtual std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                                       std::int64_t sweeps_done) const = 0;

  /// The kernels a chain with these dynamics may use on this machine, the reference first.
  virtual std::vector<Kernel> kernels(const Dynamics&) const { return {Kernel::scalar}; }

  /// H from its definition, by a plain double sum over sites that shares no code with the chains: the arbiter.
  virtual std::function<double(std::span<const Spin>)> reference_energy() const = 0;
};

/// A number that users may put on the grid.
struct GridSymbol {
  std::string name, definition;
};

/// A number of the model beside N and T, or several ways to ask for it (P or alpha), of which a job uses one.
struct GridAxis {
  std::vector<GridSymbol> one_of;
  std::optional<double> otherwise = {};  ///< taken where the job says nothing; without it the job must
  bool shapes_disorder = true;  ///< false: points that differ in it alone share their disorder samples
  bool is_load = false;  ///< the number of patterns: where a job names none, all rows of a pattern file
};

/// A property of the model that a word in [model] chooses; a list of words is an axis of the grid. Among `Numbers` it is the place of the
/// word in the list. The first word is taken where the job says nothing.
struct ModelChoice {
  std::string name;
  std::vector<GridSymbol> words;
};

/// A row of the catalogue.
struct ModelEntry {
  std::string name, summary, hamiltonian;
  DisorderSource disorder = DisorderSource::patterns;
  std::vector<GridAxis> axes;  ///< beside N and T; the load first
  std::vector<ModelChoice> choices = {};
  std::string load, symmetries, theory, source;

  /// The numbers as the model takes them: what was asked for N, `axes` and `choices` (defaults filled in) comes in; N, actual
  /// loads, and P where the model has patterns go out, and choices as they came. ParameterError.
  std::function<Numbers(const Numbers& asked)> resolve;
  std::function<std::shared_ptr<const DisorderSample>(const Numbers& actual, const Ensemble&,
                                                      RngStream& disorder)>
      draw;
  /// Bytes of one disorder sample and of one chain on it.
  std::function<std::pair<double, double>(const Numbers& actual)> memory;
  /// Elementary steps of a sweep, up to a constant of the model: large tasks go first, remaining time is told by it.
  std::function<double(const Numbers& actual)> sweep_cost;
  /// The model and numbers that these are another name of: same random streams, so the same bits. Where there is none, {}.
  std::function<std::optional<std::pair<std::string, Numbers>>(const Numbers& actual)> same_as = {};
};

}  // namespace mattis
