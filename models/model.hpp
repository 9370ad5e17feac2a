// What a model is: a row of the catalogue, and the disorder samples it draws.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/chain.hpp"
#include "engine/dynamics.hpp"
#include "engine/error.hpp"
#include "engine/random_stream.hpp"
#include "models/pattern_file.hpp"

namespace mattis {

/// The numbers of a model by their grid symbols: N, P, alpha ...
using Numbers = std::map<std::string, double>;

/// How patterns are drawn ([patterns] in a job).
struct Ensemble {
  std::string name = "rademacher";            ///< "rademacher" or "file"
  double bias = 0;                            ///< mean of an entry, rademacher only
  std::shared_ptr<const PatternTable> table;  ///< file only
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
  virtual SiteIndex num_patterns() const = 0;
  virtual int pattern_entry(SiteIndex i, SiteIndex mu) const = 0;

  /// A chain that has done `sweeps_done` sweeps and stands at `spins`.
  virtual std::unique_ptr<Chain> chain(Configuration spins, const Dynamics& dynamics, const StreamId& stream,
                                       std::int64_t sweeps_done) const = 0;

  /// H from its definition, by a plain double sum over sites that shares no code with the chains: the arbiter.
  virtual std::function<double(std::span<const Spin>)> reference_energy() const = 0;
};

/// A number that users may put on the grid.
struct GridSymbol {
  std::string name, definition;
};

/// A row of the catalogue.
struct ModelEntry {
  std::string name, summary, hamiltonian;
  std::vector<GridSymbol> symbols;  ///< besides N and T
  std::string load, symmetries, theory, source;

  /// The numbers as the model takes them: asked N and loads in, N, P and actual loads out. ParameterError.
  std::function<Numbers(const Numbers& asked)> resolve;
  std::function<std::shared_ptr<const DisorderSample>(const Numbers& actual, const Ensemble&,
                                                      RngStream& disorder)>
      draw;
  /// Bytes of one disorder sample and of one chain on it.
  std::function<std::pair<double, double>(const Numbers& actual)> memory;
};

}  // namespace mattis
