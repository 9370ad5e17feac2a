#include "sweeps/toml_section.hpp"

#include <cstdlib>

#include "models/catalogue.hpp"

namespace mattis::sweeps {

std::string location(const toml::source_region& source, const std::string& file) {
  if (!source.begin) return source.path ? *source.path : file;
  return fmt::format("{}:{}:{}", source.path ? *source.path : file, source.begin.line, source.begin.column);
}

namespace {

/// To 12 significant digits, so that 0.1 + 0.2 is 0.3 before anything uses it.
double rounded(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

}  // namespace

std::string Section::suggestion_for_root(const std::string& name) const {
  std::vector<std::string> keys{"grid.N", "grid.T", "analysis.capacity", "measure.condition",
                                "measure.lost_within"};
  for (const ModelEntry& model : catalogue())
    for (const GridAxis& axis : model.axes)
      for (const GridSymbol& symbol : axis.one_of) keys.push_back("grid." + symbol.name);
  for (const ModelEntry& model : catalogue())
    for (const ModelChoice& choice : model.choices) keys.push_back("model." + choice.name);
  Job plain = parse_job("model.name = \"hopfield\"\ngrid = { N = 2, P = 1, T = 0 }\n", "", {}, {});
  for (const auto& [key, value] : resolved(plain)) keys.push_back(key);
  for (const std::string& key : keys)
    if (const auto dot = key.rfind('.'); dot != std::string::npos && key.substr(dot + 1) == name)
      return fmt::format("write {} or put it under [{}]", key, key.substr(0, dot));
  return suggestion(name, asked_);
}

std::vector<double> Section::numbers(const std::string& key) {
  const toml::node* node = find(key);
  if (node && node->is_table()) {
    Section range = inner(key);
    const auto need = [&](const std::string& name) {
      const toml::node* end = range.find(name);
      if (!end)
        refuse(key, fmt::format("a range needs '{}'", name), "write { from = 0.1, to = 0.2, step = 0.05 }");
      return range.number(name, *end);
    };
    const double from = need("from"), to = need("to");
    const toml::node* step_node = range.find("step");
    const toml::node* points_node = range.find("points");
    const bool logarithmic = range.choice("scale", {"linear", "log"}) == "log";
    range.finish();
    if (!std::isfinite(from) || !std::isfinite(to) || from > to)
      refuse(key, fmt::format("the range from {} to {} is empty", from, to),
             "'from' is at most 'to', both finite");
    if (!step_node == !points_node) refuse(key, "a range needs either 'step' or 'points'");
    std::int64_t intervals = 0;
    if (step_node) {
      const double step = range.number("step", *step_node);
      if (logarithmic) refuse(key, "scale = \"log\" goes with 'points', not with 'step'");
      if (!(step > 0)) refuse(key, fmt::format("step = {}", step), "the step is positive");
      const double count = (to - from) / step;
      if (count > 1e6) refuse(key, "the range has more than a million values");
      intervals = std::llround(count);
      if (intervals == 0 && from != to)
        refuse(key, fmt::format("the step {} does not lead from {} to {}", step, from, to),
               "it is larger than the range");
      if (std::abs(count - static_cast<double>(intervals)) > 1e-6)
        refuse(key, fmt::format("the step {} does not lead from {} to {}", step, from, to),
               fmt::format("use points = {}, or end at {}", intervals + 1,
                           rounded(from + step * std::floor(count))));
    } else {
      intervals = range.whole("points", *points_node, 1) - 1;
      if (intervals > 1000000) refuse(key, "the range has more than a million values");
      if (intervals == 0 && from != to)
        refuse(key, "one point cannot be both ends", "use points = 2 or more");
      if (logarithmic && !(from > 0)) refuse(key, fmt::format("a log scale cannot start at {}", from));
    }
    std::vector<double> values;
    for (std::int64_t k = 0; k <= intervals; ++k) {
      const double x = intervals == 0 ? 0 : static_cast<double>(k) / static_cast<double>(intervals);
      values.push_back(rounded(logarithmic ? from * std::pow(to / from, x) : from + (to - from) * x));
    }
    if (std::set<double>(values.begin(), values.end()).size() != values.size())
      refuse(key, "holds a value twice");
    return values;
  }
  return list<double>(key, [&](const toml::node& element) { return number(key, element); });
}

}  // namespace mattis::sweeps
