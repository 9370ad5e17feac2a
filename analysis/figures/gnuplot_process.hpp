// gnuplot as a child process: started without a shell, its complaints kept.
#pragma once

#include <filesystem>
#include <string>

namespace mattis::figures {

/// Runs `gnuplot -d SCRIPT` in a directory; SCRIPT is a name in it.
///
/// Errors   EnvironmentError if gnuplot is not installed (names the package), or ends with an error (quotes
/// it).
void run_gnuplot(const std::filesystem::path& directory, const std::string& script);

}  // namespace mattis::figures
