// Time is up: SIGINT, SIGTERM, SIGUSR1 and the time limit set a flag that is read between sweeps.
#pragma once

#include <atomic>

namespace mattis::sweeps {

/// Installs the handlers once. A failure anywhere sets the flag too, so that what is under way is saved soon.
std::atomic<bool>& stop_flag();

/// Sets the flag after so many seconds of wall-clock time.
void stop_after(double seconds);

}  // namespace mattis::sweeps
