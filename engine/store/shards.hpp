// Crash-safe immutable files of chain records: what a run keeps while it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/store/atomic_file.hpp"
#include "engine/store/shard_file.hpp"

namespace mattis::store {

/// A shard that gave no records.
struct BadShard {
  enum class Kind {
    altered,     ///< its bytes are not those that were written: cut short, overwritten
    unreadable,  ///< the file system does not give its bytes: permissions, I/O errors
    foreign,     ///< whole, but of another layout or version
  };
  std::filesystem::path file;
  std::string what;
  Kind kind = Kind::altered;
};

/// The directory DIR/shards: one small file per finished piece of work, packed into larger ones later.
///
/// Files are called NAME-CHECKSUM.h5. The checksum covers layout and records, so a name stands for one
/// content: writing the same records again replaces a file by its equal (and heals a damaged one), more sweeps
/// of the same task get a name of their own. A file is written aside, read back, compared and renamed: it is
/// there whole or not at all, whenever the process is killed. make_durable() extends this to loss of power.
///
/// All members may be called by several threads of one process. Readers in other processes need no lock;
/// writers in other processes must not write while one packs (DirectoryLock).
///
/// Errors   EnvironmentError when the file system refuses; InputError for a shard of another layout or
///          version.
class ShardStore {
 public:
  ShardStore(std::filesystem::path directory, std::string layout);

  /// Records in a file of their own. `name` is content too, e.g. the task's key in hexadecimal digits.
  void write(const std::string& name, std::span<const ChainRecord> records);

  /// Everything written so far survives loss of power. Costs one or more fsync: call it about once a second.
  void make_durable();

  struct Contents {
    std::unordered_map<std::uint64_t, ChainRecord> chains;
    std::vector<BadShard> bad;
    std::vector<std::string>
        damaged;               ///< the bad ones as text, "file: what is wrong"; their records are missing
    std::size_t files = 0;     ///< shards found, bad ones included
    std::uintmax_t bytes = 0;  ///< of those that could be read
  };
  /// What to do about whole shards of another layout or version.
  enum class Foreign { refused, listed };
  Contents read(Foreign foreign = Foreign::refused) const;

  /// Removes the altered shards that an earlier read() named, if they are still altered: for the time when all that
  /// they may have held is there again. One that the file system does not give (permissions, I/O errors) stays, and
  /// so does one that was written anew since.
  void remove_damaged(const Contents& seen);

  /// Joins small shards into files of about 8 MiB once there are `at_least` of them, then removes what it
  /// joined, and the *.tmp left by killed writers. The joined file is durable before anything is removed.
  void pack(std::size_t at_least = 256);

 private:
  std::filesystem::path publish(const std::string& name, std::span<const ChainRecord> records,
                                Outlives outlives);
  void join(const std::vector<std::filesystem::path>& shards);

  std::filesystem::path directory_;
  std::string layout_;
  std::shared_mutex writers_;  ///< shared by writers, alone while packing
  std::mutex unsynced_mutex_;
  std::vector<std::filesystem::path> unsynced_;  ///< written since the last make_durable()
};

}  // namespace mattis::store
