// The rows of the dense p-body memory.
#include <fmt/format.h>

#include <cmath>

#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/dense_1rsb.hpp"
#include "analysis/theory/dense_lines.hpp"
#include "analysis/theory/dense_mixture.hpp"
#include "analysis/theory/dense_rs.hpp"
#include "analysis/theory/glass.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

const char* const source_rs =
    "Gardner, J. Phys. A 20, 3453 (1987); Albanese, Alemanno, Alessandrelli, Barra, J. Stat. Phys. 189, 24 "
    "(2022), "
    "arXiv:2111.12997";
const char* const source_1rsb = "Gardner, J. Phys. A 20, 3453 (1987); Nucl. Phys. B 257, 747 (1985)";
const char* const source_one_step =
    "Krotov, Hopfield, NIPS 29 (2016); Baldi, Venkatesh, Phys. Rev. Lett. 58, 913 (1987)";

const Parameter bodies_of{"p", "spins per interaction, 3 to 30", false, {}, std::nullopt};
const Parameter form_of{
    "form",
    "distinct: sums over different spins, xi = alpha p! q^p / 4; power: -(N/2) sum m^p, which adds "
    "terms q^(p-2), q^(p-4), ... to the noise",
    true,
    {"distinct", "power"},
    "distinct"};
const Parameter load{"alpha", "load K/N^(p-1), >= 0 (or give gamma)", false, {}, std::nullopt, false, true};
const Parameter reduced_load{"gamma", "the same load as alpha p!/2", false, {}, std::nullopt, false, true};
const Parameter temperature{"T", "temperature, >= 0, inf included (J = k_B = 1)", false, {}, std::nullopt,
                            true};
const Parameter phase{"phase",
                      "which solution of the saddle-point equations",
                      true,
                      {"retrieval", "spin_glass", "paramagnet"},
                      "retrieval"};

int bodies(const Arguments& arguments) { return number_of_bodies(arguments, 3, "hopfield"); }

DenseForm form(const Arguments& arguments) {
  return label(arguments, "form") == "power" ? DenseForm::power : DenseForm::distinct;
}

Mixture memory(const Arguments& arguments) { return dense_memory(bodies(arguments), form(arguments)); }

double alpha(const Arguments& arguments) {
  const bool has_alpha = arguments.contains("alpha"), has_gamma = arguments.contains("gamma");
  if (has_alpha && has_gamma) throw InputError("alpha and gamma are one load", {}, "give one of them");
  if (has_alpha) return number(arguments, "alpha");
  if (!has_gamma) throw InputError("alpha is missing", {}, "give alpha, or gamma = alpha p!/2");
  return number(arguments, "gamma") / gamma_per_alpha(bodies(arguments));
}

Level level_named(const std::string& level) { return level == "1rsb" ? Level::one_step : Level::rs; }
const char* source_of(Level level) { return level == Level::rs ? source_rs : source_1rsb; }

Prediction state(const std::string& level, const Arguments& arguments) {
  const auto unit = memory(arguments);
  const double at = alpha(arguments), t = number(arguments, "T");
  const bool is_broken = level == "1rsb";
  const auto& which = label(arguments, "phase");
  const auto solution = which == "paramagnet" ? paramagnet_rs(unit, at, t)
                        : which == "retrieval"
                            ? (is_broken ? solve_retrieval_1rsb : solve_retrieval_rs)(unit, at, t)
                        : is_broken ? spin_glass_1rsb(unit, at, t)
                                    : spin_glass_rs(unit, at, t);
  return mixture_prediction(solution, is_broken, t, source_of(level_named(level)));
}

Prediction capacity(const std::string& level, const Arguments& arguments) {
  const double per_alpha = gamma_per_alpha(bodies(arguments));
  const auto loads = dense_capacity(memory(arguments), number(arguments, "T"), level_named(level));
  const auto gamma = [&](std::optional<double> value) {
    return value ? std::optional(*value * per_alpha) : std::nullopt;
  };
  return {{{"alpha_c", loads.load},
           {"gamma_c", gamma(loads.load)},
           {"m", loads.m},
           {"alpha_thermo", loads.load_thermo},
           {"gamma_thermo", gamma(loads.load_thermo)}},
          loads.converged,
          loads.residual,
          source_of(level_named(level))};
}

template <LineResult (*line)(const Mixture&, double, Level)>
Prediction transition(const std::string& level, const Arguments& arguments) {
  const auto found = line(memory(arguments), alpha(arguments), level_named(level));
  return {{{"T", found.value}}, found.converged, found.residual, source_of(level_named(level))};
}

LineResult replicon_line(const Mixture& unit, double at, Level) { return dense_t_r(unit, at); }

LineResult static_line(const Mixture& unit, double at, Level) {
  const auto transition = glass_transition(unit);
  return {transition.temperature * std::sqrt(at), transition.converged, 0};
}

Prediction one_step(const std::string&, const Arguments& arguments) {
  const double n = number(arguments, "N", 1);
  if (n != std::floor(n)) throw InputError(fmt::format("N = {} is no whole number", n));
  const double error =
      one_step_error(number_of_bodies(arguments, 2, ""), form(arguments), n, number(arguments, "K"));
  return {{{"error", error}}, true, 0, source_one_step};
}

Quantity line_row(const char* name, const char* definition) {
  return {"dense", name, definition, {bodies_of, form_of, load, reduced_load}, {"T"}, {"rs", "1rsb"}, {}};
}

}  // namespace

std::vector<Quantity> dense_quantities() {
  return {
      with_evaluation(
          {"dense",
           "state",
           "order parameters, free energy f, energy u, entropy s per spin and replicon eigenvalue; "
           "spin_glass at 1rsb "
           "ends at T_s (null above, unless odd powers freeze spins at every T)",
           {bodies_of, form_of, load, reduced_load, temperature, phase},
           {"m", "q", "f", "u", "s", "replicon"},
           {"rs", "1rsb"},
           {}},
          state),
      with_evaluation(
          {"dense",
           "capacity",
           "alpha_c: largest load with a retrieval state, m there; alpha_thermo: equal free energies of "
           "retrieval and "
           "the m = 0 state; gamma = alpha p!/2",
           {bodies_of, form_of, temperature},
           {"alpha_c", "gamma_c", "m", "alpha_thermo", "gamma_thermo"},
           {"rs", "1rsb"},
           {}},
          capacity),
      with_evaluation(line_row("T_M", "the retrieval state disappears (largest such T)"),
                      transition<dense_t_m>),
      with_evaluation(
          line_row("T_c",
                   "equal free energies of retrieval and the m = 0 state (largest such T): of paramagnet "
                   "and glass at this level the one with the larger f"),
          transition<dense_t_c>),
      with_evaluation(
          line_row("T_R",
                   "the replica-symmetric retrieval state becomes unstable below (at both levels the "
                   "same line)"),
          transition<replicon_line>),
      with_evaluation(
          line_row("T_s",
                   "static glass temperature, below which the m = 0 state is a glass with one step of "
                   "breaking (whatever the level asked)"),
          transition<static_line>),
      with_evaluation({"dense",
                       "one_step_error",
                       "error of one bit after one parallel step from a stored pattern, for N to infinity",
                       {{"p", "spins per interaction, 2 to 30", false, {}, std::nullopt},
                        form_of,
                        {"N", "number of spins, >= 1", false, {}, std::nullopt},
                        {"K", "number of patterns, >= 0", false, {}, std::nullopt}},
                       {"error"},
                       {"rs"},
                       {}},
                      one_step),
  };
}

}  // namespace mattis::theory
