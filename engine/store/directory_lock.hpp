// One program at a time on one results directory.
#pragma once

#include <filesystem>

#include "engine/store/file_descriptor.hpp"

namespace mattis::store {

/// Holds DIR/lock (flock) from construction to destruction or the death of the process, however it dies.
///
/// The directory is created if it is missing. The file holds the owner's process number and stays behind,
/// unlocked.
///
/// Errors   EnvironmentError naming the directory and, where it can be read, the process that holds it.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);

  /// Is some process at work in the directory? False if it cannot be told.
  static bool is_held(const std::filesystem::path& directory);

 private:
  FileDescriptor file_;
};

}  // namespace mattis::store
