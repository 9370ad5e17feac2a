// What can go wrong, said in three types: the input, the world, the program.
#pragma once

#include <stdexcept>
#include <string>

namespace mattis {

/// The user's input is wrong. `where` names file, line and key; `hint` says what would be right. Exit code 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& what, const std::string& where = {}, const std::string& hint = {});
};

/// The world failed: disk, permissions, locks. Exit code 3.
class EnvironmentError : public std::runtime_error {
 public:
  EnvironmentError(const std::string& path, const std::string& operation, const std::string& reason);
};

/// An invariant of the program is broken. Exit code 70.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace mattis

/// Always-on check of an invariant (never of the user's input).
#define MATTIS_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::mattis::check_failed(#condition, __FILE__, __LINE__))
