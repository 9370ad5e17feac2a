// The rows of the Hopfield model.
#include <cmath>

#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/hopfield_1rsb.hpp"
#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/hopfield_rs_lines.hpp"

namespace mattis::theory {

namespace {

const char* const source_rs =
    "Amit, Gutfreund, Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985); Ann. Phys. 173, 30 (1987)";

const char* const source_1rsb =
    "Crisanti, Amit, Gutfreund, Europhys. Lett. 2, 337 (1986); Steffan, Kuehn, Z. Phys. B 95, 249 (1994)";

const Parameter load{"alpha", "load P/N, >= 0", false, {}, std::nullopt};
const Parameter temperature{"T", "temperature, >= 0, inf included (J = k_B = 1)", false, {}, std::nullopt,
                            true};
const Parameter phase{"phase",
                      "which solution of the saddle-point equations",
                      true,
                      {"retrieval", "spin_glass", "paramagnet"},
                      "retrieval"};

Phase phase_named(const std::string& name) {
  if (name == "retrieval") return Phase::retrieval;
  return name == "spin_glass" ? Phase::spin_glass : Phase::paramagnet;
}

/// Appends results read from a state, or their absence.
template <class State>
struct Reader {
  const std::optional<State>& state;
  std::vector<std::pair<std::string, std::optional<double>>>& results;

  template <class Read>
  void operator()(const char* name, Read read) const {
    results.emplace_back(name, read_from(state, read));
  }
};

Prediction state_1rsb(double alpha, double t, Phase which) {
  const auto solution = solve_hopfield_1rsb(alpha, t, which);
  Prediction prediction{{}, solution.converged, solution.residual, source_1rsb};
  const Reader<Hopfield1RsbState> add{solution.state, prediction.results};
  add("m", [](const auto& s) { return s.m; });
  add("q", [](const auto& s) { return s.q1; });
  add("r", [](const auto& s) { return s.r; });
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("s", [](const auto& s) { return s.s; });
  add("replicon", [](const auto& s) { return s.replicon; });
  add("q0", [](const auto& s) { return s.q0; });
  add("q1", [](const auto& s) { return s.q1; });
  add("x", [](const auto& s) { return s.x; });
  if (t > 0) return prediction;
  add("C", [](const auto& s) { return s.susceptibility; });
  add("w", [](const auto& s) { return s.w; });
  return prediction;
}

Prediction state(const std::string& level, const Arguments& arguments) {
  const double alpha = number(arguments, "alpha"), t = number(arguments, "T");
  const auto which = phase_named(label(arguments, "phase"));
  if (level == "1rsb") return state_1rsb(alpha, t, which);
  const auto solution = solve_hopfield_rs(alpha, t, which);
  Prediction prediction{{}, solution.converged, solution.residual, source_rs};
  const Reader<HopfieldState> add{solution.state, prediction.results};
  add("m", [](const auto& s) { return s.m; });
  add("q", [](const auto& s) { return s.q; });
  add("r", [](const auto& s) { return s.r; });
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("s", [](const auto& s) { return s.s; });
  add("replicon", [](const auto& s) { return s.replicon; });
  if (t == 0) add("C", [](const auto& s) { return s.susceptibility; });
  return prediction;
}

Prediction capacity(const std::string& level, const Arguments& arguments) {
  const double t = number(arguments, "T");
  const bool is_broken = level == "1rsb";
  const auto loads = is_broken ? hopfield_1rsb_capacity(t) : hopfield_rs_capacity(t);
  return {{{"alpha_c", loads.alpha_c}, {"m", loads.m}, {"alpha_thermo", loads.alpha_thermo}},
          loads.converged,
          loads.residual,
          is_broken ? source_1rsb : source_rs};
}

template <LineResult (*line)(double)>
Prediction transition(const std::string&, const Arguments& arguments) {
  const auto found = line(number(arguments, "alpha"));
  return {{{"T", found.value}}, found.converged, found.residual, source_rs};
}

LineResult glass_line(double alpha) { return {hopfield_rs_t_g(alpha), true, 0}; }

Quantity line_row(const char* name, const char* definition) {
  return {"hopfield", name, definition, {load}, {"T"}, {"rs"}, {}};
}

}  // namespace

std::vector<Quantity> hopfield_quantities() {
  return {
      with_evaluation(
          {"hopfield",
           "state",
           "order parameters, free energy f, energy u, entropy s per spin and replicon eigenvalue",
           {load, temperature, phase},
           {"m", "q", "r", "f", "u", "s", "replicon"},
           {"rs", "1rsb"},
           {}},
          state),
      with_evaluation(
          {"hopfield",
           "capacity",
           "alpha_c: largest load with a retrieval state, m there; alpha_thermo: equal free energies of "
           "retrieval and glass",
           {temperature},
           {"alpha_c", "m", "alpha_thermo"},
           {"rs", "1rsb"},
           {}},
          capacity),
      with_evaluation(line_row("T_M", "the retrieval state disappears (largest such T)"),
                      transition<hopfield_rs_t_m>),
      with_evaluation(line_row("T_c", "equal free energies of retrieval and glass (largest such T)"),
                      transition<hopfield_rs_t_c>),
      with_evaluation(
          line_row("T_R", "the retrieval state becomes unstable against replica-symmetry breaking below"),
          transition<hopfield_rs_t_r>),
      with_evaluation(line_row("T_g", "spin glass to paramagnet, 1 + sqrt(alpha)"), transition<glass_line>),
  };
}

}  // namespace mattis::theory
