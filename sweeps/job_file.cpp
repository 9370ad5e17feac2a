// TOML to Job: every key known, every value in its range, or an error that says where and what would be right.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

#include "engine/nearest_name.hpp"
#include "models/catalogue.hpp"
#include "sweeps/job.hpp"

namespace mattis::sweeps {

namespace {

std::string location(const toml::source_region& source, const std::string& file) {
  if (!source.begin) return source.path ? *source.path : file;
  return fmt::format("{}:{}:{}", source.path ? *source.path : file, source.begin.line, source.begin.column);
}

constexpr std::int64_t most_sweeps = 1000000000000000;  // counted exactly by the doubles of a record
constexpr std::int64_t most_items = 2000000000;

/// One table of the job file. Keys are asked for by name; `finish` refuses those nobody asked for.
class Section {
 public:
  Section(const toml::table* table, std::string name, Job& job)
      : table_(table), name_(std::move(name)), job_(job) {}

  const toml::node* find(const std::string& key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
    const toml::node* node = table_ ? table_->get(key) : nullptr;
    if (node) job_.where[path(key)] = location(node->source(), job_.file);
    return node;
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& hint = {}) const {
    throw InputError(path(key) + ": " + what, job_.place(path(key)), hint);
  }

  double number(const std::string& key, const toml::node& node) const {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (!value) refuse(key, "is no number", fmt::format("write {} = 0.5", key));
    if (std::isnan(*value)) refuse(key, "is nan");
    return *value;
  }

  double number(const std::string& key, double otherwise, double least, double most) {
    const toml::node* node = find(key);
    if (!node) return otherwise;
    const double value = number(key, *node);
    if (value < least || value > most)
      refuse(key, fmt::format("is {}", value), fmt::format("it lies between {} and {}", least, most));
    return value;
  }

  std::int64_t whole(const std::string& key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    const toml::node* node = find(key);
    if (!node) return otherwise;
    return whole(key, *node, least, most);
  }

  std::int64_t whole(const std::string& key, const toml::node& node, std::int64_t least,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value)
      refuse(key, "is no whole number", fmt::format("write {} = {}", key, std::max<std::int64_t>(least, 1)));
    if (*value < least) refuse(key, fmt::format("is {}", *value), fmt::format("it is at least {}", least));
    if (*value > most) refuse(key, fmt::format("is {}", *value), fmt::format("it is at most {}", most));
    return *value;
  }

  std::string text(const std::string& key, const toml::node& node) const {
    const auto value = node.value_exact<std::string>();
    if (!value) refuse(key, "is no text", fmt::format("write {} = \"...\"", key));
    return *value;
  }

  std::string text(const std::string& key, const std::string& otherwise) {
    const toml::node* node = find(key);
    return node ? text(key, *node) : otherwise;
  }

  std::string choice(const std::string& key, const std::vector<std::string>& choices) {
    const std::string value = text(key, choices.front());
    check_choice(key, value, choices);
    return value;
  }

  void check_choice(const std::string& key, const std::string& value,
                    const std::vector<std::string>& choices) const {
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
      refuse(key, fmt::format("'{}' is not known", value), suggestion(value, choices));
  }

  /// One value or a list of distinct values.
  template <class T, class Read>
  std::vector<T> list(const std::string& key, Read read, bool may_be_empty = false) {
    const toml::node* node = find(key);
    std::vector<T> values;
    if (!node) return values;
    if (const toml::array* array = node->as_array()) {
      for (const toml::node& element : *array) values.push_back(read(element));
      if (values.empty() && !may_be_empty) refuse(key, "is an empty list");
      if (std::set<T>(values.begin(), values.end()).size() != values.size())
        refuse(key, "holds a value twice");
    } else {
      values.push_back(read(*node));
    }
    return values;
  }

  /// A number, a list of numbers, or a range { from, to, step } or { from, to, points, scale }.
  std::vector<double> numbers(const std::string& key);

  Section inner(const std::string& key) {
    const toml::node* node = find(key);
    if (node && !node->is_table()) refuse(key, "is no table", fmt::format("write [{}]", path(key)));
    return {node ? node->as_table() : nullptr, path(key), job_};
  }

  bool is_there() const { return table_ != nullptr; }

  void finish() const {
    if (!table_) return;
    for (const auto& [key, node] : *table_) {
      const std::string name(key.str());
      if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
        throw InputError(fmt::format("unknown key '{}'{}", name, name_.empty() ? "" : " in [" + name_ + "]"),
                         location(key.source(), job_.file), suggestion(name, asked_));
    }
  }

 private:
  std::string path(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }

  const toml::table* table_;
  std::string name_;
  Job& job_;
  std::vector<std::string> asked_;
};

/// To 12 significant digits, so that 0.1 + 0.2 is 0.3 before anything uses it.
double rounded(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

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

void read_grid(Section section, Job& job) {
  const std::string& model = job.model->name;
  const bool sized_by_file = job.ensembles.back().table || job.ensembles.front().table;
  std::vector<double> sizes = section.numbers("N");
  if (sized_by_file) {
    const auto& table =
        job.ensembles.front().table ? job.ensembles.front().table : job.ensembles.back().table;
    const auto columns = static_cast<double>(table->columns);
    if (sizes.empty()) sizes = {columns};
    if (sizes != std::vector<double>{columns})
      section.refuse("N", fmt::format("the patterns of {} have N = {} sites", job.pattern_file, columns),
                     "leave N out");
  }
  if (sizes.empty()) section.refuse("N", "is missing", "write [grid] N = [500, 1000, 2000]");
  for (const double n : sizes)
    if (n < 1 || n != std::floor(n) || n > 1e9)
      section.refuse("N", fmt::format("N = {} is no number of spins", n),
                     "N is a whole number from 1 to 1e9");
  job.grid.push_back({"N", sizes});

  std::string loads;
  for (const GridSymbol& symbol : job.model->symbols) {
    loads += (loads.empty() ? "" : " or ") + symbol.name;
    std::vector<double> values = section.numbers(symbol.name);
    if (values.empty()) continue;
    if (job.grid.size() > 1)
      section.refuse(symbol.name, fmt::format("is given beside {}", job.grid.back().first),
                     "one of them is enough");
    job.grid.push_back({symbol.name, values});
  }
  if (job.grid.size() == 1 && sized_by_file) {  // all rows, and as many random patterns beside them
    const Ensemble& own = job.ensembles.front().table ? job.ensembles.front() : job.ensembles.back();
    job.grid.push_back({"P", {static_cast<double>(own.table->rows)}});
  }
  if (job.grid.size() == 1)
    section.refuse(job.model->symbols.front().name, fmt::format("the load of {} is missing", model),
                   fmt::format("give {} in [grid]", loads));

  std::vector<double> temperatures = section.numbers("T");
  if (temperatures.empty()) section.refuse("T", "is missing", "write [grid] T = 0.5");
  for (const double t : temperatures)
    if (!(t >= 0))
      section.refuse("T", fmt::format("T = {} is no temperature", t), "T is 0 or more; inf is allowed");
  job.grid.push_back({"T", temperatures});
  section.finish();
}

void read_patterns_section(Section section, Job& job, const PatternReader& reader) {
  job.pattern_file = section.text("file", "");
  const std::vector<std::string> known{"rademacher", "file"};
  std::vector<std::string> names = section.list<std::string>("ensemble", [&](const toml::node& element) {
    const std::string name = section.text("ensemble", element);
    section.check_choice("ensemble", name, known);
    return name;
  });
  job.ensemble_is_axis = names.size() > 1;
  if (names.empty()) names = {job.pattern_file.empty() ? "rademacher" : "file"};
  const double bias = section.number("bias", 0, -1, 1);
  section.finish();
  const bool wants_file = std::find(names.begin(), names.end(), "file") != names.end();
  if (wants_file && job.pattern_file.empty())
    section.refuse("ensemble", "\"file\" needs a file", "write [patterns] file = \"patterns.npy\"");
  if (!wants_file && !job.pattern_file.empty())
    section.refuse("file", "is given, but no ensemble uses it",
                   "write ensemble = \"file\" or leave file out");
  if (names == std::vector<std::string>{"file"} && bias != 0)
    section.refuse("bias", "belongs to rademacher patterns; those of a file are what they are");
  for (const std::string& name : names) {
    Ensemble ensemble{name, name == "file" ? 0.0 : bias, nullptr};
    if (name == "file") {
      const auto beside = std::filesystem::path(job.file).parent_path() / job.pattern_file;
      try {
        ensemble.table = reader(beside.string());
      } catch (const InputError& error) {
        throw InputError(error.what(), job.place("patterns.file"));
      }
    }
    job.ensembles.push_back(std::move(ensemble));
  }
}

void read_start(Section section, Job& job) {
  const std::vector<std::string> known{"cued", "random"};
  const auto kinds = section.list<std::string>("kind", [&](const toml::node& element) {
    const std::string kind = section.text("kind", element);
    section.check_choice("kind", kind, known);
    return kind;
  });
  for (const std::string& kind : kinds) job.starts.push_back(kind == "cued" ? Start::cued : Start::random);
  if (job.starts.empty()) job.starts = {Start::cued};
  const bool is_cued = std::find(job.starts.begin(), job.starts.end(), Start::cued) != job.starts.end();
  job.overlaps = section.numbers("overlap");
  if (!job.overlaps.empty() && !is_cued)
    section.refuse("overlap", "belongs to the cued start", "write kind = \"cued\"");
  job.overlap_is_axis = job.overlaps.size() > 1;
  if (job.overlaps.empty()) job.overlaps = {1.0};
  for (const double overlap : job.overlaps)
    if (overlap < -1 || overlap > 1)
      section.refuse("overlap", fmt::format("is {}", overlap), "it lies between -1 and 1");
  job.cued = static_cast<SiteIndex>(section.whole("pattern", 0, 0, most_items));
  section.finish();
}

void read_dynamics(Section section, Job& job) {
  job.dynamics.rule =
      section.choice("kind", {"glauber", "metropolis"}) == "glauber" ? Rule::glauber : Rule::metropolis;
  const std::string order = section.choice("order", {"sequential", "random", "permutation"});
  job.dynamics.order = order == "sequential" ? Order::sequential
                       : order == "random"   ? Order::random
                                             : Order::permutation;
  job.dynamics.tie = section.choice("tie", {"keep", "random"}) == "keep" ? Tie::keep : Tie::random;
  section.finish();
}

void read_plan(Section section, Job& job) {
  job.burn_in = section.whole("burn_in", 0, 0, most_sweeps);
  job.sweeps = section.whole("sweeps", 1000, 1, most_sweeps);
  job.samples = static_cast<int>(section.whole("samples", 10, 1, most_items));
  job.replicas = static_cast<int>(section.whole("replicas", 1, 1, most_items));
  const std::string stop = section.text("stop", "");
  if (!stop.empty()) section.check_choice("stop", stop, {"fixed_point"});
  job.stop_at_fixed_point = !stop.empty();
  section.finish();
  const auto& temperatures = job.grid.back().second;
  if (job.stop_at_fixed_point &&
      std::any_of(temperatures.begin(), temperatures.end(), [](double t) { return t > 0; }))
    section.refuse("stop", "a chain has a fixed point at T = 0 only", "leave stop out, or keep T = 0 alone");
}

std::vector<std::string> default_observables(const Job& job) {
  std::vector<std::string> names{"energy_per_spin", "retrieval_overlap", "overlap",
                                 "sorted_overlap",  "retrieved",         "acceptance"};
  if (job.replicas > 1) names.push_back("replica_overlap");
  if (job.only_retained || !job.lost_within.empty()) names.push_back("retrieval_lost");
  const auto& temperatures = job.grid.back().second;
  if (std::find(temperatures.begin(), temperatures.end(), 0.0) != temperatures.end()) {
    names.push_back("free_spins");
    if (job.stop_at_fixed_point) names.push_back("not_converged");
  }
  return names;
}

void read_measure(Section section, Job& job) {
  job.every = section.whole("every", 1, 1);
  job.cut = section.number("cut", 0.9, -1, 1);
  const std::string condition = section.text("condition", "");
  if (!condition.empty()) section.check_choice("condition", condition, {"retained"});
  job.only_retained = !condition.empty();
  job.lost_within = section.list<std::int64_t>(
      "lost_within", [&](const toml::node& element) { return section.whole("lost_within", element, 1); },
      true);
  const auto patterns = section.list<std::int64_t>(
      "patterns",
      [&](const toml::node& element) { return section.whole("patterns", element, 0, most_items); }, true);
  for (const std::int64_t mu : patterns) job.patterns.push_back(static_cast<SiteIndex>(mu));

  std::vector<std::string> known;
  for (const auto& spec : observable_catalogue()) known.push_back(spec.name);
  job.observables = section.list<std::string>("observables", [&](const toml::node& element) {
    const std::string name = section.text("observables", element);
    section.check_choice("observables", name, known);
    return name;
  });
  section.finish();
  const std::int64_t total = job.burn_in + job.sweeps;
  if (job.every > job.sweeps)
    section.refuse("every", fmt::format("measures nothing in {} sweeps", job.sweeps));
  if (job.only_retained && job.lost_within.empty()) job.lost_within = {total};
  for (const std::int64_t tau : job.lost_within)
    if (tau > total)
      section.refuse("lost_within", fmt::format("{} sweeps are more than the run has ({})", tau, total));
  if (job.observables.empty()) job.observables = default_observables(job);
  const auto measures = [&](const char* name) {
    return std::find(job.observables.begin(), job.observables.end(), name) != job.observables.end();
  };
  if (job.only_retained && !measures("retrieval_lost")) job.observables.push_back("retrieval_lost");
  if (measures("retrieval_lost") && job.lost_within.empty())
    section.refuse("observables", "retrieval_lost needs times", "write lost_within = [100, 1000]");
  if (!job.lost_within.empty() && !measures("retrieval_lost")) job.observables.push_back("retrieval_lost");
  if (measures("replica_overlap") && job.replicas < 2)
    section.refuse("observables", "replica_overlap needs two replicas", "write [plan] replicas = 2");
  for (const char* fluctuation : {"energy_variance", "specific_heat", "susceptibility", "binder"})
    if (job.stop_at_fixed_point && measures(fluctuation))
      section.refuse("observables",
                     fmt::format("{} needs a series, and a fixed point is one configuration", fluctuation),
                     "leave [plan] stop out");
  if (measures("not_converged") && !job.stop_at_fixed_point)
    section.refuse("observables", "not_converged needs [plan] stop = \"fixed_point\"");
  const auto& temperatures = job.grid.back().second;
  if (measures("free_spins") &&
      std::find(temperatures.begin(), temperatures.end(), 0.0) == temperatures.end())
    section.refuse("observables", "free_spins are counted at T = 0 only");
}

void read_analysis(Section section, Job& job) {
  Section capacity = section.inner("capacity");
  section.finish();
  if (!capacity.is_there()) return;
  CapacityQuestion question;
  question.level = capacity.number("level", 0.5, 0.01, 0.99);
  question.lower = capacity.number("lower", 0.05, 0, question.level);
  question.upper = capacity.number("upper", 0.95, question.level, 1);
  question.smallest_size = capacity.number("smallest_size", 0, 0, 1e9);
  question.shift_exponent = capacity.number("shift_exponent", 0.5, 0.01, 10);
  question.shift_terms = static_cast<int>(std::min<std::int64_t>(capacity.whole("shift_terms", 1, 1), 10));
  question.crossing_exponent = capacity.number("crossing_exponent", 0, 0, 10);
  capacity.finish();
  if (std::find(job.observables.begin(), job.observables.end(), "retrieved") == job.observables.end())
    section.refuse("capacity", "needs the observable 'retrieved'");
  job.capacity = question;
}

/// Deep merge of "section.key = value" into the document; a bare word is taken as text.
void apply_override(toml::table& document, const std::string& assignment) {
  const std::string name = "--set " + assignment;
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw InputError("is no assignment", name, "write --set plan.sweeps=100");
  const std::string key = assignment.substr(0, equals), value = assignment.substr(equals + 1);
  toml::table fragment;
  try {
    fragment = toml::parse(std::string_view(key + " = " + value), std::string_view(name));
  } catch (const toml::parse_error&) {
    try {
      fragment =
          toml::parse(std::string_view(fmt::format("{} = \"{}\"", key, value)), std::string_view(name));
    } catch (const toml::parse_error& error) {
      throw InputError(std::string(error.description()), name, "write --set plan.sweeps=100");
    }
  }
  const std::function<void(toml::table&, toml::table&)> merge = [&](toml::table& into, toml::table& from) {
    for (auto&& [k, node] : from) {
      toml::node* there = into.get(k);
      if (there && there->is_table() && node.is_table() && !node.as_table()->is_inline())
        merge(*there->as_table(), *node.as_table());
      else
        into.insert_or_assign(k, std::move(node));
    }
  };
  merge(document, fragment);
}

}  // namespace

Job parse_job(const std::string& text, const std::string& file, const std::vector<std::string>& overrides,
              const PatternReader& reader) {
  Job job;
  job.file = file;
  job.text = text;
  job.overrides = overrides;
  toml::table document;
  try {
    document = toml::parse(std::string_view(text), std::string_view(file));
  } catch (const toml::parse_error& error) {
    throw InputError(std::string(error.description()), location(error.source(), file), "job files are TOML");
  }
  for (const std::string& assignment : overrides) apply_override(document, assignment);

  Section root(&document, "", job);
  job.title = root.text("title", std::filesystem::path(file).stem().string());
  Section model = root.inner("model");
  const std::string name = model.text("name", "");
  std::vector<std::string> known;
  for (const ModelEntry& entry : catalogue()) known.push_back(entry.name);
  if (name.empty()) model.refuse("name", "is missing", "write [model] name = \"hopfield\"");
  model.check_choice("name", name, known);
  model.finish();
  job.model = find_model(name);

  Section patterns = root.inner("patterns"), grid = root.inner("grid"), start = root.inner("start"),
          dynamics = root.inner("dynamics"), plan = root.inner("plan"), measure = root.inner("measure"),
          random = root.inner("random"), analysis = root.inner("analysis");
  root.finish();
  read_patterns_section(patterns, job, reader);
  read_grid(grid, job);
  read_start(start, job);
  read_dynamics(dynamics, job);
  read_plan(plan, job);
  read_measure(measure, job);
  job.seed = static_cast<std::uint64_t>(random.whole("seed", 0, 0));
  random.finish();
  read_analysis(analysis, job);
  return job;
}

Job read_job(const std::string& file, const std::vector<std::string>& overrides) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code ignored;
  if (!stream || std::filesystem::is_directory(file, ignored))
    throw InputError("cannot be read", file, "give the path of a job file");
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_job(text.str(), file, overrides, [](const std::string& path) {
    return std::make_shared<const PatternTable>(read_patterns(path));
  });
}

}  // namespace mattis::sweeps
