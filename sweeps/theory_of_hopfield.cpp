// What the theory of the Hopfield model claims for which point of a job.
#include <cmath>
#include <map>
#include <mutex>
#include <tuple>

#include "analysis/theory/hopfield_1rsb.hpp"
#include "analysis/theory/hopfield_rs.hpp"
#include "sweeps/point.hpp"
#include "sweeps/theory_of.hpp"

namespace mattis::sweeps {

namespace {

using theory::HopfieldSolution;
using theory::Phase;
using Value = std::optional<std::pair<double, std::string>>;

/// Energy per spin of the glass, with its level.
struct GlassEnergy {
  double u = 0;
  std::string level;
};

/// States at a load and a temperature, each solved once: replica symmetric, and the energy of the glass at one step.
class HopfieldStates {
 public:
  const std::optional<theory::HopfieldState>& at(double alpha, double temperature, Phase phase) {
    const std::lock_guard lock(mutex_);
    const auto key = std::tuple(alpha, temperature, phase);
    const auto found = states_.find(key);
    if (found != states_.end()) return found->second;
    const HopfieldSolution solution = theory::solve_hopfield_rs(alpha, temperature, phase);
    return states_[key] = solution.converged ? solution.state : std::nullopt;
  }

  /// Below T_g the glass breaks replica symmetry without end: every finite step bounds its energy from below, the
  /// higher the better.
  const std::optional<GlassEnergy>& glass_energy(double alpha, double temperature) {
    const auto& rs = at(alpha, temperature, Phase::spin_glass);
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = glasses_.try_emplace({alpha, temperature});
    if (is_new && rs) {
      const auto one_step = theory::solve_hopfield_1rsb(alpha, temperature, Phase::spin_glass);
      found->second = one_step.converged && one_step.state && one_step.state->u >= rs->u
                          ? GlassEnergy{one_step.state->u, "1rsb (bound)"}
                          : GlassEnergy{rs->u, "rs (bound)"};
    }
    return found->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<double, double>, std::optional<GlassEnergy>> glasses_;
  std::map<std::tuple<double, double, Phase>, std::optional<theory::HopfieldState>> states_;
};

/// What the state predicts for an observable; m is the overlap with the cued pattern.
std::optional<double> predicted(const theory::HopfieldState& state, const std::string& observable,
                                const std::string& component, const std::string& cued) {
  if (observable == "energy_per_spin") return state.u;
  if (observable == "retrieval_overlap" || (observable == "overlap" && component == cued)) return state.m;
  if (observable == "overlap_squared" && component == cued) return state.m * state.m;
  if (observable == "overlap_abs" && component == cued) return state.m;
  if (observable == "replica_overlap") {
    if (component == "2") return state.q * state.q;
    if (component == "4") return std::pow(state.q, 4);
    return state.q;
  }
  return std::nullopt;
}

/// Unbiased random patterns at N = infinity.
/// A chain cued at its pattern (overlap 1) is compared with the retrieval state where there is one; any chain with
/// the paramagnet above T_g; the energy of a random start below T_g with that of the glass at one step of breaking, which
/// bounds it from below (level "1rsb (bound)", no z), and its overlap with 0, where no retrieval state lies lower
/// still. The overlap of two replicas has no single value in the glass. Nothing is claimed beyond the spinodal for a cued start, nor from
/// imperfect cues, nor where chains strayed from the retrieval state.
Value hopfield_value(HopfieldStates& states, const store::GridPoint& point, bool is_cued,
                     const std::string& observable, const std::string& component, const std::string& cued) {
  const double alpha = point.actual.at("alpha_actual"), t = point.actual.at("T");
  const auto overlap = point.actual.find("start_overlap");
  const bool is_hot = t > 1 + std::sqrt(alpha);
  if (is_cued && !is_hot && overlap != point.actual.end() && overlap->second != 1) return std::nullopt;
  const auto strayed = point.actual.find(store::strayed_chains);
  if (strayed != point.actual.end() && strayed->second > 0) return std::nullopt;
  const Phase phase = is_hot ? Phase::paramagnet : is_cued ? Phase::retrieval : Phase::spin_glass;
  const auto& state = states.at(alpha, t, phase);
  if (!state) return std::nullopt;
  if (phase == Phase::spin_glass)
    if (const auto& memory = states.at(alpha, t, Phase::retrieval); memory && memory->f < state->f)
      return std::nullopt;
  if (phase == Phase::spin_glass && observable == "energy_per_spin") {
    const auto& glass = states.glass_energy(alpha, t);
    return glass ? Value{std::pair{glass->u, glass->level}} : std::nullopt;
  }
  // The paramagnet fixes q and the energy; finite-size chains have no sign to compare first moments with.
  if (phase != Phase::retrieval && observable != "energy_per_spin" && observable != "retrieval_overlap" &&
      !(phase == Phase::paramagnet && observable == "replica_overlap" && component == "2"))
    return std::nullopt;
  const auto value = predicted(*state, observable, component, cued);
  if (!value) return std::nullopt;
  return std::pair{*value, std::string("rs")};
}

}  // namespace

analysis::TheoryValue theory_of_hopfield(const Job& job) {
  if (job.dynamics.updates == Updates::synchronous) return {};  // its stationary law is another
  const auto all_axes = axes(job);
  const std::size_t start_axis = all_axes.size() - 1;
  auto states = std::make_shared<HopfieldStates>();
  const bool ensemble_is_axis = job.ensemble_is_axis;
  std::map<std::string, bool> is_random;  // unbiased Rademacher patterns: what the theory is about
  for (const Ensemble& ensemble : job.ensembles)
    is_random[ensemble.name] = !ensemble.table && ensemble.bias == 0;
  const std::string only = job.ensembles.front().name;
  return [=, cued = std::to_string(job.cued)](const store::GridPoint& point, const std::string& observable,
                                              const std::string& component) -> Value {
    if (!is_random.at(ensemble_is_axis ? point.at.front().label : only)) return std::nullopt;
    return hopfield_value(*states, point, point.at[start_axis].label == "cued", observable, component, cued);
  };
}

}  // namespace mattis::sweeps
