// Records of several short tasks on their way into one shard.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "engine/store/shards.hpp"

namespace mattis::sweeps {

/// Belongs to one thread. A shard takes a millisecond to write on a local disk and much more on a busy network; short
/// tasks are kept until writing them costs about two percent of the time since the last shard, a second at most. Tasks
/// count as done once they are written, so a kill costs what was under way and, of short tasks, that moment's.
class ShardBuffer {
 public:
  explicit ShardBuffer(store::ShardStore& shards) : shards_(shards) {}

  void add(const std::string& name, std::vector<store::ChainRecord> records) {
    if (records_.empty()) name_ = name;
    for (store::ChainRecord& record : records) {
      bytes_ += 8 * (record.values.size() + record.state.size());
      records_.push_back(std::move(record));
    }
  }

  bool is_due() const {
    const double waited = std::chrono::duration<double>(Clock::now() - last_).count();
    return !records_.empty() && (waited > std::min(1.0, 50 * write_seconds_) || bytes_ > most_bytes);
  }

  void write() {
    const Clock::time_point start = Clock::now();
    if (!records_.empty()) shards_.write(name_, records_);
    records_.clear();
    bytes_ = 0;
    last_ = Clock::now();
    write_seconds_ = std::chrono::duration<double>(last_ - start).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t most_bytes = std::size_t{4} << 20;
  store::ShardStore& shards_;
  std::string name_;  ///< of the first task
  std::vector<store::ChainRecord> records_;
  std::size_t bytes_ = 0;
  double write_seconds_ = 0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace mattis::sweeps
