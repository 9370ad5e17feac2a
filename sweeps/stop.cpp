#include "sweeps/stop.hpp"

#include <sys/time.h>

#include <cmath>
#include <csignal>

namespace mattis::sweeps {

namespace {
std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");
void note(int) { flag.store(true, std::memory_order_relaxed); }
}  // namespace

std::atomic<bool>& stop_flag() {
  static const bool installed = [] {
    struct sigaction action = {};
    action.sa_handler = note;
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGALRM}) sigaction(signal, &action, nullptr);
    return true;
  }();
  static_cast<void>(installed);
  return flag;
}

void stop_after(double seconds) {
  stop_flag();
  itimerval timer = {};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - std::floor(seconds)) * 1e6);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace mattis::sweeps
