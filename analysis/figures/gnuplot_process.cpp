#include "analysis/figures/gnuplot_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "analysis/figures/plain_text.hpp"
#include "engine/error.hpp"

namespace mattis::figures {

namespace {

constexpr std::size_t longest_complaint = 500;

/// The read end of the child's standard error, and what the child is to do with its own descriptors.
class Plumbing {
 public:
  explicit Plumbing(const std::filesystem::path& directory) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw EnvironmentError("gnuplot", "start", std::strerror(errno));
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, ends_[1], STDERR_FILENO);
    ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  ~Plumbing() {
    ::posix_spawn_file_actions_destroy(&actions_);
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  Plumbing(const Plumbing&) = delete;
  Plumbing& operator=(const Plumbing&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

  /// All that the child says until it closes its end.
  std::string drain() {
    ::close(ends_[1]);
    ends_[1] = -1;
    std::string said;
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t got = ::read(ends_[0], buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return said;
      said.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

void run_gnuplot(const std::filesystem::path& directory, const std::string& script) {
  Plumbing plumbing(directory);
  std::string program = "gnuplot", no_startup_files = "-d", name = script;
  char* const arguments[] = {program.data(), no_startup_files.data(), name.data(), nullptr};
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, program.c_str(), plumbing.actions(), nullptr, arguments, environ);
  if (failure == ENOENT)
    throw EnvironmentError("gnuplot", "start", "it is not installed; install the package gnuplot-nox");
  if (failure != 0) throw EnvironmentError("gnuplot", "start", std::strerror(failure));

  const std::string said = plumbing.drain();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw EnvironmentError("gnuplot", "wait for it", std::strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw EnvironmentError(
        (directory / script).lexically_normal().string(), "draw with gnuplot",
        said.empty() ? "it failed without a word" : plain(said.substr(0, longest_complaint)));
}

}  // namespace mattis::figures
