# Writes OUTPUT, a source file that says which commit SOURCE_DIR is; touched only when that changes.
# Run at every build: cmake -DSOURCE_DIR=... -DOUTPUT=... -P git_commit.cmake
set(commit "unknown")
set(dirty "unknown")
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(COMMAND "${GIT}" rev-parse HEAD WORKING_DIRECTORY "${SOURCE_DIR}"
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit "${head}")
    execute_process(COMMAND "${GIT}" --no-optional-locks status --porcelain --untracked-files=no
      WORKING_DIRECTORY "${SOURCE_DIR}" OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      set(dirty "no")
      if(changes)
        set(dirty "yes")
      endif()
    endif()
  endif()
endif()
set(text "#include \"engine/store/git_commit.hpp\"

namespace mattis::store {
const char* const git_commit = \"${commit}\";
const char* const git_dirty = \"${dirty}\";
}  // namespace mattis::store
")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT before STREQUAL text)
  file(WRITE "${OUTPUT}" "${text}")
endif()
