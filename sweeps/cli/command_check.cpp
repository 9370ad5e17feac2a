// mattis check: a job, validated, with every default filled in.
#include <fmt/format.h>

#include "sweeps/cli/verb.hpp"
#include "sweeps/memory.hpp"

namespace mattis::cli {

int run_check(const Verb& verb, const std::vector<std::string>& words) {
  Options options("options");
  add_overrides(options);
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const sweeps::Job job = sweeps::read_job(words_of(*values).front(), overrides_of(*values));
  sweeps::require_memory(job, sweeps::points(job));  // every point of the grid makes sense
  std::string text;
  for (const auto& [key, value] : sweeps::resolved(job)) {
    // What no job file says: which bits the patterns are, which sequence of random numbers the program has.
    const bool is_fact = key == "patterns.content" || key == "random.sequence";
    text += fmt::format("{}{} = {}\n", is_fact ? "# " : "", key, value);
  }
  print_data(text);
  fmt::print(stderr, "{}: no mistakes found\n", job.file);
  warn_of_transient(job);
  return exit_done;
}

}  // namespace mattis::cli
