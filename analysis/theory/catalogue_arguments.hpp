// What the rows of the catalogue share: reading checked arguments.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/theory/catalogue.hpp"

namespace mattis::theory {

/// InputError unless every argument is one of the parameters, of the right kind, finite or an allowed label,
/// and nothing required is missing. Returns the arguments with the defaults filled in.
[[nodiscard]] Arguments check_arguments(const std::vector<Parameter>& parameters, const Arguments& arguments);

/// InputError unless the level is among those offered.
void check_level(const std::string& level, const std::vector<std::string>& levels);

/// A checked number, not below `least` (InputError).
[[nodiscard]] double number(const Arguments& arguments, const std::string& name, double least = 0);
[[nodiscard]] const std::string& label(const Arguments& arguments, const std::string& name);

/// The number of interacting spins: an integer from `least` to `most_bodies`; at p = 2 `pairwise` is named instead.
[[nodiscard]] int number_of_bodies(const Arguments& arguments, int least, const char* pairwise);
inline constexpr int most_bodies = 30;

/// Fills in `evaluate`: checks level and arguments against the row itself, then calls `compute`.
[[nodiscard]] Quantity with_evaluation(
    Quantity row, std::function<Prediction(const std::string&, const Arguments&)> compute);

/// A result read from a state: none where there is no state, or no finite number (f at T = inf).
template <class State, class Read>
std::optional<double> read_from(const std::optional<State>& state, Read read) {
  const std::optional<double> value = state ? static_cast<std::optional<double>>(read(*state)) : std::nullopt;
  return value && std::isfinite(*value) ? value : std::nullopt;
}

struct MixtureSolution;

/// Appends m, q, f, u, s and replicon; with one step q0, q1 and x; at T = 0 also C and, with one step, w.
[[nodiscard]] Prediction mixture_prediction(const MixtureSolution& solution, bool is_broken,
                                            double temperature, const char* source);

/// Rows of each model.
[[nodiscard]] std::vector<Quantity> hopfield_quantities();
[[nodiscard]] std::vector<Quantity> sk_quantities();
[[nodiscard]] std::vector<Quantity> dense_quantities();
[[nodiscard]] std::vector<Quantity> p_spin_quantities();

}  // namespace mattis::theory
