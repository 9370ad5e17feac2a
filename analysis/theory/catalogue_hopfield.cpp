// The rows of the Hopfield model.
#include <cmath>

#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/hopfield_rs.hpp"
#include "analysis/theory/hopfield_rs_lines.hpp"

namespace mattis::theory {

namespace {

const char* const source_rs =
    "Amit, Gutfreund, Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985); Ann. Phys. 173, 30 (1987)";

const Parameter load{"alpha", "load P/N, >= 0", false, {}, std::nullopt};
const Parameter temperature{"T", "temperature, >= 0 (J = k_B = 1)", false, {}, std::nullopt};
const Parameter phase{"phase",
                      "which solution of the saddle-point equations",
                      true,
                      {"retrieval", "spin_glass", "paramagnet"},
                      "retrieval"};

Phase phase_named(const std::string& name) {
  if (name == "retrieval") return Phase::retrieval;
  return name == "spin_glass" ? Phase::spin_glass : Phase::paramagnet;
}

Prediction state(const std::string&, const Arguments& arguments) {
  const double t = number(arguments, "T");
  const auto solution =
      solve_hopfield_rs(number(arguments, "alpha"), t, phase_named(label(arguments, "phase")));
  Prediction prediction{{}, solution.converged, solution.residual, source_rs};
  const auto add = [&](const char* name, auto read) {
    prediction.results.emplace_back(
        name, solution.state ? std::optional<double>(read(*solution.state)) : std::nullopt);
  };
  add("m", [](const auto& s) { return s.m; });
  add("q", [](const auto& s) { return s.q; });
  add("r", [](const auto& s) { return s.r; });
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("s", [](const auto& s) { return s.s; });
  prediction.results.emplace_back("replicon", solution.state ? solution.state->replicon : std::nullopt);
  if (t == 0) add("C", [](const auto& s) { return s.susceptibility; });
  return prediction;
}

Prediction capacity(const std::string&, const Arguments& arguments) {
  const auto loads = hopfield_rs_capacity(number(arguments, "T"));
  return {{{"alpha_c", loads.alpha_c}, {"m", loads.m}, {"alpha_thermo", loads.alpha_thermo}},
          loads.converged,
          loads.residual,
          source_rs};
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
           {"rs"},
           {}},
          state),
      with_evaluation(
          {"hopfield",
           "capacity",
           "alpha_c: largest load with a retrieval state, m there; alpha_thermo: equal free energies of "
           "retrieval and glass",
           {temperature},
           {"alpha_c", "m", "alpha_thermo"},
           {"rs"},
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
