// What the theory of dense memories and of the p-spin glass claims for which point of a job.
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

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
  double shift_of_overlap = 0;           ///< |m - m of the replica-symmetric state|
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
    std::optional<State> broken = evaluate("1rsb", arguments);
    if (symmetric && broken && symmetric->values.count("m") && broken->values.count("m"))
      broken->shift_of_overlap = std::abs(broken->values.at("m") - symmetric->values.at("m"));
    return broken;
  }

  std::optional<State> evaluate(const std::string& level, const theory::Arguments& arguments) const {
    const theory::Prediction prediction = quantity_.evaluate(level, arguments);
    if (!prediction.converged) return std::nullopt;
    State state{level, false, 0, {}};
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

Value energy(const State& state, bool is_bound) {
  return std::pair{state.values.at("u"), state.level + (is_bound ? " (bound)" : "")};
}

/// T_d of the pure p-spin glass, T = 1 in units of the noise.
double dynamic_temperature(double p) {
  static std::mutex mutex;
  static std::map<double, double> known;
  const std::lock_guard lock(mutex);
  const auto [found, is_new] = known.try_emplace(p);
  if (is_new)
    found->second = *theory::find_quantity("pspin", "T_d").evaluate("rs", {{"p", p}}).results.front().second;
  return found->second;
}

/// Single spin flips from a random start come to rest above the glass, and below T_d they do not find the equilibrium of
/// a paramagnet either: there theory bounds the energy from below. Noise of distinct sites is that of the pure p-spin
/// glass; that of powers is taken as near its glass to 3/2 T_s.
bool is_near_glass(States& states, theory::Arguments arguments) {
  const double p = std::get<double>(arguments.at("p"));
  double& temperature = std::get<double>(arguments.at("T"));
  const auto form = arguments.find("form");
  if (form == arguments.end()) return temperature <= dynamic_temperature(p);
  if (form->second == theory::Arguments::mapped_type(std::string("distinct"))) {
    const auto gamma = arguments.find("gamma");
    const double noise = gamma != arguments.end()
                             ? std::get<double>(gamma->second)
                             : std::get<double>(arguments.at("alpha")) * std::tgamma(p + 1) / 2;
    return temperature <= dynamic_temperature(p) * std::sqrt(noise);
  }
  arguments["phase"] = std::string("spin_glass");
  temperature /= 1.5;
  return states.at(arguments).has_value();
}

/// F(M) of distinct sites or of powers, mean of powers included.
double energy_of_pattern(const std::string& form, double n, double p, double count) {
  if (form == "power") return -n / 2 * std::pow(count / n, p);
  double previous = 1, current = count, factorial = 1;
  for (double k = 1; k < p; ++k) {
    const double next = (count * current - (n - k + 1) * previous) / (k + 1);
    previous = std::exchange(current, next);
    factorial *= k + 1;
  }
  return -factorial / (2 * std::pow(n, p - 1)) * current;
}

/// Energy per spin of the paramagnet at finite N, annealed:
///
///     u_N = (K/N) [ sum_M w F exp(-F/T) / sum_M w exp(-F/T) - sum_M w F ],   w(M) = 2^-N binomial(N, (N+M)/2)
///
/// The law of large numbers comes slowly: at p = 3, T = 0.9, u_60 is three times the limit. None where states near a
/// pattern, |M| > N/2, have a share of it: there the limit is another.
std::optional<double> paramagnet_energy(const std::string& form, double n, double p, double num_patterns,
                                        double temperature) {
  double weight = 0, sum = 0, mean = 0, far = 0;
  for (double up = 0; up <= n; ++up) {
    const double count = 2 * up - n, f = energy_of_pattern(form, n, p, count);
    const double log_w = std::lgamma(n + 1) - std::lgamma(up + 1) - std::lgamma(n - up + 1) - n * std::log(2);
    const double w = std::exp(log_w - f / temperature);
    weight += w;
    sum += w * f;
    mean += std::exp(log_w) * f;
    if (2 * std::abs(count) > n) far += std::abs(w * f);
  }
  if (form == "distinct") mean = 0;
  const double u = num_patterns / n * (sum / weight - mean);
  if (!std::isfinite(u) || num_patterns / n * far / weight > 1e-3 * std::abs(u)) return std::nullopt;
  return u;
}

/// The paramagnet or the glass, whichever there is at m = 0.
Value unretrieved_energy(States& states, theory::Arguments arguments, const store::GridPoint& point,
                         const std::optional<State>& memory) {
  arguments["phase"] = std::string("spin_glass");
  const auto& glass = states.at(arguments);
  arguments["phase"] = std::string("paramagnet");
  const auto& state = glass ? glass : states.at(arguments);
  if (!state || (memory && memory->values.at("f") < state->values.at("f"))) return std::nullopt;
  if (is_near_glass(states, arguments)) return energy(*state, true);
  const double n = point.actual.at("N");
  const auto k = point.actual.find("P");
  if (!std::isfinite(n) || k == point.actual.end()) return energy(*state, false);
  const auto u =
      paramagnet_energy(std::get<std::string>(arguments.at("form")), n, std::get<double>(arguments.at("p")),
                        k->second, std::get<double>(arguments.at("T")));
  return u ? Value{std::pair{*u, state->level}} : std::nullopt;
}

/// No retrieval at this temperature, however small the load.
bool is_hot(States& states, theory::Arguments arguments) {
  arguments.erase("gamma");
  arguments["alpha"] = 1e-9;
  arguments["phase"] = std::string("retrieval");
  return !states.at(arguments);
}

/// Unbiased random patterns at N = infinity.
/// A chain cued at its pattern (overlap 1) is compared with the retrieval state where there is one, and with the paramagnet
/// where there is none at any load. At T = 0 it stops in the first minimum, above the ground state of its valley: while breaking
/// moves m by less than 1e-3 that makes no difference, beyond only the energy is bounded. The energy of a random start
/// is that of the paramagnet, near and below T_s bounded by paramagnet and glass, unless the retrieval state lies
/// lower. Nothing is claimed from imperfect cues, nor where chains strayed.
Value dense_value(States& states, theory::Arguments arguments, const store::GridPoint& point, bool is_cued,
                  const std::string& observable, const std::string& component, const std::string& cued) {
  const auto overlap = point.actual.find("start_overlap");
  if (is_cued && overlap != point.actual.end() && overlap->second != 1) return std::nullopt;
  const auto strayed = point.actual.find(store::strayed_chains);
  if (strayed != point.actual.end() && strayed->second > 0) return std::nullopt;
  arguments["phase"] = std::string("retrieval");
  const std::optional<State>& memory = states.at(arguments);
  const bool is_energy = observable == "energy_per_spin";
  if (!is_cued || (!memory && is_hot(states, arguments)))
    return is_energy ? unretrieved_energy(states, arguments, point, memory) : std::nullopt;
  if (!memory) return std::nullopt;
  const bool stops_above = point.actual.at("T") == 0 && memory->shift_of_overlap > 1e-3;
  if (is_energy)
    return energy(*memory,
                  stops_above || (memory->level != "rs" && point.actual.at("T") > 0 && !memory->is_stable));
  if (stops_above) return std::nullopt;
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
  const analysis::TheoryValue pairwise = theory_of_hopfield(job);  // p = 2
  return
      [=, &job, cued = std::to_string(job.cued)](const store::GridPoint& point, const std::string& observable,
                                                 const std::string& component) -> Value {
        const std::string& form = chosen_word(job, point.at, "form");
        const auto p = point.actual.find("p");
        if ((form != "distinct" && form != "power") || p == point.actual.end()) return std::nullopt;
        theory::Arguments arguments{{"p", p->second}, {"form", form}, {"T", point.actual.at("T")}};
        for (const std::string load : {"alpha", "gamma"})  // results hold the one that was asked
          if (const auto found = point.actual.find(load + "_actual");
              found != point.actual.end() && arguments.size() == 3) {
            if (p->second == 2) {  // gamma = alpha
              store::GridPoint same = point;
              same.actual["alpha_actual"] = found->second;
              return pairwise(same, observable, component);
            }
            arguments[load] = found->second;
          }
        if (arguments.size() == 3) return std::nullopt;
        return dense_value(*states, arguments, point, point.at[start_axis].label == "cued", observable,
                           component, cued);
      };
}

/// Equilibrium at N = infinity: the energy of the paramagnet; near T_s and below, bounds on it.
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
    return state ? energy(*state, is_near_glass(*states, arguments)) : std::nullopt;
  };
}

}  // namespace mattis::sweeps
