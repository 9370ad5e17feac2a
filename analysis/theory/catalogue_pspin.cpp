// The rows of the pure Ising p-spin glass.
#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/pspin.hpp"

namespace mattis::theory {

namespace {

const char* const source = "Gardner, Nucl. Phys. B 257, 747 (1985)";
const char* const source_dynamic = "Kirkpatrick, Thirumalai, Phys. Rev. B 36, 5388 (1987)";

const Parameter bodies_of{"p", "spins per interaction, 3 to 30", false, {}, std::nullopt};

Prediction state(const std::string& level, const Arguments& arguments) {
  const auto glass = pure_p_spin(number_of_bodies(arguments, 3, "sk"));
  const double t = number(arguments, "T");
  const bool is_broken = level == "1rsb";
  const auto& which = label(arguments, "phase");
  const auto solution = which == "paramagnet" ? paramagnet_rs(glass, 1, t)
                        : which == "spin_glass"
                            ? (is_broken ? spin_glass_1rsb(glass, 1, t) : spin_glass_rs(glass, 1, t))
                        : is_broken ? unretrieved_1rsb(glass, glass_transition(glass), 1, t)
                                    : unretrieved_rs(glass, 1, t);
  return mixture_prediction(solution, is_broken, t, source);
}

template <LineResult (*line)(int)>
Prediction transition(const std::string&, const Arguments& arguments) {
  const auto found = line(number_of_bodies(arguments, 3, "sk"));
  return {{{"T", found.value}},
          found.converged,
          found.residual,
          line == p_spin_dynamic_temperature ? source_dynamic : source};
}

Quantity line_row(const char* name, const char* definition) {
  return {"pspin", name, definition, {bodies_of}, {"T"}, {"rs", "1rsb"}, {}};
}

}  // namespace

std::vector<Quantity> p_spin_quantities() {
  return {
      with_evaluation(
          {"pspin",
           "state",
           "overlap q (m = 0), free energy f, energy u, entropy s per spin and replicon eigenvalue; "
           "equilibrium: of glass "
           "and paramagnet the one with the larger f",
           {bodies_of,
            {"T",
             "temperature, >= 0, inf included (couplings of variance p!/(2 N^(p-1)))",
             false,
             {},
             std::nullopt,
             true},
            {"phase", "which solution", true, {"equilibrium", "spin_glass", "paramagnet"}, "equilibrium"}},
           {"m", "q", "f", "u", "s", "replicon"},
           {"rs", "1rsb"},
           {}},
          state),
      with_evaluation(
          line_row("T_d",
                   "dynamic temperature: glassy states (q1 > 0, x = 1) exist below (whatever the level "
                   "asked)"),
          transition<p_spin_dynamic_temperature>),
      with_evaluation(line_row("T_s", "static temperature: they dominate below (whatever the level asked)"),
                      transition<p_spin_static_temperature>),
      with_evaluation(line_row("T_G",
                               "Gardner temperature: one step of breaking is not enough below (whatever the "
                               "level asked)"),
                      transition<p_spin_gardner_temperature>),
  };
}

}  // namespace mattis::theory
