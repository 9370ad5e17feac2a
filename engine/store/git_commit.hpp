// The commit this program was built from; the values are written by cmake/git_commit.cmake at every build.
#pragma once

namespace mattis::store {

extern const char* const git_commit;  ///< 40 hexadecimal digits, or "unknown" outside a git tree
extern const char* const git_dirty;   ///< "yes", "no" or "unknown": did tracked files differ from the commit?

}  // namespace mattis::store
