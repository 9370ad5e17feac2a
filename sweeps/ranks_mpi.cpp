// The ranks of an MPI launcher; the only file that includes mpi.h.
//
// Only main threads speak MPI (MPI_THREAD_FUNNELED). Rank 0 holds the list of tasks; the main thread of every other rank
// asks it for more when its workers run out, and tells what they finished. Nobody waits in MPI: main threads look for
// messages and sleep, so that the workers have the cores.
#include <fmt/format.h>
#define OMPI_SKIP_MPICXX 1  // the C interface alone
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "engine/error.hpp"
#include "sweeps/ranks.hpp"

namespace mattis::sweeps {

namespace {

using Clock = std::chrono::steady_clock;
using Message = std::vector<std::int64_t>;

constexpr auto nap = std::chrono::microseconds(300);
/// Tasks asked for at once should keep the rank busy this long: asking costs a fraction of a millisecond.
constexpr double seconds_ahead = 0.02;
constexpr std::int64_t most_at_once = 256;

enum Tag : int {
  request,   ///< to rank 0: how many tasks are wanted, then the numbers of those finished
  tasks,     ///< from rank 0: task numbers; none at all means that there are no more
  stop_now,  ///< to and from rank 0: time is up, or something failed
  through,   ///< to rank 0: all threads of the rank are, then the numbers of those finished
  the_end,   ///< from rank 0: every rank is through
};

void send(int rank, Tag tag, const Message& message) {
  MPI_Send(message.data(), static_cast<int>(message.size()), MPI_INT64_T, rank, tag, MPI_COMM_WORLD);
}

/// A message that has arrived, if there is one.
struct Arrived {
  int from;
  Tag tag;
  Message message;
};
std::optional<Arrived> look_for_message() {
  int is_there = 0, length = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &is_there, &status);
  if (!is_there) return std::nullopt;
  MPI_Get_count(&status, MPI_INT64_T, &length);
  Arrived arrived{status.MPI_SOURCE, static_cast<Tag>(status.MPI_TAG),
                  Message(static_cast<std::size_t>(length))};
  MPI_Recv(arrived.message.data(), length, MPI_INT64_T, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  return arrived;
}

/// Rank 0: owns the list.
class FirstDealer final : public Dealer {
 public:
  FirstDealer(std::vector<std::size_t> tasks, int ranks, std::atomic<bool>& stop,
              std::function<void(std::size_t)> on_finished)
      : tasks_(std::move(tasks)), ranks_(ranks), stop_(stop), on_finished_(std::move(on_finished)) {}

  std::optional<std::size_t> next() override {
    const std::lock_guard lock(mutex_);
    if (!stop_ && next_ < tasks_.size()) return tasks_[next_++];
    ++through_;
    return std::nullopt;
  }
  void finished(std::span<const std::size_t> tasks) override {
    for (const std::size_t task : tasks) on_finished_(task);
  }
  bool needs_server() const override { return true; }

  void serve(int workers) override {
    int others = ranks_ - 1;
    bool has_told = false;
    while (others > 0 || !are_through(workers)) {
      if (stop_ && !has_told) {
        for (int rank = 1; rank < ranks_; ++rank) send(rank, stop_now, {});
        has_told = true;
      }
      const auto arrived = look_for_message();
      if (!arrived) {
        std::this_thread::sleep_for(nap);
        continue;
      }
      if (arrived->tag == stop_now) {
        stop_ = true;
        continue;
      }
      const std::size_t numbers = arrived->tag == request ? 1 : 0;
      for (std::size_t k = numbers; k < arrived->message.size(); ++k)
        on_finished_(static_cast<std::size_t>(arrived->message[k]));
      if (arrived->tag == request) send(arrived->from, tasks, take(arrived->message.front()));
      if (arrived->tag == through) --others;
    }
    for (int rank = 1; rank < ranks_; ++rank) send(rank, the_end, {});
  }

 private:
  bool are_through(int workers) {
    const std::lock_guard lock(mutex_);
    return through_ == workers;
  }

  /// Fewer and fewer towards the end, so that all ranks finish together.
  Message take(std::int64_t wanted) {
    const std::lock_guard lock(mutex_);
    if (stop_) return {};
    const auto left = static_cast<std::int64_t>(tasks_.size() - next_);
    const std::int64_t count = std::min({wanted, left, left / (2 * ranks_) + 1});
    Message message;
    for (std::int64_t k = 0; k < count; ++k) message.push_back(static_cast<std::int64_t>(tasks_[next_++]));
    return message;
  }

  std::vector<std::size_t> tasks_;
  std::size_t next_ = 0;
  int ranks_, through_ = 0;
  std::mutex mutex_;
  std::atomic<bool>& stop_;
  std::function<void(std::size_t)> on_finished_;
};

/// Every other rank: a short queue of its own, filled from rank 0.
class OtherDealer final : public Dealer {
 public:
  explicit OtherDealer(std::atomic<bool>& stop) : stop_(stop) {}

  std::optional<std::size_t> next() override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    while (queue_.empty() && !is_closed_) more_.wait(lock);
    --waiting_;
    if (!queue_.empty() && !stop_) {
      const std::size_t task = queue_.back();
      queue_.pop_back();
      ++dealt_;
      return task;
    }
    ++through_;
    return std::nullopt;
  }
  void finished(std::span<const std::size_t> tasks) override {
    const std::lock_guard lock(mutex_);
    for (const std::size_t task : tasks) finished_.push_back(static_cast<std::int64_t>(task));
  }
  bool needs_server() const override { return true; }

  void serve(int workers) override {
    bool has_asked = false, has_told = false, is_through = false;
    for (bool is_over = false; !is_over;) {
      if (stop_ && !has_told) {
        send(0, stop_now, {});
        has_told = true;
      }
      if (stop_) close();
      if (!has_asked)
        if (const std::int64_t wanted = wants(workers); wanted > 0) {
          send(0, request, with_finished({wanted}));
          has_asked = true;
        }
      if (!is_through && !has_asked && are_through(workers)) {
        send(0, through, with_finished({}));
        is_through = true;
      }
      const auto arrived = look_for_message();
      if (!arrived) {
        std::this_thread::sleep_for(nap);
        continue;
      }
      if (arrived->tag == tasks) {
        has_asked = false;
        if (arrived->message.empty())
          close();
        else
          fill(arrived->message);
      }
      if (arrived->tag == stop_now) {
        stop_ = has_told = true;
        close();
      }
      is_over = arrived->tag == the_end;
    }
  }

 private:
  /// As many as keep the workers busy for a moment; long tasks are asked for one by one, when a worker waits for it.
  std::int64_t wants(int workers) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return 0;
    const double each = dealt_ > 0 ? workers * std::chrono::duration<double>(Clock::now() - start_).count() /
                                         static_cast<double>(dealt_)
                                   : 1.0;
    const auto ahead =
        static_cast<std::int64_t>(std::min<double>(most_at_once, workers * seconds_ahead / each));
    const std::int64_t wanted = waiting_ + ahead - static_cast<std::int64_t>(queue_.size());
    return static_cast<std::int64_t>(queue_.size()) <= ahead / 2 ? std::max<std::int64_t>(wanted, 0) : 0;
  }
  void fill(const Message& message) {
    const std::lock_guard lock(mutex_);
    for (const std::int64_t task : message) queue_.insert(queue_.begin(), static_cast<std::size_t>(task));
    more_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    more_.notify_all();
  }
  bool are_through(int workers) {
    const std::lock_guard lock(mutex_);
    return through_ == workers;
  }
  Message with_finished(Message message) {
    const std::lock_guard lock(mutex_);
    message.insert(message.end(), finished_.begin(), finished_.end());
    finished_.clear();
    return message;
  }

  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::size_t> queue_;  ///< the next task at its end
  Message finished_;                ///< not yet told
  std::int64_t waiting_ = 0, dealt_ = 0;
  int through_ = 0;
  bool is_closed_ = false;
  std::atomic<bool>& stop_;
  Clock::time_point start_ = Clock::now();
};

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int provided = 0;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
        provided < MPI_THREAD_FUNNELED)
      throw EnvironmentError("MPI", "starting", "this MPI library lets no program use threads");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (size_ == 1 && launched_ranks() > 1)
      throw EnvironmentError("MPI", fmt::format("starting as one of {} ranks", launched_ranks()),
                             "the launcher belongs to another MPI than this program, and each rank is alone");
    threads_ = share_of_node();
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  /// Waits for all ranks, asleep: the first may still be writing results.
  ~MpiRanks() override {
    MPI_Request request_;
    MPI_Ibarrier(MPI_COMM_WORLD, &request_);
    for (int done = 0; !done;) {
      MPI_Test(&request_, &done, MPI_STATUS_IGNORE);
      if (!done) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    MPI_Finalize();
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int threads() const override { return threads_; }

  std::unique_ptr<Dealer> deal(std::vector<std::size_t> list, std::atomic<bool>& stop,
                               std::function<void(std::size_t)> on_finished) override {
    if (size_ == 1) return one_rank()->deal(std::move(list), stop, std::move(on_finished));
    if (rank_ > 0) return std::make_unique<OtherDealer>(stop);
    return std::make_unique<FirstDealer>(std::move(list), size_, stop, std::move(on_finished));
  }

  std::int64_t broadcast(std::int64_t value) override {
    MPI_Bcast(&value, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
    return value;
  }

  std::vector<std::int64_t> gather(std::span<const std::int64_t> values) override {
    return gather_parts(values.data(), static_cast<int>(values.size()), MPI_INT64_T,
                        std::vector<std::int64_t>{})
        .first;
  }

  std::optional<Failure> agree(const std::optional<Failure>& mine) override {
    int worst = mine ? mine->exit_code : 0;
    MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (worst == 0) return std::nullopt;
    const std::string text = mine ? mine->what : "";
    const auto [all, lengths] =
        gather_parts(text.data(), static_cast<int>(text.size()), MPI_CHAR, std::string{});
    std::map<std::string, std::vector<int>> who;  // the same words from many ranks are said once
    std::size_t at = 0;
    for (int r = 0; r < static_cast<int>(lengths.size()); ++r) {
      const auto length = static_cast<std::size_t>(lengths[static_cast<std::size_t>(r)]);
      if (length > 0) who[all.substr(at, length)].push_back(r);
      at += length;
    }
    std::string said;
    for (const auto& [what, speakers] : who) {
      const std::string more = speakers.size() > 1 ? fmt::format(" and {} more", speakers.size() - 1) : "";
      said += fmt::format("{}rank {}{}: {}", said.empty() ? "" : "\n", speakers.front(), more, what);
    }
    return Failure{worst, said};
  }

 private:
  /// The parts of all ranks joined, and their lengths; on rank 0.
  template <class Value, class Joined>
  std::pair<Joined, std::vector<int>> gather_parts(const Value* part, int length, MPI_Datatype type,
                                                   Joined joined) {
    std::vector<int> lengths(rank_ == 0 ? static_cast<std::size_t>(size_) : 0), starts(lengths.size(), 0);
    MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD);
    std::size_t total = 0;
    for (std::size_t r = 0; r < lengths.size(); ++r) {
      starts[r] = static_cast<int>(total);
      total += static_cast<std::size_t>(lengths[r]);
    }
    joined.resize(total);
    MPI_Gatherv(part, length, type, joined.data(), lengths.data(), starts.data(), type, 0, MPI_COMM_WORLD);
    return {std::move(joined), std::move(lengths)};
  }

  /// Ranks of one node may share its cores or be bound to some each: the union of what they may use, over their number.
  static int share_of_node() {
    MPI_Comm node;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    int ranks = 1;
    MPI_Comm_size(node, &ranks);
    cpu_set_t cores;
    CPU_ZERO(&cores);
    sched_getaffinity(0, sizeof cores, &cores);
    const int mine = CPU_COUNT(&cores);
    MPI_Allreduce(MPI_IN_PLACE, &cores, static_cast<int>(sizeof cores), MPI_BYTE, MPI_BOR, node);
    MPI_Comm_free(&node);
    return std::clamp(CPU_COUNT(&cores) / ranks, 1, std::max(mine, 1));
  }

  int rank_ = 0, size_ = 1, threads_ = 1;
};

}  // namespace

std::unique_ptr<Ranks> join_ranks() {
  if (launched_ranks() == 1) return one_rank();
  return std::make_unique<MpiRanks>();
}

}  // namespace mattis::sweeps
