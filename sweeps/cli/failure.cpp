// What a failure says, and the exit code it deserves.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "engine/error.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/ranks.hpp"

namespace mattis::cli {

namespace {

/// Messages begin with the name of the program, once.
int fail(const std::string& what, int code) {
  const bool is_named = what.rfind("mattis:", 0) == 0 || what.rfind("mattis ", 0) == 0;
  fmt::print(stderr, "{}{}\n", is_named ? "" : "mattis: ", what);
  return code;
}

}  // namespace

int say_failure() {
  try {
    throw;
  } catch (const sweeps::RanksFailed& failure) {
    return *failure.what() ? fail(failure.what(), failure.exit_code) : failure.exit_code;
  } catch (const InputError& error) {
    return fail(error.what(), exit_bad_input);
  } catch (const EnvironmentError& error) {
    return fail(error.what(), exit_environment);
  } catch (const std::bad_alloc&) {
    return fail("out of memory", exit_environment);
  } catch (const std::exception& error) {
    return fail(fmt::format("internal error: {}", error.what()), exit_internal);
  }
}

}  // namespace mattis::cli
