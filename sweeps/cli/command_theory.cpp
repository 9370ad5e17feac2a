// mattis theory: predictions at points and over ranges.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analysis/theory/catalogue.hpp"
#include "engine/error.hpp"
#include "engine/nearest_name.hpp"
#include "engine/store/result_table.hpp"
#include "sweeps/cli/text_table.hpp"
#include "sweeps/cli/verb.hpp"

namespace mattis::cli {

namespace {

double read_number(const std::string& text, const std::string& where) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || std::isnan(value))
    throw InputError(fmt::format("'{}' is no number", text), where);
  return value;
}

/// "0.1", or "0.1:0.5:0.1" with both ends.
std::vector<double> read_range(const std::string& text, const std::string& where) {
  const std::size_t first = text.find(':');
  if (first == std::string::npos) return {read_number(text, where)};
  const std::size_t second = text.find(':', first + 1);
  if (second == std::string::npos)
    throw InputError(fmt::format("'{}' is no range", text), where, "write from:to:step");
  const double from = read_number(text.substr(0, first), where),
               to = read_number(text.substr(first + 1, second - first - 1), where),
               step = read_number(text.substr(second + 1), where);
  const double count = (to - from) / step;
  if (!(count >= 0) || !(std::abs(step) > 0) || count > 1e6)
    throw InputError(fmt::format("'{}' is no range", text), where,
                     "write from:to:step with a step that leads from one to the other");
  std::vector<double> values;
  for (std::int64_t k = 0; k <= static_cast<std::int64_t>(std::floor(count + 1e-9)); ++k)
    values.push_back(
        std::strtod(fmt::format("{:.12g}", from + step * static_cast<double>(k)).c_str(), nullptr));
  return values;
}

/// One axis of the request: a parameter with its values, as the user wrote them.
struct Request {
  const theory::Parameter* parameter;
  std::vector<std::variant<double, std::string>> values;
};

std::vector<Request> read_arguments(const theory::Quantity& quantity, const std::vector<std::string>& words) {
  std::map<std::string, std::string> given;
  std::vector<std::string> known;
  for (const auto& parameter : quantity.parameters) known.push_back(parameter.name);
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    if (equals == std::string::npos)
      throw InputError(fmt::format("'{}' is no KEY=VALUE", word), "mattis theory", suggestion(word, known));
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw InputError(fmt::format("{} {} takes no '{}'", quantity.model, quantity.name, key),
                       "mattis theory", suggestion(key, known));
    if (!given.emplace(key, word.substr(equals + 1)).second)
      throw InputError(fmt::format("'{}' is given twice", key), "mattis theory");
  }
  std::vector<Request> requests;
  for (const auto& parameter : quantity.parameters) {
    const auto found = given.find(parameter.name);
    if (found == given.end() && parameter.is_optional) continue;
    if (found == given.end() && !parameter.default_value)
      throw InputError(fmt::format("'{}' is missing", parameter.name), "mattis theory", parameter.definition);
    const std::string text = found == given.end() ? *parameter.default_value : found->second;
    Request request{&parameter, {}};
    if (parameter.is_label) {
      if (std::find(parameter.labels.begin(), parameter.labels.end(), text) == parameter.labels.end())
        throw InputError(fmt::format("{} = '{}' is not known", parameter.name, text), "mattis theory",
                         suggestion(text, parameter.labels));
      request.values.emplace_back(text);
    } else {
      for (const double value : read_range(text, parameter.name)) request.values.emplace_back(value);
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

std::string list_quantities(const std::string& model) {
  std::string text;
  for (const theory::Quantity& quantity : theory::catalogue()) {
    if (quantity.model != model) continue;
    text += fmt::format("{} {}: {}\n", quantity.model, quantity.name, quantity.definition);
    for (const auto& parameter : quantity.parameters)
      text +=
          fmt::format("    {:<8} {}{}\n", parameter.name, parameter.definition,
                      parameter.default_value ? fmt::format(" (default {})", *parameter.default_value) : "");
    text += fmt::format("    gives    {}\n    levels   {}\n", fmt::join(quantity.results, " "),
                        fmt::join(quantity.levels, " "));
  }
  return text;
}

}  // namespace

int run_theory(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("level", po::value<std::string>()->default_value("rs"),
                        "of replica-symmetry breaking: rs, 1rsb or parisi")(
      "format", po::value<std::string>()->value_name("table|csv|json"), "table (default), csv or json");
  const auto values = parse(verb, words, options, 1, 100);
  if (!values) return exit_done;
  const auto& names = words_of(*values);
  std::vector<std::string> known;
  for (const auto& quantity : theory::catalogue())
    if (std::find(known.begin(), known.end(), quantity.model) == known.end()) known.push_back(quantity.model);
  if (std::find(known.begin(), known.end(), names[0]) == known.end())
    throw InputError(fmt::format("there is no theory of '{}'", names[0]), "mattis theory",
                     suggestion(names[0], known));
  if (names.size() == 1) {
    print_data(list_quantities(names[0]));
    return exit_done;
  }
  const theory::Quantity& quantity = theory::find_quantity(names[0], names[1]);
  const std::string level = (*values)["level"].as<std::string>();
  if (std::find(quantity.levels.begin(), quantity.levels.end(), level) == quantity.levels.end())
    throw InputError(fmt::format("{} {} is not known at level '{}'", names[0], names[1], level), "--level",
                     suggestion(level, quantity.levels));
  const std::string format = chosen(*values, "format", {"table", "csv", "json"});
  const auto requests = read_arguments(quantity, {names.begin() + 2, names.end()});

  std::vector<theory::Arguments> all(1);
  bool is_range = false;
  for (const Request& request : requests) {
    is_range = is_range || request.values.size() > 1;
    std::vector<theory::Arguments> longer;
    for (const auto& arguments : all)
      for (const auto& value : request.values) {
        longer.push_back(arguments);
        longer.back()[request.parameter->name] = value;
      }
    all = std::move(longer);
  }
  std::vector<std::pair<theory::Arguments, theory::Prediction>> predictions;
  std::vector<std::string> result_names;  // a level or T = 0 may add to them
  for (const auto& arguments : all) {
    predictions.emplace_back(arguments, quantity.evaluate(level, arguments));
    for (const auto& [name, value] : predictions.back().second.results)
      if (std::find(result_names.begin(), result_names.end(), name) == result_names.end())
        result_names.push_back(name);
  }
  std::vector<std::string> columns{"model", "quantity", "level"};
  for (const Request& request : requests) columns.push_back(request.parameter->name);
  columns.insert(columns.end(), result_names.begin(), result_names.end());
  for (const char* name : {"converged", "residual", "source"}) columns.push_back(name);
  if (format == "table") columns.erase(columns.begin(), columns.begin() + 3), columns.pop_back();
  TextTable table(columns);
  for (const auto& [arguments, prediction] : predictions) {
    table.row();
    if (format != "table")
      for (const std::string& text : {quantity.model, quantity.name, level}) table.add(text);
    for (const Request& request : requests)
      std::visit([&](const auto& value) { table.add(value); }, arguments.at(request.parameter->name));
    for (const std::string& name : result_names) {
      double number = store::not_there;
      for (const auto& [key, value] : prediction.results)
        if (key == name && value) number = *value;
      table.add(number);
    }
    table.add(prediction.converged);
    table.add(prediction.residual);
    if (format != "table") table.add(prediction.source);
  }
  std::string text = table.as(format);
  if (format == "json" && !is_range) {  // one object, not a list of one
    text = nlohmann::ordered_json::parse(text).front().dump(1) + "\n";
  }
  print_data(text);
  if (format == "table")
    fmt::print(stderr, "{} {} at level {}; source: {}\n", quantity.model, quantity.name, level,
               predictions.front().second.source);
  return exit_done;
}

}  // namespace mattis::cli
