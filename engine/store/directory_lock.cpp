#include "engine/store/directory_lock.hpp"

#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/error.hpp"

namespace mattis::store {

namespace {

std::filesystem::path lock_in(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw EnvironmentError(directory.string(), "create", error.message());
  return directory / "lock";
}

/// "process 1234", or a word for not knowing.
std::string owner(int descriptor) {
  char text[32] = {};
  const ssize_t n = ::pread(descriptor, text, sizeof text - 1, 0);
  long pid = 0;
  const bool is_number = n > 0 && std::from_chars(text, text + n, pid).ec == std::errc{};
  return is_number && pid > 0 ? fmt::format("process {}", pid) : "another process";
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory)
    : file_(lock_in(directory), O_RDWR | O_CREAT) {
  const auto fail = [&](const std::string& reason) {
    throw EnvironmentError(directory.string(), "lock", reason);
  };
  const auto system_reason = [] { return std::generic_category().message(errno); };
  if (!file_) fail(system_reason());
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    fail(errno == EWOULDBLOCK ? fmt::format("{} is working here", owner(file_.get())) : system_reason());
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file_.get(), 0) != 0 || ::pwrite(file_.get(), pid.data(), pid.size(), 0) < 0)
    fail(system_reason());
}

bool DirectoryLock::is_held(const std::filesystem::path& directory) {
  const FileDescriptor file(directory / "lock", O_RDONLY);
  return file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace mattis::store
