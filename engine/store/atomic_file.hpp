// Whole files: read at once, or published at once.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace mattis::store {

/// What a published file outlives: the death of its process, or also loss of power (costs an fsync of file
/// and directory).
enum class Outlives { process, power };

/// Puts `bytes` at `path`: written aside as path.PID-COUNT.tmp, read back, compared, renamed.
///
/// A reader sees the old file or the new one; killed at any moment, at most the *.tmp is left. On failure the
/// *.tmp is removed and the old file stays.
///
/// Errors   EnvironmentError (full disk, permissions).
void publish_file(const std::filesystem::path& path, std::span<const std::byte> bytes, Outlives outlives);

/// All bytes of a file.
///
/// Errors   std::system_error with the reason of the operating system.
std::vector<std::byte> read_file(const std::filesystem::path& path);

/// Forces a file's contents, or a directory's names, to the disk.
///
/// Errors   EnvironmentError; a file that is gone is none.
void sync_to_disk(const std::filesystem::path& path);

/// Forces everything of the file system that holds `path` to the disk.
///
/// Errors   EnvironmentError.
void sync_file_system(const std::filesystem::path& path);

}  // namespace mattis::store
