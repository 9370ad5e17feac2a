#include "analysis/theory/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/theory/catalogue_arguments.hpp"
#include "analysis/theory/mixture.hpp"
#include "engine/error.hpp"

namespace mattis::theory {

namespace {

/// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

std::string nearest(std::string_view asked, const std::vector<std::string>& names) {
  const auto closer = [&](const auto& a, const auto& b) { return distance(asked, a) < distance(asked, b); };
  const auto best = std::min_element(names.begin(), names.end(), closer);
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  if (best != names.end() && distance(asked, *best) < std::clamp<std::size_t>(asked.size(), 1, 3))
    return fmt::format("did you mean \"{}\"? There are {}", *best, all);
  return "there are " + all;
}

}  // namespace

const std::vector<Quantity>& catalogue() {
  static const std::vector<Quantity> rows = [] {
    auto all = hopfield_quantities();
    for (auto more : {sk_quantities(), dense_quantities(), p_spin_quantities()})
      for (auto& row : more) all.push_back(std::move(row));
    return all;
  }();
  return rows;
}

const Quantity& find_quantity(std::string_view model, std::string_view name) {
  std::vector<std::string> models, names;
  for (const auto& row : catalogue()) {
    if (row.model == model && row.name == name) return row;
    if (models.empty() || models.back() != row.model) models.push_back(row.model);
    if (row.model == model) names.push_back(row.name);
  }
  if (names.empty())
    throw InputError(fmt::format("no theory for a model \"{}\"", model), {}, nearest(model, models));
  throw InputError(fmt::format("no theory quantity \"{}\" of {}", name, model), {}, nearest(name, names));
}

Arguments check_arguments(const std::vector<Parameter>& parameters, const Arguments& arguments) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) names.push_back(parameter.name);
  for (const auto& [name, value] : arguments)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw InputError(fmt::format("unknown parameter \"{}\"", name), {}, nearest(name, names));
  Arguments checked = arguments;
  for (const auto& parameter : parameters) {
    const auto& name = parameter.name;
    if (!checked.contains(name)) {
      if (parameter.is_optional) continue;
      if (!parameter.default_value)
        throw InputError(fmt::format("{} is missing", name), {},
                         fmt::format("{}: {}", name, parameter.definition));
      const auto& text = *parameter.default_value;
      if (double value = 0; parameter.is_label)
        checked[name] = text;
      else if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{})
        checked[name] = value;
    }
    const auto& value = checked.at(name);
    if (parameter.is_label != std::holds_alternative<std::string>(value))
      throw InputError(fmt::format("{} must be {}", name, parameter.is_label ? "a label" : "a number"), {},
                       parameter.is_label ? nearest("", parameter.labels) : std::string{});
    if (parameter.is_label) {
      const auto& text = std::get<std::string>(value);
      if (std::find(parameter.labels.begin(), parameter.labels.end(), text) == parameter.labels.end())
        throw InputError(fmt::format("{} cannot be \"{}\"", name, text), {}, nearest(text, parameter.labels));
    } else if (const double x = std::get<double>(value);
               !std::isfinite(x) && !(parameter.may_be_infinite && x > 0)) {
      throw InputError(fmt::format("{} = {} is not a finite number", name, std::get<double>(value)));
    }
  }
  return checked;
}

void check_level(const std::string& level, const std::vector<std::string>& levels) {
  if (std::find(levels.begin(), levels.end(), level) == levels.end())
    throw InputError(fmt::format("no level \"{}\" here", level), {}, nearest(level, levels));
}

double number(const Arguments& arguments, const std::string& name, double least) {
  const double value = std::get<double>(arguments.at(name));
  if (!(value >= least)) throw InputError(fmt::format("{} = {} is below {}", name, value, least));
  return value;
}

int number_of_bodies(const Arguments& arguments, int least, const char* pairwise) {
  const double p = std::get<double>(arguments.at("p"));
  if (p == 2 && least > 2)
    throw InputError("p = 2 is the pairwise model", {}, fmt::format("ask the theory of \"{}\"", pairwise));
  if (!(p >= least && p <= most_bodies) || p != std::floor(p))
    throw InputError(fmt::format("p = {} is not an integer from {} to {}", p, least, most_bodies));
  return static_cast<int>(p);
}

Prediction mixture_prediction(const MixtureSolution& solution, bool is_broken, double temperature,
                              const char* source) {
  Prediction prediction{{}, solution.converged, solution.residual, source};
  const auto add = [&](const char* name, auto read) {
    prediction.results.emplace_back(name, read_from(solution.state, read));
  };
  add("m", [](const auto& s) { return s.m; });
  add("q", [](const auto& s) { return s.q1; });
  add("f", [](const auto& s) { return s.f; });
  add("u", [](const auto& s) { return s.u; });
  add("s", [](const auto& s) { return s.s; });
  add("replicon", [](const auto& s) { return s.replicon; });
  if (is_broken) {
    add("q0", [](const auto& s) { return s.q0; });
    add("q1", [](const auto& s) { return s.q1; });
    add("x", [](const auto& s) { return s.x; });
  }
  if (temperature == 0) add("C", [](const auto& s) { return s.susceptibility; });
  if (temperature == 0 && is_broken) add("w", [](const auto& s) { return s.w; });
  return prediction;
}

const std::string& label(const Arguments& arguments, const std::string& name) {
  return std::get<std::string>(arguments.at(name));
}

Quantity with_evaluation(Quantity row,
                         std::function<Prediction(const std::string&, const Arguments&)> compute) {
  row.evaluate = [parameters = row.parameters, levels = row.levels, compute = std::move(compute)](
                     const std::string& level, const Arguments& arguments) {
    check_level(level, levels);
    auto prediction = compute(level, check_arguments(parameters, arguments));
    if (!std::isfinite(prediction.residual)) prediction.residual = std::numeric_limits<double>::quiet_NaN();
    return prediction;
  };
  return row;
}

}  // namespace mattis::theory
