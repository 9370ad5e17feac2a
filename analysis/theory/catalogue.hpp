// Every prediction the program can make, by name: one row each, so that the command line needs no other list.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mattis::theory {

/// One argument of a quantity: a number, or one of a few labels.
struct Parameter {
  std::string name, definition;
  bool is_label = false;
  std::vector<std::string> labels;           ///< allowed, if a label
  std::optional<std::string> default_value;  ///< as the user would type it; none: the argument is required
  bool may_be_infinite = false;              ///< a temperature
  bool is_optional = false;                  ///< without a default: one of several ways to say the same
};

using Arguments = std::map<std::string, std::variant<double, std::string>>;

/// What a theory says. A result without a value does not exist (no retrieval state beyond the spinodal) or
/// has no number (f = -inf at T = inf); that is an answer, not a failure: `converged` is false only where the
/// numbers cannot be relied on.
struct Prediction {
  std::vector<std::pair<std::string, std::optional<double>>> results;
  bool converged = true;
  double residual = 0;
  std::string source;
};

/// One quantity of one model. `evaluate` checks its arguments and throws InputError naming the key.
struct Quantity {
  std::string model, name, definition;
  std::vector<Parameter> parameters;
  std::vector<std::string> results;  ///< names; a level or T = 0 may add to them
  std::vector<std::string> levels;   ///< of replica-symmetry breaking: rs, 1rsb, parisi
  std::function<Prediction(const std::string& level, const Arguments&)> evaluate;
};

/// All quantities, grouped by model.
[[nodiscard]] const std::vector<Quantity>& catalogue();

/// The row of that model and name; InputError with the nearest names if there is none.
[[nodiscard]] const Quantity& find_quantity(std::string_view model, std::string_view name);

}  // namespace mattis::theory
