// Where numbers come from: commit, versions, compiler, machine, time.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mattis::store {

/// Named texts in the order they were set.
class Provenance {
 public:
  void set(const std::string& key, const std::string& value);  ///< replaces the value of a key that is there
  void set(const std::string& key, const char* value) { set(key, std::string(value)); }
  void set(const std::string& key, double value);  ///< shortest text that reads back to the same bits
  std::string get(std::string_view key) const;     ///< empty when it is not there
  const std::vector<std::pair<std::string, std::string>>& entries() const noexcept { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// What the program knows of itself and its machine:
/// mattis_version, git_commit, git_dirty (yes, no, unknown), compiler, compile_flags, simd_target,
/// hdf5_version, boost_version, glibc_version, cpu_model, created (UTC, ISO 8601). Host and user names are
/// left out. The caller adds seed, job texts, wall_seconds, threads and the versions of its own libraries.
Provenance program_provenance();

}  // namespace mattis::store
