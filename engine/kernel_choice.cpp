#include "engine/kernel_choice.hpp"

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace mattis {

namespace {

constexpr int trial_sweeps = 2;
constexpr double shortest_wait = 64, longest_wait = 1 << 20, change = 1.5, memory = 4;

}  // namespace

KernelChoice::KernelChoice(const std::vector<Kernel>& candidates) {
  for (const Kernel kernel : candidates) entries_.push_back({.kernel = kernel});
  MATTIS_CHECK(!entries_.empty());
}

void KernelChoice::add(Kernel kernel) { entries_.push_back({.kernel = kernel, .next_trial = now_}); }

Kernel KernelChoice::next(std::int64_t t) {
  now_ = t;
  if (entries_.size() == 1) return current();
  if (trial_sweeps_left_ == 0) {
    running_ = best_;
    for (std::size_t k = 0; k < entries_.size(); ++k)
      if (entries_[k].next_trial <= t && (k != best_ || entries_[k].seconds == 0)) {
        running_ = k;
        trial_sweeps_left_ = trial_sweeps;
        break;
      }
  }
  return current();
}

void KernelChoice::took(double seconds) {
  if (trial_sweeps_left_ > 0 && --trial_sweeps_left_ > 0) return;  // the first of a trial fills its caches
  Entry& entry = entries_[running_];
  if (running_ == best_ && entry.seconds > 0) {
    entry.seconds += (std::min(seconds, 4 * entry.seconds) - entry.seconds) / memory;
    if (entry.seconds > change * entry.seconds_tried || entry.seconds * change < entry.seconds_tried) {
      for (Entry& other : entries_) other.next_trial = std::min(other.next_trial, now_ + 1);
      entry.seconds_tried = entry.seconds;
    }
    return;
  }
  entry.seconds = seconds;
  if (entries_[best_].seconds == 0 || seconds < entries_[best_].seconds) best_ = running_;
  entries_[best_].seconds_tried = entries_[best_].seconds;
  for (Entry& other : entries_) {
    if (other.seconds == 0) continue;
    const double ratio = other.seconds / entries_[best_].seconds;
    if (&other == &entry || &other == &entries_[best_])
      other.next_trial =
          now_ + static_cast<std::int64_t>(std::min(longest_wait, shortest_wait * ratio * ratio));
  }
}

}  // namespace mattis
