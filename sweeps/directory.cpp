#include "sweeps/directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/content_key.hpp"
#include "engine/store/atomic_file.hpp"
#include "models/coupling_file.hpp"

namespace mattis::sweeps {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* schema = "mattis-job/1";

std::filesystem::path manifest(const std::filesystem::path& directory) { return directory / "job.json"; }

std::vector<std::string> start_names(const Job& job) {
  std::vector<std::string> names;
  for (const Start start : job.starts) {
    if (start == Start::random) names.push_back("random");
    if (start == Start::cued)
      for (const double overlap : job.overlaps) names.push_back("cued " + canonical(overlap));
  }
  return names;
}

Json describe(const Job& job) {
  Json json{{"schema", schema}, {"file", job.file}, {"text", job.text}, {"overrides", job.overrides}};
  json["physics"] = Json::object();
  for (const auto& [key, value] : physics(job)) json["physics"][key] = value;
  json["starts"] = start_names(job);
  json["sweeps"] = job.sweeps;
  json["resolved"] = Json::object();
  for (const auto& [key, value] : resolved(job)) json["resolved"][key] = value;
  for (const Ensemble& ensemble : job.ensembles) {
    if (ensemble.table)
      json["patterns"] = {{"rows", ensemble.table->rows},
                          {"columns", ensemble.table->columns},
                          {"content", hex(ensemble.table->content)}};
    if (ensemble.couplings)
      json["couplings"] = {{"size", ensemble.couplings->size}, {"content", hex(ensemble.couplings->content)}};
  }
  return json;
}

EnvironmentError damaged(const std::filesystem::path& directory) {
  return {manifest(directory).string(), "reading", fmt::format("is damaged, or not of the form {}", schema)};
}

/// The manifest, or null if there is none.
Json read_manifest(const std::filesystem::path& directory) {
  const auto file = manifest(directory);
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) return nullptr;
  std::string text;
  try {
    const auto bytes = store::read_file(file);
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } catch (const std::system_error& failure) {
    throw EnvironmentError(file.string(), "reading", failure.code().message());
  }
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != schema) throw damaged(directory);
  return json;
}

std::vector<PhysicsDifference> physics_differences(const Json& there, const Job& job) {
  std::vector<PhysicsDifference> differences;
  std::map<std::string, std::string> asked;
  for (const auto& [key, value] : physics(job)) asked[key] = value;
  for (const auto& [key, value] : there.at("physics").items()) {
    const auto found = asked.find(key);
    const std::string now = found == asked.end() ? "nothing" : found->second;
    if (now != value.get<std::string>()) differences.push_back({key, value.get<std::string>(), now});
    if (found != asked.end()) asked.erase(found);
  }
  for (const auto& [key, value] : asked) differences.push_back({key, "nothing", value});
  return differences;
}

void refuse_other_physics(const Json& there, const Job& job, const std::filesystem::path& directory) {
  std::string differences;
  for (const auto& [key, before, now] : physics_differences(there, job))
    differences += fmt::format("\n  {}: the results have {}, the job says {}", key, before, now);
  const auto starts = start_names(job);
  for (const auto& start : there.at("starts"))
    if (std::find(starts.begin(), starts.end(), start.get<std::string>()) == starts.end())
      differences += fmt::format("\n  start: the results have {}, the job has not", start.get<std::string>());
  if (there.at("sweeps").get<std::int64_t>() > job.sweeps)
    differences +=
        fmt::format("\n  plan.sweeps: the results have {}, the job says {}: sweeps may grow, not shrink",
                    there.at("sweeps").get<std::int64_t>(), job.sweeps);
  if (!differences.empty())
    throw InputError(
        fmt::format("{} holds results of another job:{}\nrun it into another directory with -o DIR",
                    directory.string(), differences),
        job.file, "starts and sweeps may grow, not shrink; grid values, samples and replicas may do both");
}

InputError no_results(const std::filesystem::path& directory) {
  return InputError("holds no results of mattis", directory.string(),
                    "give the directory that `mattis run` wrote");
}

/// A file that the job names, read again: `read` reads it, `content` is its content as recorded.
template <class Read>
auto read_again(const std::string& file, const Json& facts, Read read) {
  const std::string hint = "the chains are run again with it: start where `mattis run` was started";
  decltype(read()) table;
  try {
    table = read();
  } catch (const InputError& error) {
    throw InputError(error.what(), "", hint);
  }
  if (hex(table->content) != facts.at("content").get<std::string>())
    throw InputError("is no longer the file of these results: its content differs", file, hint);
  return table;
}

}  // namespace

std::filesystem::path results_directory(const Job& job, const std::string& asked) {
  return asked.empty() ? std::filesystem::path(job.file).stem() : std::filesystem::path(asked);
}

void refuse_files(const std::filesystem::path& directory) {
  std::error_code error;
  for (auto path = directory; !path.empty(); path = path.parent_path()) {
    if (std::filesystem::exists(path, error) && !std::filesystem::is_directory(path, error))
      throw EnvironmentError(directory.string(), "create",
                             path.string() + " is a file, and results need a directory; give another -o DIR");
    if (path == path.parent_path()) break;
  }
  std::filesystem::create_directories(directory, error);
  if (error)
    throw EnvironmentError(directory.string(), "create",
                           error.message() + "; give -o DIR, a directory that you may write to");
}

void adopt(const std::filesystem::path& directory, const Job& job) {
  try {
    if (const Json there = read_manifest(directory); !there.is_null())
      refuse_other_physics(there, job, directory);
  } catch (const Json::exception&) {
    throw damaged(directory);
  }
  const std::string text = describe(job).dump(1) + "\n";
  store::publish_file(manifest(directory), std::as_bytes(std::span(text)), store::Outlives::power);
}

bool holds_results(const std::filesystem::path& directory) { return !read_manifest(directory).is_null(); }

std::vector<PhysicsDifference> physics_differences(const std::filesystem::path& directory, const Job& job) {
  const Json there = read_manifest(directory);
  if (there.is_null()) throw no_results(directory);
  try {
    return physics_differences(there, job);
  } catch (const Json::exception&) {
    throw damaged(directory);
  }
}

Job job_of(const std::filesystem::path& directory, Files files) {
  const Json json = read_manifest(directory);
  if (json.is_null()) throw no_results(directory);
  const auto patterns = [&](const std::string& path) -> std::shared_ptr<const PatternTable> {
    const Json& facts = json.at("patterns");
    if (files == Files::read_again)
      return read_again(path, facts,
                        [&] { return std::make_shared<const PatternTable>(read_patterns(path)); });
    auto table = std::make_shared<PatternTable>();
    table->rows = facts.at("rows").get<std::size_t>();
    table->columns = facts.at("columns").get<std::size_t>();
    table->content = std::stoull(facts.at("content").get<std::string>(), nullptr, 16);
    return table;
  };
  const auto couplings = [&](const std::string& path,
                             const std::string& fields) -> std::shared_ptr<const CouplingTable> {
    const Json& facts = json.at("couplings");
    if (files == Files::read_again)
      return read_again(path, facts,
                        [&] { return std::make_shared<const CouplingTable>(read_couplings(path, fields)); });
    auto table = std::make_shared<CouplingTable>();
    table->size = facts.at("size").get<std::size_t>();
    table->content = std::stoull(facts.at("content").get<std::string>(), nullptr, 16);
    return table;
  };
  try {
    return parse_job(json.at("text").get<std::string>(), json.at("file").get<std::string>(),
                     json.at("overrides").get<std::vector<std::string>>(), {patterns, couplings});
  } catch (const Json::exception&) {
    throw damaged(directory);
  }
}

Job with_overrides(const Job& job, const std::vector<std::string>& overrides) {
  std::shared_ptr<const PatternTable> patterns;
  std::shared_ptr<const CouplingTable> couplings;
  for (const Ensemble& ensemble : job.ensembles) {
    if (ensemble.table) patterns = ensemble.table;
    if (ensemble.couplings) couplings = ensemble.couplings;
  }
  return parse_job(job.text, job.file, overrides,
                   {[&](const std::string&) { return patterns; },
                    [&](const std::string&, const std::string&) { return couplings; }});
}

}  // namespace mattis::sweeps
