// An owned file descriptor.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace mattis::store {

/// Opened at construction, closed at the end; close() reports what closing reports.
///
/// Errors   `get()` is -1, errno tells why.
class FileDescriptor {
 public:
  explicit FileDescriptor(const std::filesystem::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  bool close() noexcept {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

}  // namespace mattis::store
