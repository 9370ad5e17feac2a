#include "engine/store/shards.hpp"

#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <thread>

#include "engine/error.hpp"
#include "tests/store/sample_records.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;
namespace fs = std::filesystem;

namespace {

std::size_t num_files(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

void write_one(ShardStore& store, std::uint64_t key, std::int64_t sweeps = 100) {
  const ChainRecord records[] = {sample_record(key, sweeps)};
  store.write("task" + std::to_string(key), records);
}

void check_holds(const ShardStore::Contents& contents, std::uint64_t key, std::int64_t sweeps) {
  REQUIRE(contents.chains.count(key) == 1);
  CHECK(same_bits(contents.chains.at(key), sample_record(key, sweeps)));
}

}  // namespace

TEST_CASE("shards give back what was written, and more sweeps win") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  CHECK(store.read().files == 0);
  CHECK_FALSE(fs::exists(dir / "shards"));
  write_one(store, 1, 200);
  write_one(store, 1, 100);
  write_one(store, 2, 100);
  write_one(store, 2, 100);  // the same again: the same file
  store.make_durable();
  const auto contents = ShardStore(dir / "shards", "sample/1").read();
  CHECK(contents.files == 3);
  CHECK(contents.damaged.empty());
  CHECK(contents.chains.size() == 2);
  check_holds(contents, 1, 200);
  check_holds(contents, 2, 100);
}

TEST_CASE("several threads write and pack one store") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&store, t] {
      for (std::uint64_t i = 0; i < 50; ++i) {
        write_one(store, t + 4 * i);
        if (i % 10 == 9) store.make_durable();
        if (i % 20 == 19) store.pack(16);
      }
    });
  }
  // A reader beside them sees whole files only, and never fewer chains than before.
  std::size_t seen = 0;
  while (seen < 200) {
    const auto contents = ShardStore(dir / "shards", "sample/1").read();
    CHECK(contents.damaged.empty());
    CHECK(contents.chains.size() >= seen);
    seen = contents.chains.size();
  }
  for (auto& thread : threads) thread.join();
  const auto contents = store.read();
  CHECK(contents.chains.size() == 200);
  for (std::uint64_t key = 0; key < 200; ++key) check_holds(contents, key, 100);
}

TEST_CASE("packing keeps every chain, removes what it joined and stale files") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  for (std::uint64_t key = 0; key < 40; ++key) write_one(store, key);
  for (std::uint64_t key = 0; key < 40; key += 2) write_one(store, key, 300);
  std::ofstream(dir / "shards/task9-00.h5.123-4.tmp") << "torn";
  const auto before = store.read();
  store.pack(61);
  CHECK(num_files(dir / "shards") == 60);
  store.pack(60);
  CHECK(num_files(dir / "shards") == 1);
  store.pack(0);  // nothing to join
  store.make_durable();
  const auto after = store.read();
  CHECK(after.files == 1);
  REQUIRE(after.chains.size() == before.chains.size());
  for (const auto& [key, record] : before.chains) CHECK(same_bits(after.chains.at(key), record));
  for (std::uint64_t key = 0; key < 40; ++key) check_holds(after, key, key % 2 == 0 ? 300 : 100);
}

TEST_CASE("a pack that says nothing new keeps its own file") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  write_one(store, 1);
  write_one(store, 2);
  store.pack(2);
  write_one(store, 1);  // already in the pack
  store.pack(2);
  CHECK(num_files(dir / "shards") == 1);
  CHECK(store.read().chains.size() == 2);
}

TEST_CASE("damaged shards are named, the others are read, rewriting heals") {
  const TemporaryDirectory dir;
  const fs::path shards = dir / "shards";
  ShardStore store(shards, "sample/1");
  for (std::uint64_t key = 0; key < 4; ++key) write_one(store, key);
  std::vector<fs::path> files{fs::directory_iterator(shards), fs::directory_iterator()};
  std::sort(files.begin(), files.end());
  fs::resize_file(files[1], fs::file_size(files[1]) / 2);
  fs::resize_file(files[2], 0);
  {
    std::fstream file(files[3], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3000);
    file.put('\x7f');
  }
  fs::create_directory(shards / "directory-00.h5");
  fs::create_symlink("nowhere", shards / "dangling-00.h5");
  const auto contents = store.read();
  CHECK(contents.files == 6);
  CHECK(contents.chains.size() == 1);
  REQUIRE(contents.damaged.size() == 5);
  for (const auto& line : contents.damaged) CHECK(line.find(shards.string()) == 0);
  check_holds(contents, 0, 100);

  store.pack(2);  // joins nothing it cannot read, and leaves the evidence
  CHECK(store.read().damaged.size() == 5);
  for (std::uint64_t key = 1; key < 4; ++key) write_one(store, key);
  const auto healed = store.read();
  CHECK(healed.damaged.size() == 2);
  CHECK(healed.chains.size() == 4);
}

TEST_CASE("damaged shards are removed when they are not needed any more, and no others") {
  const TemporaryDirectory dir;
  const fs::path shards = dir / "shards";
  ShardStore store(shards, "sample/1");
  for (std::uint64_t key = 0; key < 3; ++key) write_one(store, key);
  std::vector<fs::path> files{fs::directory_iterator(shards), fs::directory_iterator()};
  std::sort(files.begin(), files.end());
  fs::resize_file(files[1], fs::file_size(files[1]) / 2);
  fs::resize_file(files[2], 0);
  fs::create_directory(shards / "directory-00.h5");
  fs::create_symlink("nowhere", shards / "dangling-00.h5");
  const auto seen = store.read();
  REQUIRE(seen.bad.size() == 4);
  CHECK(seen.bytes == fs::file_size(files[0]) + fs::file_size(files[1]));
  const auto kind_of = [&](const fs::path& file) {
    for (const BadShard& bad : seen.bad)
      if (bad.file == file) return bad.kind;
    return BadShard::Kind::foreign;
  };
  CHECK(kind_of(files[1]) == BadShard::Kind::altered);
  CHECK(kind_of(files[2]) == BadShard::Kind::altered);
  CHECK(kind_of(shards / "directory-00.h5") == BadShard::Kind::unreadable);
  CHECK(kind_of(shards / "dangling-00.h5") == BadShard::Kind::unreadable);

  write_one(store, 1);  // heals
  store.remove_damaged(seen);
  CHECK(fs::exists(files[0]));
  CHECK(fs::exists(files[1]));
  CHECK_FALSE(fs::exists(files[2]));
  CHECK(fs::is_directory(shards / "directory-00.h5"));
  CHECK(fs::is_symlink(shards / "dangling-00.h5"));
  CHECK(store.read().damaged.size() == 2);
  check_holds(store.read(), 0, 100);
  check_holds(store.read(), 1, 100);
  store.remove_damaged(seen);  // again: nothing left to do
  CHECK(num_files(shards) == 4);
}

TEST_CASE("shards of another layout are listed on request, and never removed") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1"), other(dir / "shards", "sample/2");
  write_one(store, 1);
  write_one(other, 2);
  CHECK_THROWS_AS(store.read(), mattis::InputError);
  const auto contents = store.read(ShardStore::Foreign::listed);
  check_holds(contents, 1, 100);
  CHECK(contents.chains.size() == 1);
  REQUIRE(contents.bad.size() == 1);
  CHECK(contents.bad[0].kind == BadShard::Kind::foreign);
  CHECK(contents.bad[0].what.find("holds other records") == 0);
  store.remove_damaged(contents);
  CHECK(fs::exists(contents.bad[0].file));
}

TEST_CASE("a store of another layout is refused") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  write_one(store, 1);
  write_one(store, 2);
  ShardStore other(dir / "shards", "sample/2");
  CHECK_THROWS_AS(other.read(), mattis::InputError);
  CHECK_THROWS_AS(other.pack(2), mattis::InputError);
  CHECK(store.read().chains.size() == 2);
}

TEST_CASE("a directory that cannot be made or read is an error of the environment") {
  const TemporaryDirectory dir;
  std::ofstream(dir / "file") << "x";
  ShardStore store(dir / "file/shards", "sample/1");
  CHECK_THROWS_AS(write_one(store, 1), mattis::EnvironmentError);
  CHECK_THROWS_AS(ShardStore(dir / "file", "sample/1").read(), mattis::EnvironmentError);
}

TEST_CASE("a file that cannot grow is an error, and leaves neither a shard nor a torn file") {
  const TemporaryDirectory dir;
  ShardStore store(dir / "shards", "sample/1");
  write_one(store, 1);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{2048, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  bool refused = false;
  try {
    write_one(store, 2);
  } catch (const mattis::EnvironmentError&) {
    refused = true;
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(refused);
  CHECK(num_files(dir / "shards") == 1);
  CHECK(store.read().chains.size() == 1);
}

TEST_CASE("a full disk stops the writer and loses nothing that was written") {
  const TemporaryDirectory dir;
  const fs::path disk = dir / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0) {
    WARN("skipped: mounting a small tmpfs needs privileges");
    return;
  }
  {
    ShardStore store(disk / "shards", "sample/1");
    std::uint64_t written = 0;
    const auto fill = [&] {
      for (;; ++written) write_one(store, written);
    };
    CHECK_THROWS_AS(fill(), mattis::EnvironmentError);
    CHECK(written > 10);
    CHECK_THROWS_AS(write_one(store, written), mattis::EnvironmentError);
    const auto contents = store.read();
    CHECK(contents.damaged.empty());
    CHECK(contents.chains.size() == written);
    CHECK(num_files(disk / "shards") == written);
    CHECK_THROWS_AS(store.pack(2), mattis::EnvironmentError);  // no room for the joined file: all stay
    CHECK(store.read().chains.size() == written);
  }
  CHECK(::umount(disk.c_str()) == 0);
}
