#include "engine/error.hpp"

namespace mattis {

namespace {
std::string sentence(const std::string& what, const std::string& where, const std::string& hint) {
  std::string text = where.empty() ? what : where + ": " + what;
  if (!hint.empty()) text += "; " + hint;
  return text;
}
}  // namespace

InputError::InputError(const std::string& what, const std::string& where, const std::string& hint)
    : std::runtime_error(sentence(what, where, hint)) {}

EnvironmentError::EnvironmentError(const std::string& path, const std::string& operation,
                                   const std::string& reason)
    : std::runtime_error(path + ": " + operation + ": " + reason) {}

void check_failed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("broken invariant: ") + condition + " at " + file + ":" +
                      std::to_string(line));
}

}  // namespace mattis
