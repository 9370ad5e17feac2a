#include "engine/store/provenance.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;

TEST_CASE("provenance keeps texts in the order they were set") {
  Provenance p;
  p.set("seed", "1");
  p.set("wall_seconds", 0.1);
  p.set("seed", "20261122");
  CHECK(p.get("seed") == "20261122");
  CHECK(p.get("wall_seconds") == "0.1");
  CHECK(p.get("absent").empty());
  REQUIRE(p.entries().size() == 2);
  CHECK(p.entries()[0].first == "seed");
}

TEST_CASE("the program knows where it comes from") {
  const Provenance p = program_provenance();
  for (const auto& [key, value] : p.entries()) {
    INFO(key);
    CHECK_FALSE(value.empty());
  }
  CHECK_THAT(p.get("git_commit"), Catch::Matches("[0-9a-f]{40}|unknown"));
  CHECK_THAT(p.get("git_dirty"), Catch::Matches("yes|no|unknown"));
  CHECK_THAT(p.get("mattis_version"), Catch::Matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
  CHECK_THAT(p.get("hdf5_version"), Catch::Matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
  CHECK_THAT(p.get("created"), Catch::Matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
  CHECK_THAT(p.get("compile_flags"), Catch::Contains("-ffp-contract=off"));
}

namespace {

/// Runs cmake/git_commit.cmake on a source tree and gives the file it wrote.
std::string git_commit_source(const std::filesystem::path& source, const std::filesystem::path& output) {
  const std::string command = "cmake -DSOURCE_DIR='" + source.string() + "' -DOUTPUT='" + output.string() +
                              "' -P '" + MATTIS_SOURCE_DIR "/cmake/git_commit.cmake'";
  REQUIRE(std::system(command.c_str()) == 0);
  std::ostringstream text;
  text << std::ifstream(output).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a source tree outside git says that its commit is unknown, and is written once") {
  const TemporaryDirectory dir;
  const auto output = dir / "git_commit.cpp";
  CHECK_THAT(git_commit_source(dir.path(), output), Catch::Contains("git_commit = \"unknown\""));
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(output, old);
  git_commit_source(dir.path(), output);
  CHECK(std::filesystem::last_write_time(output) == old);
}

TEST_CASE("a git tree says its commit and whether it was changed") {
  const TemporaryDirectory dir;
  const std::string git = "git -C '" + dir.path().string() + "' -c user.name=n -c user.email=e ";
  std::ofstream(dir / "a") << "1";
  const std::string make = git + "init -q && " + git + "add a && " + git + "commit -q --no-verify -m a";
  if (std::system("command -v git > /dev/null") != 0) {
    WARN("skipped: git is not there");
    return;
  }
  REQUIRE(std::system(make.c_str()) == 0);
  const auto output = dir / "git_commit.cpp";
  CHECK_THAT(git_commit_source(dir.path(), output), Catch::Contains("git_dirty = \"no\""));
  std::ofstream(dir / "a") << "2";
  const auto text = git_commit_source(dir.path(), output);
  CHECK_THAT(text, Catch::Contains("git_dirty = \"yes\"") && !Catch::Contains("git_commit = \"unknown\""));
}
