// How far a run is and when it will end: a line on the terminal, a line in DIR/progress.jsonl.
#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>

namespace mattis::sweeps {

/// What `status` reads back.
struct ProgressLine {
  std::string time;                                      ///< UTC, ISO 8601
  std::size_t tasks_done = 0, tasks = 0, tasks_run = 0;  ///< run: by this process
  double seconds = 0, seconds_left = 0;                  ///< left: -1 where not known
  std::string state;                                     ///< "running", "done", "interrupted"
};

/// Counts finished work. On a terminal one line is rewritten twice a second; in a log a line appears every 30 s.
class Progress {
 public:
  /// `work` is the job's total in any unit that grows with time; `done` of it were there before.
  Progress(const std::filesystem::path& directory, std::size_t tasks, double work, std::size_t tasks_before,
           double work_before, bool is_quiet);
  void task_done(double work);
  void finish(const std::string& state);

  static bool read_last(const std::filesystem::path& directory, ProgressLine& line);

 private:
  void report(const std::string& state, bool is_last);

  using Clock = std::chrono::steady_clock;
  std::filesystem::path file_;
  std::size_t tasks_, tasks_done_, tasks_before_;
  double work_, work_done_, work_before_;
  bool is_quiet_, is_terminal_;
  Clock::time_point start_, last_line_, last_log_;
  std::mutex mutex_;
};

/// "1 h 02 min", "3 min 20 s", "12 s".
std::string duration(double seconds);

}  // namespace mattis::sweeps
