#include "engine/store/directory_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <string>

#include "engine/error.hpp"
#include "tests/support/temporary_directory.hpp"

using mattis::store::DirectoryLock;

TEST_CASE("a second owner is told who works in the directory") {
  const TemporaryDirectory dir;
  {
    const DirectoryLock lock(dir / "run");
    CHECK_THROWS_WITH(DirectoryLock(dir / "run"), (dir / "run").string() + ": lock: process " +
                                                      std::to_string(::getpid()) + " is working here");
    CHECK_NOTHROW(DirectoryLock(dir / "other"));
  }
  CHECK_NOTHROW(DirectoryLock(dir / "run"));
}

TEST_CASE("a lock dies with its owner") {
  const TemporaryDirectory dir;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const DirectoryLock lock(dir.path());
    const bool told = ::write(pipe[1], "x", 1) == 1;
    for (; told;) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(pipe[0], &byte, 1) == 1);
  CHECK_THROWS_AS(DirectoryLock(dir.path()), mattis::EnvironmentError);
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK_NOTHROW(DirectoryLock(dir.path()));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("a directory that cannot be made is an error of the environment") {
  const TemporaryDirectory dir;
  std::ofstream(dir / "file") << "x";
  CHECK_THROWS_AS(DirectoryLock(dir / "file/run"), mattis::EnvironmentError);
}
