// TOML to Job: every key known, every value in its range, or an error that says where and what would be right.
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "models/catalogue.hpp"
#include "models/coupling_file.hpp"
#include "sweeps/toml_section.hpp"

namespace mattis::sweeps {

namespace {

constexpr std::int64_t most_sweeps = 1000000000000000;  // counted exactly by the doubles of a record
constexpr std::int64_t most_items = 2000000000;

/// The number of spins that the user's file fixes, if there is one, and what says so.
std::optional<std::pair<double, std::string>> size_of_files(const Job& job) {
  for (const Ensemble& ensemble : job.ensembles) {
    if (ensemble.table)
      return std::pair(static_cast<double>(ensemble.table->columns),
                       fmt::format("the patterns of {}", job.pattern_file));
    if (ensemble.couplings)
      return std::pair(static_cast<double>(ensemble.couplings->size),
                       fmt::format("the couplings of {}", job.coupling_file));
  }
  return std::nullopt;
}

void read_sizes(Section& section, Job& job) {
  std::vector<double> sizes = section.numbers("N");
  if (const auto fixed = size_of_files(job)) {
    if (sizes.empty()) sizes = {fixed->first};
    if (sizes != std::vector<double>{fixed->first})
      section.refuse("N", fmt::format("{} have N = {} sites", fixed->second, fixed->first), "leave N out");
  }
  if (sizes.empty()) section.refuse("N", "is missing", "write [grid] N = [500, 1000, 2000]");
  for (const double n : sizes)
    if (n < 1 || n != std::floor(n) || n > 1e9)
      section.refuse("N", fmt::format("N = {} is no number of spins", n),
                     "N is a whole number from 1 to 1e9");
  job.grid.push_back({"N", sizes});
}

/// All rows of a pattern file, and as many random patterns beside them, where a job names no load.
std::optional<double> rows_of_file(const Job& job) {
  for (const Ensemble& ensemble : job.ensembles)
    if (ensemble.table) return static_cast<double>(ensemble.table->rows);
  return std::nullopt;
}

void read_axis(Section& section, const GridAxis& axis, Job& job) {
  std::string names, chosen;
  for (const GridSymbol& symbol : axis.one_of) {
    names += (names.empty() ? "" : " or ") + symbol.name;
    std::vector<double> values = section.numbers(symbol.name);
    if (values.empty()) continue;
    if (!chosen.empty())
      section.refuse(symbol.name, fmt::format("is given beside {}", chosen), "one of them is enough");
    chosen = symbol.name;
    job.grid.push_back({symbol.name, values});
  }
  if (!chosen.empty() || axis.otherwise) return;
  const std::string& first = axis.one_of.front().name;
  if (const auto rows = rows_of_file(job); rows && axis.is_load)
    job.grid.push_back({first, {*rows}});
  else
    section.refuse(first, fmt::format("is missing: {} needs it", job.model->name),
                   fmt::format("give {} in [grid]", names));
}

/// Unknown keys are named before missing ones: a misspelt key is both.
void refuse_unknown_axes(Section& section, const Job& job) {
  section.find("N");
  for (const GridAxis& axis : job.model->axes)
    for (const GridSymbol& symbol : axis.one_of) section.find(symbol.name);
  section.find("T");
  section.finish();
}

void read_choices(Section& section, Job& job) {
  for (const ModelChoice& choice : job.model->choices) {
    std::vector<std::string> known;
    for (const GridSymbol& word : choice.words) known.push_back(word.name);
    std::vector<std::string> words = section.list<std::string>(choice.name, [&](const toml::node& element) {
      const std::string word = section.text(choice.name, element);
      section.check_choice(choice.name, word, known);
      return word;
    });
    if (words.empty()) words = {known.front()};
    job.choices.push_back({choice.name, std::move(words)});
  }
}

void read_grid(Section section, Job& job) {
  for (const ModelChoice& choice : job.model->choices)
    if (section.find(choice.name))
      section.refuse(choice.name, "is chosen by a word, in [model]",
                     fmt::format("write [model] {} = \"{}\"", choice.name, choice.words.front().name));
  refuse_unknown_axes(section, job);
  read_sizes(section, job);
  for (const GridAxis& axis : job.model->axes) read_axis(section, axis, job);
  std::vector<double> temperatures = section.numbers("T");
  if (temperatures.empty()) section.refuse("T", "is missing", "write [grid] T = 0.5");
  for (const double t : temperatures)
    if (!(t >= 0))
      section.refuse("T", fmt::format("T = {} is no temperature", t), "T is 0 or more; inf is allowed");
  job.grid.push_back({"T", temperatures});
}

/// A file that the job names, beside the job file.
std::string beside(const Job& job, const std::string& file) {
  return file.empty() ? file : (std::filesystem::path(job.file).parent_path() / file).string();
}

/// Reads what `key` names; what is wrong with it is said at the place of the key.
template <class Read>
auto read_named_file(const Job& job, const std::string& key, Read read) {
  try {
    return read();
  } catch (const InputError& error) {
    throw InputError(error.what(), job.place(key));
  }
}

void read_patterns_section(Section section, Job& job, const FileReaders& readers) {
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
    Ensemble ensemble;
    ensemble.name = name;
    if (name == "file")
      ensemble.table = read_named_file(job, "patterns.file",
                                       [&] { return readers.patterns(beside(job, job.pattern_file)); });
    else
      ensemble.bias = bias;
    job.ensembles.push_back(std::move(ensemble));
  }
}

void read_couplings_section(Section section, Job& job, const FileReaders& readers) {
  job.coupling_file = section.text("file", "");
  job.field_file = section.text("fields", "");
  section.finish();
  if (job.coupling_file.empty())
    section.refuse("file", "is missing", "write [couplings] file = \"couplings.npy\"");
  Ensemble ensemble;
  ensemble.name = "file";
  ensemble.couplings = read_named_file(job, "couplings.file", [&] {
    return readers.couplings(beside(job, job.coupling_file), beside(job, job.field_file));
  });
  job.ensembles.push_back(std::move(ensemble));
}

/// Each source of disorder has its section; a section of another is a mistake.
void read_disorder(Section patterns, Section couplings, Job& job, const FileReaders& readers) {
  const DisorderSource source = job.model->disorder;
  const auto refuse = [&](const char* name, const char* advice) {
    throw InputError(fmt::format("[{}]: {} takes none", name, job.model->name), job.place(name), advice);
  };
  if (patterns.is_there() && source != DisorderSource::patterns)
    refuse("patterns", "leave the section out; `mattis models` lists the models");
  if (couplings.is_there() && source != DisorderSource::couplings)
    refuse("couplings", "the couplings of your own are [model] name = \"ising\"");
  if (source == DisorderSource::patterns) read_patterns_section(patterns, job, readers);
  if (source == DisorderSource::couplings) read_couplings_section(couplings, job, readers);
  if (source == DisorderSource::drawn) job.ensembles.emplace_back();
}

void read_start(Section section, Job& job) {
  const bool has_patterns = job.model->disorder == DisorderSource::patterns;
  const auto kinds = section.list<std::string>("kind", [&](const toml::node& element) {
    const std::string kind = section.text("kind", element);
    section.check_choice("kind", kind, {"cued", "random"});
    if (kind == "cued" && !has_patterns)
      section.refuse("kind", fmt::format("{} has no pattern to start from", job.model->name),
                     "write kind = \"random\"");
    return kind;
  });
  for (const std::string& kind : kinds) job.starts.push_back(kind == "cued" ? Start::cued : Start::random);
  if (job.starts.empty()) job.starts = {has_patterns ? Start::cued : Start::random};
  const bool is_cued = std::find(job.starts.begin(), job.starts.end(), Start::cued) != job.starts.end();
  job.overlaps = section.numbers("overlap");
  if (!job.overlaps.empty() && !is_cued)
    section.refuse("overlap", "belongs to the cued start", "write kind = \"cued\"");
  job.overlap_is_axis = job.overlaps.size() > 1;
  if (job.overlaps.empty()) job.overlaps = {1.0};
  for (const double overlap : job.overlaps)
    if (overlap < -1 || overlap > 1)
      section.refuse("overlap", fmt::format("is {}", overlap), "it lies between -1 and 1");
  if (section.find("pattern") && !has_patterns)
    section.refuse("pattern", fmt::format("{} has no patterns", job.model->name), "leave it out");
  job.cued = static_cast<SiteIndex>(section.whole("pattern", 0, 0, most_items));
  section.finish();
}

void read_dynamics(Section section, Job& job) {
  const std::string kind = section.choice("kind", {"glauber", "metropolis", "little", "nfold"});
  const bool is_nfold = kind == "nfold";
  if (!is_nfold && section.find("rule"))
    section.refuse("rule", fmt::format("the rule of kind = \"{}\" is in its name", kind),
                   "write kind = \"glauber\" or \"metropolis\"; a rule of its own has kind = \"nfold\"");
  const std::string rule = is_nfold ? section.choice("rule", {"glauber", "metropolis"}) : kind;
  job.dynamics.rule = rule == "metropolis" ? Rule::metropolis : Rule::glauber;
  job.dynamics.updates = kind == "little" ? Updates::synchronous
                         : is_nfold       ? Updates::rejection_free
                                          : Updates::single;
  if (kind == "little" && section.find("order"))
    section.refuse("order", "has no meaning where all spins are updated at once", "leave it out");
  if (is_nfold && section.find("order"))
    section.refuse("order", "has no meaning where the next flip is drawn from the rates of all sites",
                   "leave it out");
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
  const auto& temperatures = job.temperatures();
  if (job.stop_at_fixed_point &&
      std::any_of(temperatures.begin(), temperatures.end(), [](double t) { return t > 0; }))
    section.refuse("stop", "a chain has a fixed point at T = 0 only", "leave stop out, or keep T = 0 alone");
}

bool has_zero_temperature(const Job& job) {
  const auto& temperatures = job.temperatures();
  return std::find(temperatures.begin(), temperatures.end(), 0.0) != temperatures.end();
}

std::vector<std::string> default_observables(const Job& job) {
  std::vector<std::string> names{"energy_per_spin"};
  if (job.model->disorder == DisorderSource::patterns)
    for (const char* name : {"retrieval_overlap", "overlap", "sorted_overlap", "retrieved"})
      names.push_back(name);
  else
    names.push_back("magnetisation");
  names.push_back("acceptance");
  if (job.replicas > 1) names.push_back("replica_overlap");
  if (job.only_retained || !job.lost_within.empty()) names.push_back("retrieval_lost");
  if (has_zero_temperature(job)) {
    names.push_back("free_spins");
    if (job.stop_at_fixed_point) names.push_back("not_converged");
  }
  if (job.dynamics.updates == Updates::synchronous) {
    names.push_back("step_overlap");
    if (has_zero_temperature(job)) names.push_back("two_cycle");
  }
  return names;
}

void read_measure(Section section, Job& job) {
  if (job.model->disorder != DisorderSource::patterns)
    for (const char* key : {"cut", "condition", "lost_within", "patterns"})
      if (section.find(key))
        section.refuse(key, fmt::format("speaks of patterns, and {} has none", job.model->name),
                       "leave it out");
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
  // Chains that end in a cycle are counted whatever else is measured.
  if (job.dynamics.updates == Updates::synchronous && has_zero_temperature(job) && !measures("two_cycle"))
    job.observables.push_back("two_cycle");
  for (const std::string& name : job.observables) {
    if (needs_patterns(name) && job.model->disorder != DisorderSource::patterns)
      section.refuse("observables", fmt::format("{} needs patterns, and {} has none", name, job.model->name));
    if (needs_replicas(name) && job.replicas < 2)
      section.refuse("observables", fmt::format("{} needs two replicas", name), "write [plan] replicas = 2");
    if (needs_synchronous_updates(name) && job.dynamics.updates != Updates::synchronous)
      section.refuse("observables", fmt::format("{} belongs to synchronous dynamics", name),
                     "write [dynamics] kind = \"little\"");
    if (name == "not_converged" && !job.stop_at_fixed_point)
      section.refuse("observables", "not_converged needs [plan] stop = \"fixed_point\"");
    if (needs_zero_temperature(name) && !has_zero_temperature(job))
      section.refuse("observables", fmt::format("{} is counted at T = 0 only", name));
  }
  for (const char* fluctuation : {"energy_variance", "specific_heat", "susceptibility", "binder"})
    if (job.stop_at_fixed_point && measures(fluctuation))
      section.refuse("observables",
                     fmt::format("{} needs a series, and a fixed point is one configuration", fluctuation),
                     "leave [plan] stop out");
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

bool is_bare_word(const std::string& value) {
  return !value.empty() && value.find_first_of("[]{}\"'=,") == std::string::npos;
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
  } catch (const toml::parse_error& failure) {
    const auto refuse = [&](const toml::parse_error& error) {
      throw InputError(std::string(error.description()), name, "write --set plan.sweeps=100");
    };
    if (!is_bare_word(value)) refuse(failure);
    try {
      fragment =
          toml::parse(std::string_view(fmt::format("{} = \"{}\"", key, value)), std::string_view(name));
    } catch (const toml::parse_error& error) {
      refuse(error);
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
              const FileReaders& readers) {
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
  job.model = find_model(name);
  read_choices(model, job);
  model.finish();

  Section patterns = root.inner("patterns"), couplings = root.inner("couplings"), grid = root.inner("grid"),
          start = root.inner("start"), dynamics = root.inner("dynamics"), plan = root.inner("plan"),
          measure = root.inner("measure"), random = root.inner("random"), analysis = root.inner("analysis");
  root.finish();
  read_disorder(patterns, couplings, job, readers);
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
  return parse_job(
      text.str(), file, overrides,
      {[](const std::string& path) { return std::make_shared<const PatternTable>(read_patterns(path)); },
       [](const std::string& path, const std::string& fields) {
         return std::make_shared<const CouplingTable>(read_couplings(path, fields));
       }});
}

}  // namespace mattis::sweeps
