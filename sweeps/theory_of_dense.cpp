// What the theory of dense memories and of the p-spin glass claims for which point of a job.
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>

#include "sweeps/point.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

using Value = std::optional<std::pair<double, std::string>>;

/// A state by the level that holds: replica symmetric where it is stable, else with one step. Where that is unstable as
/// well, more steps are needed.
struct State {
  std::string level;
  bool is_stable = false;
  std::map<std::string, double> values;  ///< by the names of `mattis theory MODEL state`
};

/// States of one model, each solved once.
class States {
 public:
  explicit States(const std::string& model) : quantity_(theory::find_quantity(model, "state")) {}

  /// None where there is no such state.
  const std::optional<State>& at(const theory::Arguments& arguments) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = states_.try_emplace(arguments);
    if (is_new) found->second = solve(arguments);
    return found->second;
  }

 private:
  std::optional<State> solve(const theory::Arguments& arguments) const {
    std::optional<State> symmetric = evaluate("rs", arguments);
    if (symmetric && symmetric->is_stable) return symmetric;
    return evaluate("1rsb", arguments);
  }

  std::optional<State> evaluate(const std::string& level, const theory::Arguments& arguments) const {
    const theory::Prediction prediction = quantity_.evaluate(level, arguments);
    if (!prediction.converged) return std::nullopt;
    State state{level, false, {}};
    for (const auto& [name, value] : prediction.results)
      if (value) state.values[name] = *value;
    if (state.values.count("u") == 0) return std::nullopt;
    const auto replicon = state.values.find("replicon");
    state.is_stable = replicon != state.values.end() && replicon->second >= 0;
    return state;
  }

  const theory::Quantity& quantity_;
  std::mutex mutex_;
  std::map<theory::Arguments, std::optional<State>> states_;
};

Value energy(const State& state, bool is_glass) {
  const bool is_bound = is_glass && !state.is_stable;
  return std::pair{state.values.at("u"), state.level + (is_bound ? " (bound)" : "")};
}

/// Unbiased random patterns at N = infinity.
/// A chain cued at its pattern (overlap 1) is compared with the retrieval state where there is one; the energy of a
/// random start with that of the paramagnet above T_s and of the glass below, unless the retrieval state lies
/// lower. Beyond the spinodal a cued start is compared with the paramagnet, where there is no glass. Nothing is claimed from
/// imperfect cues, nor where chains strayed.
Value dense_value(States& states, theory::Arguments arguments, const store::GridPoint& point, bool is_cued,
                  const std::string& observable, const std::string& component, const std::string& cued) {
  const auto overlap = point.actual.find("start_overlap");
  if (is_cued && overlap != point.actual.end() && overlap->second != 1) return std::nullopt;
  const auto strayed = point.actual.find(store::strayed_chains);
  if (strayed != point.actual.end() && strayed->second > 0) return std::nullopt;
  arguments["phase"] = std::string("retrieval");
  const std::optional<State>& memory = states.at(arguments);
  if (!is_cued || !memory) {
    if (observable != "energy_per_spin") return std::nullopt;
    arguments["phase"] = std::string("spin_glass");
    const auto& glass = states.at(arguments);
    if (is_cued && glass) return std::nullopt;
    arguments["phase"] = std::string("paramagnet");
    const auto& competitor = glass ? glass : states.at(arguments);
    if (!competitor || (memory && memory->values.at("f") < competitor->values.at("f"))) return std::nullopt;
    return energy(*competitor, glass.has_value());
  }
  if (observable == "energy_per_spin") return energy(*memory, false);
  const double m = memory->values.at("m");
  if (observable == "retrieval_overlap") return std::pair{m, memory->level};
  if (component == cued && (observable == "overlap" || observable == "overlap_abs"))
    return std::pair{m, memory->level};
  if (component == cued && observable == "overlap_squared") return std::pair{m * m, memory->level};
  const auto q = memory->values.find("q");
  if (observable == "replica_overlap" && memory->level == "rs" && q != memory->values.end()) {
    if (component == "2") return std::pair{q->second * q->second, memory->level};
    if (component == "4") return std::pair{std::pow(q->second, 4), memory->level};
    return std::pair{q->second, memory->level};
  }
  return std::nullopt;
}

}  // namespace

analysis::TheoryValue theory_of_dense(const Job& job) {
  if (job.dynamics.updates == Updates::synchronous || !is_disorder_of_theory(job)) return {};
  const std::size_t start_axis = axes(job).size() - 1;
  auto states = std::make_shared<States>("dense");
  return
      [=, &job, cued = std::to_string(job.cued)](const store::GridPoint& point, const std::string& observable,
                                                 const std::string& component) -> Value {
        const std::string& form = chosen_word(job, point.at, "form");
        const auto p = point.actual.find("p");
        if ((form != "distinct" && form != "power") || p == point.actual.end() || p->second < 3)
          return std::nullopt;
        theory::Arguments arguments{{"p", p->second}, {"form", form}, {"T", point.actual.at("T")}};
        for (const std::string load : {"alpha", "gamma"})  // results hold the one that was asked
          if (const auto found = point.actual.find(load + "_actual");
              found != point.actual.end() && arguments.size() == 3)
            arguments[load] = found->second;
        if (arguments.size() == 3) return std::nullopt;
        return dense_value(*states, arguments, point, point.at[start_axis].label == "cued", observable,
                           component, cued);
      };
}

/// Equilibrium at N = infinity: the energy, of the paramagnet above T_s and of the glass with one step below.
analysis::TheoryValue theory_of_pspin(const Job& job) {
  if (job.dynamics.updates == Updates::synchronous) return {};
  auto states = std::make_shared<States>("pspin");
  return [states](const store::GridPoint& point, const std::string& observable, const std::string&) -> Value {
    if (observable != "energy_per_spin") return std::nullopt;
    theory::Arguments arguments{
        {"p", point.actual.at("p")}, {"T", point.actual.at("T")}, {"phase", std::string("spin_glass")}};
    const auto& glass = states->at(arguments);
    arguments["phase"] = std::string("paramagnet");
    const auto& state = glass ? glass : states->at(arguments);
    return state ? energy(*state, glass.has_value()) : std::nullopt;
  };
}

}  // namespace mattis::sweeps
