// The processes of one run, and how they share its tasks. One process alone is the usual case.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace mattis::sweeps {

/// Deals task numbers, each once, to all threads of all ranks, until there are no more or `stop` is set.
class Dealer {
 public:
  virtual ~Dealer() = default;
  /// The next task of this thread, or nothing; then the thread is through. Waits while more may come.
  virtual std::optional<std::size_t> next() = 0;
  /// These tasks are done and their results written.
  virtual void finished(std::span<const std::size_t> tasks) = 0;
  /// Whether the main thread of a rank has to `serve` while `workers` others work.
  virtual bool needs_server() const = 0;
  /// Passes tasks and news between ranks; returns when every thread of every rank is through.
  virtual void serve(int workers) = 0;
};

/// What a rank could not do, with the exit code it deserves.
struct Failure {
  int exit_code = 0;
  std::string what;
};

/// Thrown by every rank when any of them failed; rank 0 carries what all of them say, the others are silent.
class RanksFailed : public std::runtime_error {
 public:
  RanksFailed(int exit_code_, const std::string& what) : std::runtime_error(what), exit_code(exit_code_) {}
  int exit_code;
};

class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// Cores that the ranks of this node may use, divided by their number; at least 1.
  virtual int threads() const = 0;
  bool is_first() const { return rank() == 0; }

  /// Tasks of rank 0 (other ranks give none), dealt to all. `on_finished` is called on rank 0, for each task.
  virtual std::unique_ptr<Dealer> deal(std::vector<std::size_t> tasks, std::atomic<bool>& stop,
                                       std::function<void(std::size_t)> on_finished) = 0;

  // Collective: every rank calls them in the same order.

  /// Rank 0's number, on every rank.
  virtual std::int64_t broadcast(std::int64_t value) = 0;
  /// Every rank's numbers in the order of ranks, on rank 0; nothing elsewhere.
  virtual std::vector<std::int64_t> gather(std::span<const std::int64_t> values) = 0;
  /// Every rank's failure, if it has one: the worst exit code on every rank, all messages on rank 0.
  virtual std::optional<Failure> agree(const std::optional<Failure>& mine) = 0;
};

/// The ranks of the launcher that started this process (MPI is initialised then), or this process alone.
/// Errors   EnvironmentError under a launcher if the program was built without MPI.
std::unique_ptr<Ranks> join_ranks();

/// This process alone.
std::unique_ptr<Ranks> one_rank();

/// How many ranks the launcher started, by its environment; 1 without one.
int launched_ranks();

/// Runs `step` on this rank and lets all ranks know: if it threw on any of them, every rank throws; alone, the exception
/// itself goes on. Collective.
void together(Ranks& ranks, const std::function<void()>& step);

}  // namespace mattis::sweeps
