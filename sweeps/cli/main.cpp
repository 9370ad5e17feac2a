// mattis: associative memories, simulation beside theory.
#include <fmt/format.h>

#include <cstdio>

#include "engine/error.hpp"
#include "engine/nearest_name.hpp"
#include "engine/store/provenance.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/ranks.hpp"

namespace {

using namespace mattis;

std::string overview() {
  std::string text =
      "mattis: statistical mechanics of associative memories, simulation beside theory\n\nusage: mattis VERB "
      "...\n\n";
  for (const cli::Verb& verb : cli::verbs()) text += fmt::format("  {:<9}{}\n", verb.name, verb.summary);
  return text +
         "\nmattis help VERB (or VERB --help) explains a verb with an example; mattis --version names the "
         "version.\n";
}

/// Only `run` shares its work among ranks; of any other verb each rank would do the whole.
void refuse_launchers(const std::string& verb) {
  if (verb == "run" || sweeps::launched_ranks() == 1) return;
  throw InputError(fmt::format("started as one of {} ranks", sweeps::launched_ranks()), "mattis " + verb,
                   "start it alone; only `run` takes a launcher");
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", overview());
    return cli::exit_bad_input;
  }
  if (words.front() == "help" && words.size() > 1) return dispatch({words[1], "--help"});
  if (words.front() == "--help" || words.front() == "-h" || words.front() == "help") {
    cli::print_data(overview());
    return cli::exit_done;
  }
  if (words.front() == "--version") {
    const store::Provenance provenance = store::program_provenance();
    cli::print_data(
        fmt::format("mattis {} ({})\n", provenance.get("mattis_version"), provenance.get("git_commit")));
    return cli::exit_done;
  }
  refuse_launchers(words.front());
  std::vector<std::string> names;
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.name == words.front()) return verb.run(verb, {words.begin() + 1, words.end()});
    names.push_back(verb.name);
  }
  throw InputError(fmt::format("'{}' is no verb", words.front()), "mattis", suggestion(words.front(), names));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (...) {
    return cli::say_failure();
  }
}
