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

void refuse_other_physics(const Json& there, const Job& job, const std::filesystem::path& directory) {
  std::string differences;
  std::map<std::string, std::string> asked;
  for (const auto& [key, value] : physics(job)) asked[key] = value;
  for (const auto& [key, value] : there.at("physics").items()) {
    const auto found = asked.find(key);
    const std::string now = found == asked.end() ? "nothing" : found->second;
    if (now != value.get<std::string>())
      differences +=
          fmt::format("\n  {}: the results have {}, the job says {}", key, value.get<std::string>(), now);
    if (found != asked.end()) asked.erase(found);
  }
  for (const auto& [key, value] : asked)
    differences += fmt::format("\n  {}: the results have nothing, the job says {}", key, value);
  const auto starts = start_names(job);
  for (const auto& start : there.at("starts"))
    if (std::find(starts.begin(), starts.end(), start.get<std::string>()) == starts.end())
      differences += fmt::format("\n  start: the results have {}, the job has not", start.get<std::string>());
  if (there.at("sweeps").get<std::int64_t>() > job.sweeps)
    differences += fmt::format("\n  plan.sweeps: the results have {}, the job says {}",
                               there.at("sweeps").get<std::int64_t>(), job.sweeps);
  if (!differences.empty())
    throw InputError(
        fmt::format("{} holds results of another job:{}\nrun it into another directory with -o DIR",
                    directory.string(), differences),
        job.file, "grid values, starts, samples, replicas and sweeps may grow");
}

}  // namespace

std::filesystem::path results_directory(const Job& job, const std::string& asked) {
  return asked.empty() ? std::filesystem::path(job.file).stem() : std::filesystem::path(asked);
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

Job job_of(const std::filesystem::path& directory) {
  const Json json = read_manifest(directory);
  if (json.is_null())
    throw InputError("holds no results of mattis", directory.string(),
                     "give the directory that `mattis run` wrote");
  try {
    auto table = std::make_shared<PatternTable>();
    if (json.contains("patterns")) {
      const Json& facts = json["patterns"];
      table->rows = facts.at("rows").get<std::size_t>();
      table->columns = facts.at("columns").get<std::size_t>();
      table->content = std::stoull(facts.at("content").get<std::string>(), nullptr, 16);
    }
    auto couplings = std::make_shared<CouplingTable>();
    if (json.contains("couplings")) {
      const Json& facts = json["couplings"];
      couplings->size = facts.at("size").get<std::size_t>();
      couplings->content = std::stoull(facts.at("content").get<std::string>(), nullptr, 16);
    }
    return parse_job(json.at("text").get<std::string>(), json.at("file").get<std::string>(),
                     json.at("overrides").get<std::vector<std::string>>(),
                     {[&](const std::string&) { return table; },
                      [&](const std::string&, const std::string&) { return couplings; }});
  } catch (const Json::exception&) {
    throw damaged(directory);
  }
}

}  // namespace mattis::sweeps
