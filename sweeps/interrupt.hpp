// Time is up: SIGINT, SIGTERM and SIGUSR1 set a flag that is read between sweeps.
#pragma once

#include <atomic>

namespace mattis::sweeps {

/// Installs the handlers once; true once one of the signals came.
const std::atomic<bool>& interrupted_by_signal();

}  // namespace mattis::sweeps
