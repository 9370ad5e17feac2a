// A run in miniature, made to be killed: shard_writer DIR FIRST_KEY write|pack. Says a line feed when it
// begins.
//   write: two threads write shards for ever, extend every third task, pack now and then; after each write
//   the records'
//          keys and sweeps go to stdout, so that whoever reads them knows what has been promised.
//   pack:  packs the directory once.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "engine/store/shards.hpp"
#include "tests/store/sample_records.hpp"

namespace {

void promise(std::uint64_t key, std::int64_t sweeps) {
  const std::string line = std::to_string(key) + " " + std::to_string(sweeps) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(1);
}

void write_for_ever(mattis::store::ShardStore& store, std::uint64_t first_key) {
  for (std::uint64_t task = 0;; ++task) {
    const std::uint64_t key = first_key + 2 * task;
    for (std::int64_t sweeps = 100; sweeps <= (task % 3 == 0 ? 200 : 100); sweeps += 100) {
      const mattis::store::ChainRecord records[] = {sample_record(key, sweeps),
                                                    sample_record(key + 1, sweeps)};
      store.write("task" + std::to_string(key), records);
      promise(key, sweeps);
      promise(key + 1, sweeps);
    }
    if (task % 16 == 15) store.pack(8);
    if (task % 50 == 49) store.make_durable();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || ::write(STDOUT_FILENO, "\n", 1) != 1) return 2;
  mattis::store::ShardStore store(argv[1], "sample/1");
  if (std::string(argv[3]) == "pack") {
    store.pack(2);
    return 0;
  }
  const std::uint64_t first = std::strtoull(argv[2], nullptr, 10);
  std::thread other([&] { write_for_ever(store, first + (std::uint64_t{1} << 32U)); });
  write_for_ever(store, first);
}
