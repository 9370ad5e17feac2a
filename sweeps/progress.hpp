// How far a run is and when it will end: a line on the terminal, a line in DIR/progress.jsonl.
#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace mattis::sweeps {

/// What `status` reads back.
struct ProgressLine {
  std::string time;                                      ///< UTC, ISO 8601
  std::size_t tasks_done = 0, tasks = 0, tasks_run = 0;  ///< run: since this run began
  std::size_t tasks_under_way = 0;                       ///< threads are at them
  double percent = 0;                                    ///< of the work, that inside tasks included
  double tasks_per_second = 0;                           ///< of this run, by its work
  double seconds = 0, seconds_left = 0;                  ///< left: -1 where not known
  std::string state;                                     ///< "running", "done", "interrupted"
};

/// Counts finished work, and the work inside unfinished tasks as far as this rank's threads tell it. On a terminal one
/// line is rewritten twice a second; in a log a line appears every 30 s.
class Progress {
 public:
  /// `work` is the job's total in any unit that grows with time; `work_before` of it was there before. As many tasks are
  /// under way as there are `threads`, of all ranks together, while there are tasks left.
  Progress(const std::filesystem::path& directory, std::size_t tasks, double work, std::size_t tasks_before,
           double work_before, std::size_t threads, bool is_quiet);
  void task_done(double work);
  /// A thread of this rank has done `work` of tasks that were not yet told to be done.
  void inside(std::size_t thread, double work);
  void finish(const std::string& state);

  static bool read_last(const std::filesystem::path& directory, ProgressLine& line);

 private:
  void report(const std::string& state, bool is_last);

  using Clock = std::chrono::steady_clock;
  std::filesystem::path file_;
  std::size_t tasks_, tasks_done_, tasks_before_;
  double work_, work_done_, work_before_;
  std::vector<double> inside_;  ///< by thread
  bool is_quiet_, is_terminal_;
  Clock::time_point start_, last_line_, last_log_;
  std::mutex mutex_;
};

/// Seconds since a line was written, by its time; 0 if that cannot be read.
double age(const ProgressLine& line);

/// "1 h 02 min", "3 min 20 s", "12 s".
std::string duration(double seconds);

}  // namespace mattis::sweeps
