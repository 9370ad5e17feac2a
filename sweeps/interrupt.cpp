#include "sweeps/interrupt.hpp"

#include <csignal>

namespace mattis::sweeps {

namespace {
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");
void note(int) { interrupted.store(true, std::memory_order_relaxed); }
}  // namespace

const std::atomic<bool>& interrupted_by_signal() {
  static const bool installed = [] {
    struct sigaction action = {};
    action.sa_handler = note;
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
    return true;
  }();
  static_cast<void>(installed);
  return interrupted;
}

}  // namespace mattis::sweeps
