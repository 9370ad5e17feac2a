// Which kernel does the next sweep: the fastest lately, found by timing; trajectories do not depend on it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/kernel.hpp"

namespace mattis {

/// Takes the kernel whose last timed sweep was the shortest. A kernel that lost by a factor r is tried again (two
/// sweeps, the second timed) after 64 r^2 sweeps: trials cost at most 1/32 of the time. All are tried again when the sweeps of
/// the chosen one have become 1.5 times longer or shorter on average: the acceptance has changed.
class KernelChoice {
 public:
  explicit KernelChoice(const std::vector<Kernel>& candidates);

  /// A kernel that has become worth a try.
  void add(Kernel kernel);

  /// For sweep number t; call before it.
  Kernel next(std::int64_t t);
  /// Is the time of that sweep asked for? Of the chosen kernel every eighth is enough: a look at the clock is no small part of a sweep of
  /// a thousand spins.
  bool wants_time() const noexcept {
    return entries_.size() > 1 &&
           (trial_sweeps_left_ > 0 || entries_[running_].seconds == 0 || now_ % 8 == 0);
  }
  /// That sweep took so long.
  void took(double seconds);

  bool has(Kernel kernel) const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.kernel == kernel; });
  }
  Kernel current() const noexcept { return entries_[running_].kernel; }

 private:
  struct Entry {
    Kernel kernel;
    double seconds = 0;           // of a sweep: when tried, then a running mean
    double seconds_tried = 0;     // when the others were last compared with it
    std::int64_t next_trial = 0;  // sweep number
  };

  std::vector<Entry> entries_;
  std::size_t best_ = 0, running_ = 0;
  int trial_sweeps_left_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace mattis
