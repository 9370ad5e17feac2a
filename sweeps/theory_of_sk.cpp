// What the theory of the Sherrington-Kirkpatrick model claims for which point of a job.
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

using Values = std::map<std::string, double>;

/// Equilibrium states by the theory that holds there: replica symmetric above the de Almeida-Thouless line, full
/// replica-symmetry breaking below. Each is solved once.
class SkStates {
 public:
  struct State {
    std::string level;
    Values values;  ///< by the names of `mattis theory sk state`; empty if the equations were not solved
  };

  explicit SkStates(const theory::Quantity& state) : state_(state) {}

  const State& at(double temperature, double field) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = states_.try_emplace({temperature, field});
    if (is_new) found->second = solve(temperature, std::abs(field));
    return found->second;
  }

 private:
  State solve(double temperature, double field) const {
    State rs = evaluate("rs", temperature, field);
    const auto replicon = rs.values.find("replicon");
    if (replicon != rs.values.end() && replicon->second >= 0) return rs;
    return evaluate("parisi", temperature, field);
  }

  State evaluate(const std::string& level, double temperature, double field) const {
    const theory::Prediction prediction = state_.evaluate(level, {{"T", temperature}, {"h", field}});
    State state{level, {}};
    if (!prediction.converged) return state;
    for (const auto& [name, value] : prediction.results)
      if (value) state.values[name] = *value;
    return state;
  }

  const theory::Quantity& state_;
  std::mutex mutex_;
  std::map<std::pair<double, double>, State> states_;
};

/// Equilibrium at N = infinity. The energy and the magnetisation always; the overlap of two replicas where one state
/// with q > 0 rules (rs, in a field): q and its powers.
std::optional<std::pair<double, std::string>> sk_value(SkStates& states, const store::GridPoint& point,
                                                       const std::string& observable,
                                                       const std::string& component) {
  const double h = point.actual.at("h");
  const SkStates::State& state = states.at(point.actual.at("T"), h);
  const auto value = [&](const char* name) -> std::optional<double> {
    const auto found = state.values.find(name);
    return found == state.values.end() ? std::nullopt : std::optional(found->second);
  };
  std::optional<double> claim;
  if (observable == "energy_per_spin") claim = value("u");
  if (observable == "magnetisation") claim = h == 0 ? std::optional(0.0) : value("m");
  if (observable == "magnetisation" && claim && h < 0) claim = -*claim;
  if (observable == "replica_overlap" && state.level == "rs") {
    const auto q = value("q");
    if (q == 0.0) return std::nullopt;  // its moments vanish with powers of 1/N of their own
    if (q && component == "2") claim = *q * *q;
    if (q && component == "4") claim = std::pow(*q, 4);
    if (q && (component == "1" || component == "abs")) claim = q;
  }
  if (!claim) return std::nullopt;
  return std::pair{*claim, state.level};
}

}  // namespace

analysis::TheoryValue theory_of_sk(const Job& job) {
  if (job.dynamics.updates == Updates::synchronous) return {};  // its stationary law is another
  auto states = std::make_shared<SkStates>(theory::find_quantity("sk", "state"));
  return [states](const store::GridPoint& point, const std::string& observable,
                  const std::string& component) { return sk_value(*states, point, observable, component); };
}

}  // namespace mattis::sweeps
