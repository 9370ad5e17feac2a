// The rows of the Sherrington-Kirkpatrick model.
#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/sk.hpp"

namespace mattis::theory {

namespace {

const char* const source_rs = "Sherrington, Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975)";
const char* const source_1rsb = "Parisi, Phys. Rev. Lett. 43, 1754 (1979)";
const char* const source_parisi =
    "Parisi, J. Phys. A 13, L115 (1980); Crisanti, Rizzo, Phys. Rev. E 65, 046137 (2002)";
const char* const source_at = "de Almeida, Thouless, J. Phys. A 11, 983 (1978)";

Prediction parisi_state(double t, double field) {
  const auto solution = solve_sk_parisi(t, field);
  Prediction prediction{{}, solution.converged, solution.residual, source_parisi};
  const auto add = [&](const char* name, auto read) {
    prediction.results.emplace_back(name, read_from(solution.state, read));
  };
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("q_EA", [](const auto& s) { return s.q_max; });
  add("s", [](const auto& s) { return s.s; });
  add("m", [](const auto& s) { return s.m; });
  add("q_min",
      [&](const auto& s) {  // in fields too weak to resolve it, q_min ~ h^(2/3) is not 0 but not known
        return field > 0 && s.q_min == 0 ? std::nullopt : std::optional(s.q_min);
      });
  return prediction;
}

Prediction state(const std::string& level, const Arguments& arguments) {
  const double t = number(arguments, "T"), field = number(arguments, "h");
  if (level == "parisi") return parisi_state(t, field);
  const bool is_broken = level == "1rsb";
  const auto solution = is_broken ? solve_sk_1rsb(t, field) : solve_sk_rs(t, field);
  Prediction prediction{{}, solution.converged, solution.residual, is_broken ? source_1rsb : source_rs};
  const auto add = [&](const char* name, auto read) {
    prediction.results.emplace_back(name, read_from(solution.state, read));
  };
  add("q", [](const auto& s) { return s.q1; });
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("s", [](const auto& s) { return s.s; });
  add("replicon", [](const auto& s) { return s.replicon; });
  add("m", [](const auto& s) { return s.m; });
  if (is_broken) {
    add("q0", [](const auto& s) { return s.q0; });
    add("q1", [](const auto& s) { return s.q1; });
    add("x", [](const auto& s) { return s.x; });
  }
  if (t == 0) add("C", [](const auto& s) { return s.susceptibility; });
  if (t == 0 && is_broken) add("w", [](const auto& s) { return s.w; });
  return prediction;
}

Prediction at_line(const std::string&, const Arguments& arguments) {
  const auto line = sk_h_at(number(arguments, "T"));
  return {{{"h", line.value}}, line.converged, line.residual, source_at};
}

}  // namespace

std::vector<Quantity> sk_quantities() {
  const Parameter temperature{
      "T", "temperature, >= 0, inf included (couplings of variance 1/N)", false, {}, std::nullopt, true};
  const Parameter field{"h", "uniform field, >= 0", false, {}, "0"};
  return {
      with_evaluation({"sk",
                       "state",
                       "overlap q, free energy f, energy u, entropy s per spin, replicon eigenvalue, "
                       "magnetisation m; level "
                       "parisi gives f u q_EA s m q_min, the overlaps filling q_min ... q_EA (q_min null in "
                       "fields too weak to "
                       "resolve it)",
                       {temperature, field},
                       {"q", "f", "u", "s", "replicon", "m"},
                       {"rs", "1rsb", "parisi"},
                       {}},
                      state),
      with_evaluation(
          {"sk",
           "h_AT",
           "field above which the replica-symmetric state is stable (none at T = 0 and above T = 1)",
           {temperature},
           {"h"},
           {"rs"},
           {}},
          at_line),
  };
}

}  // namespace mattis::theory
