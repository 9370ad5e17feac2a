// One program at a time on one results directory.
#pragma once

#include <filesystem>

namespace mattis::store {

/// Holds DIR/lock (flock) from construction to destruction or the death of the process, however it dies.
///
/// The directory is created if it is missing. The file holds the owner's process number and stays behind,
/// unlocked. Errors   EnvironmentError naming the directory and, where it can be read, the process that holds
/// it.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  int descriptor_ = -1;
};

}  // namespace mattis::store
