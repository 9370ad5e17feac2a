// mattis models, mattis explain: the catalogue as text.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/theory/catalogue.hpp"
#include "engine/nearest_name.hpp"
#include "engine/observables.hpp"
#include "models/catalogue.hpp"
#include "sweeps/cli/verb.hpp"

namespace mattis::cli {

namespace {

std::string disorder_of(DisorderSource source) {
  if (source == DisorderSource::patterns)
    return "[patterns] ensemble = \"rademacher\" (with bias), or file = \"patterns.npy\" (.npy, .csv, .txt, "
           "FILE.h5:/path)";
  if (source == DisorderSource::couplings)
    return "[couplings] file = \"couplings.npy\" (N, N), fields = \"fields.npy\" (N, optional); .npy, .csv, "
           ".txt, "
           "FILE.h5:/path";
  return "drawn by the model, a new sample for each";
}

}  // namespace

int run_models(const Verb& verb, const std::vector<std::string>& words) {
  if (!parse(verb, words, Options{}, 0, 0)) return exit_done;
  std::size_t name = 0, summary = 0, load = 0;
  for (const ModelEntry& model : catalogue()) {
    name = std::max(name, model.name.size());
    summary = std::max(summary, model.summary.size());
    load = std::max(load, model.load.size());
  }
  std::string text;
  for (const ModelEntry& model : catalogue())
    text += fmt::format("{:<{}}  {:<{}}  {:<{}}  {}\n", model.name, name, model.summary, summary, model.load,
                        load, model.hamiltonian);
  print_data(text);
  return exit_done;
}

int run_explain(const Verb& verb, const std::vector<std::string>& words) {
  const auto values = parse(verb, words, Options{}, 1, 1);
  if (!values) return exit_done;
  const std::string& name = words_of(*values).front();
  const ModelEntry* model = find_model(name);
  if (!model) {
    std::vector<std::string> known;
    for (const ModelEntry& entry : catalogue()) known.push_back(entry.name);
    throw InputError(fmt::format("'{}' is no model", name), "mattis explain", suggestion(name, known));
  }
  std::string text = fmt::format("{}: {}\n\n  {}\n  J = k_B = 1, weight exp(-H/T); T = 0 is legal\n\n",
                                 model->name, model->summary, model->hamiltonian);
  text += fmt::format("load        {}\nsymmetries  {}\n\non the grid\n  {:<10} number of spins\n",
                      model->load, model->symmetries, "N");
  for (const GridAxis& axis : model->axes)
    for (const GridSymbol& symbol : axis.one_of)
      text += fmt::format("  {:<10} {}{}\n", symbol.name, symbol.definition,
                          axis.otherwise && !std::isnan(*axis.otherwise)
                              ? fmt::format(" (default {})", *axis.otherwise)
                              : "");
  text += fmt::format("  {:<10} temperature, in units of J\n", "T");
  for (const ModelChoice& choice : model->choices) {
    text += fmt::format("\n[model] {}, a word or a list of words\n", choice.name);
    for (const GridSymbol& word : choice.words)
      text += fmt::format("  {:<12} {}{}\n", word.name, word.definition,
                          &word == &choice.words.front() ? " (default)" : "");
  }
  text += fmt::format("\ndisorder    {}\n", disorder_of(model->disorder));
  text +=
      "dynamics    kind = \"glauber\" (heat bath) or \"metropolis\", with order = \"sequential\", \"random\" "
      "or "
      "\"permutation\"; or kind = \"little\" (synchronous); or kind = \"nfold\" (rejection-free, continuous "
      "time) with rule = \"glauber\" or \"metropolis\"\n";
  text += "\nobservables\n";
  for (const auto& spec : observable_catalogue())
    if (model->disorder == DisorderSource::patterns || !needs_patterns(spec.name))
      text += fmt::format("  {:<18} [{}] {}{}\n", spec.name, spec.units, spec.definition,
                          spec.component.empty() ? "" : fmt::format(" (component: {})", spec.component));
  text += "\ntheory\n";
  bool has_theory = false;
  for (const theory::Quantity& quantity : theory::catalogue())
    if (quantity.model == model->theory) {
      text += fmt::format("  {:<12} {}\n", quantity.name, quantity.definition);
      has_theory = true;
    }
  if (!has_theory) text += "  none for this model\n";
  text += fmt::format("\nsource      {}\n", model->source);
  print_data(text);
  return exit_done;
}

}  // namespace mattis::cli
