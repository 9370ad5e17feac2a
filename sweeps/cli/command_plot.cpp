// mattis plot: figures with error bars and theory lines.
#include <fmt/format.h>

#include <algorithm>

#include "sweeps/cli/verb.hpp"
#include "sweeps/figures_of.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"

namespace mattis::cli {

namespace {

/// "a.svg,.png,b.pdf": an entry that is an ending alone takes the name before it.
std::vector<std::filesystem::path> files_of(const std::string& list) {
  std::vector<std::filesystem::path> files;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t comma = std::min(list.find(',', start), list.size());
    const std::string entry = list.substr(start, comma - start);
    if (entry.empty()) throw InputError("names an empty file", "-o", "write -o figure.svg,.png");
    if (entry.front() == '.' && entry.find('/') == std::string::npos) {
      if (files.empty())
        throw InputError(fmt::format("'{}' is an ending without a name", entry), "-o",
                         "write -o figure.svg,.png");
      files.push_back(std::filesystem::path(files.front()).replace_extension(entry));
    } else {
      files.emplace_back(entry);
    }
    start = comma + 1;
  }
  return files;
}

}  // namespace

int run_plot(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()(
      "output,o", po::value<std::string>()->value_name("FILES"),
      ".svg, .png and .pdf files, separated by commas (default: DIR/figure.svg); beside F.svg, "
      "F.curves.csv holds its data and F.gp draws it again: gnuplot F.gp");
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const std::filesystem::path directory = words_of(*values).front();
  const auto files = values->count("output") ? files_of((*values)["output"].as<std::string>())
                                             : std::vector<std::filesystem::path>{directory / "figure.svg"};
  const sweeps::Loaded loaded = sweeps::load(directory);
  const sweeps::Statements statements =
      sweeps::make_statements(loaded.job, sweeps::result_table(loaded.job, loaded.points, loaded.records));
  warn_of_cycles(statements.table);
  const auto tasks = sweeps::tasks(loaded.job, loaded.points);
  const auto unfinished = std::count_if(tasks.begin(), tasks.end(), [&](const sweeps::Task& task) {
    return !sweeps::is_complete(loaded.job, loaded.points, task, loaded.records);
  });
  const std::string footnote =
      fmt::format("{}mattis {}",
                  unfinished > 0 ? fmt::format("unfinished: {} of {} tasks; ", unfinished, tasks.size()) : "",
                  store::program_provenance().get("git_commit").substr(0, 10));
  const auto figures = sweeps::figures_of(loaded.job, statements, footnote);
  if (figures.empty())
    throw InputError("holds nothing to draw: no chain of it is finished", directory.string(),
                     fmt::format("go on with `mattis run {}`", loaded.job.file));
  for (const auto& file : files) {
    draw(figures, file);
    fmt::print(stderr, "{}\n", file.string());
  }
  return exit_done;
}

}  // namespace mattis::cli
