// Writers killed at random moments: whatever write() had returned for is there, whole.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "engine/store/shards.hpp"
#include "tests/store/sample_records.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;

namespace {

/// Starts the writer, kills it `life` after it began its work, returns all it said before.
std::string killed_after(std::chrono::microseconds life, const std::filesystem::path& directory,
                         std::uint64_t first_key, const char* mode) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const std::string key = std::to_string(first_key);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execl(MATTIS_SHARD_WRITER, "shard_writer", directory.c_str(), key.c_str(), mode, nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  char ready = 0;
  REQUIRE(::read(pipe[0], &ready, 1) == 1);  // however slowly it started
  std::thread killer([&] {
    std::this_thread::sleep_for(life);
    ::kill(child, SIGKILL);  // not yet waited for, so the number is still its own
  });
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    said.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(pipe[0]);
  killer.join();
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  const bool ended_as_expected =
      (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
  REQUIRE(ended_as_expected);
  return said;
}

void kill_writers(int trials) {
  const TemporaryDirectory dir;
  std::map<std::uint64_t, std::int64_t> promised;
  for (int trial = 0; trial < trials; ++trial) {
    const std::chrono::microseconds life(2000 + mixed(static_cast<std::uint64_t>(trial)) % 80000);
    std::istringstream said(
        killed_after(life, dir / "shards", static_cast<std::uint64_t>(trial) << 20U, "write"));
    std::uint64_t key = 0;
    std::int64_t sweeps = 0;
    std::string line;
    while (std::getline(said, line) && !said.eof()) {  // a last line without its end was never promised
      std::istringstream(line) >> key >> sweeps;
      promised[key] = std::max(promised[key], sweeps);
    }
    const auto contents = ShardStore(dir / "shards", "sample/1").read();
    REQUIRE(contents.damaged.empty());
    for (const auto& [k, at_least] : promised) {
      REQUIRE(contents.chains.count(k) == 1);
      REQUIRE(contents.chains.at(k).sweeps_done >= at_least);
    }
    for (const auto& [k, record] : contents.chains)
      REQUIRE(same_bits(record, sample_record(k, record.sweeps_done)));
  }
  CHECK(promised.size() > static_cast<std::size_t>(trials));
  INFO("promised records: " << promised.size());
}

void kill_packers(int trials) {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  std::uint64_t keys = 0;
  for (int trial = 0; trial < trials; ++trial) {
    for (int i = 0; i < 30; ++i, ++keys) {
      const ChainRecord records[] = {sample_record(keys, 100)};
      store.write(std::to_string(keys), records);
    }
    killed_after(std::chrono::microseconds(mixed(keys) % 40000), dir / "shards", 0, "pack");
    const auto contents = store.read();
    REQUIRE(contents.damaged.empty());
    REQUIRE(contents.chains.size() == keys);
    for (const auto& [k, record] : contents.chains) REQUIRE(same_bits(record, sample_record(k, 100)));
  }
}

}  // namespace

TEST_CASE("killed writers lose nothing they had written") { kill_writers(4); }
TEST_CASE("killed packers lose nothing") { kill_packers(4); }
TEST_CASE("sixty killed writers lose nothing they had written", "[default]") { kill_writers(60); }
TEST_CASE("sixty killed packers lose nothing", "[default]") { kill_packers(60); }
