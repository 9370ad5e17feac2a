#include "engine/store/atomic_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include "engine/error.hpp"
#include "engine/store/file_descriptor.hpp"

namespace mattis::store {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// Error number, or 0.
int write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Bytes from the start of the file, as many as there are up to buffer.size(); nothing with errno set on
/// failure.
std::optional<std::size_t> read_all(int descriptor, std::span<std::byte> buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n =
        ::pread(descriptor, buffer.data() + done, buffer.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

bool reads_back(int descriptor, std::span<const std::byte> bytes) {
  std::vector<std::byte> back(bytes.size() + 1);  // one more: the file must end where it should
  const auto size = read_all(descriptor, back);
  return size == bytes.size() && std::equal(bytes.begin(), bytes.end(), back.begin());
}

std::filesystem::path aside(const std::filesystem::path& path) {
  static std::atomic<unsigned long> count{0};
  std::filesystem::path tmp = path;
  tmp += fmt::format(".{}-{}.tmp", ::getpid(), count++);
  return tmp;
}

/// A name that goes away again unless it is renamed to the published one.
struct Aside {
  explicit Aside(std::filesystem::path p) : path(std::move(p)) {}
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;
  ~Aside() {
    if (!path.empty()) ::unlink(path.c_str());
  }
  std::filesystem::path path;
};

}  // namespace

void publish_file(const std::filesystem::path& path, std::span<const std::byte> bytes, Outlives outlives) {
  const auto fail = [&](const char* operation, int error) {
    throw EnvironmentError(path.string(), operation, reason(error));
  };
  Aside tmp(aside(path));
  FileDescriptor file(tmp.path, O_RDWR | O_CREAT | O_TRUNC);
  if (!file) {
    const int error = errno;
    tmp.path.clear();
    fail("create", error);
  }
  if (const int error = write_all(file.get(), bytes)) fail("write", error);
  if (!reads_back(file.get(), bytes)) {
    throw EnvironmentError(path.string(), "write", "what was written does not read back");
  }
  if (outlives == Outlives::power && ::fsync(file.get()) != 0) fail("sync", errno);
  if (!file.close()) fail("close", errno);
  if (::rename(tmp.path.c_str(), path.c_str()) != 0) fail("rename", errno);
  tmp.path.clear();
  if (outlives == Outlives::power) sync_to_disk(path.has_parent_path() ? path.parent_path() : ".");
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  const auto fail = [&] { throw std::system_error(errno, std::generic_category()); };
  FileDescriptor file(path, O_RDONLY);
  if (!file) fail();
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail();
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  const auto size = read_all(file.get(), bytes);
  if (!size) fail();
  bytes.resize(*size);
  return bytes;
}

void sync_to_disk(const std::filesystem::path& path) {
  FileDescriptor file(path, O_RDONLY);
  if (!file && errno == ENOENT) return;
  if (!file || ::fsync(file.get()) != 0) throw EnvironmentError(path.string(), "sync", reason(errno));
}

void sync_file_system(const std::filesystem::path& path) {
  FileDescriptor file(path, O_RDONLY);
  if (!file || ::syncfs(file.get()) != 0) throw EnvironmentError(path.string(), "sync", reason(errno));
}

}  // namespace mattis::store
