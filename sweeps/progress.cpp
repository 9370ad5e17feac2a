#include "sweeps/progress.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

namespace mattis::sweeps {

namespace {

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

std::string duration(double seconds) {
  const auto s = static_cast<long long>(seconds + 0.5);
  if (s >= 3600) return fmt::format("{} h {:02} min", s / 3600, s % 3600 / 60);
  if (s >= 60) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} s", s);
}

double age(const ProgressLine& line) {
  std::tm written{};
  if (!strptime(line.time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &written)) return 0;
  return std::max(0.0, std::difftime(std::time(nullptr), timegm(&written)));
}

Progress::Progress(const std::filesystem::path& directory, std::size_t tasks, double work,
                   std::size_t tasks_before, double work_before, std::size_t threads, bool is_quiet)
    : file_(directory / "progress.jsonl"),
      tasks_(tasks),
      tasks_done_(tasks_before),
      tasks_before_(tasks_before),
      work_(work),
      work_done_(work_before),
      work_before_(work_before),
      inside_(threads, 0),
      is_quiet_(is_quiet),
      is_terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      last_line_(start_ - std::chrono::hours(1)),
      last_log_(start_) {
  report("running", false);
}

void Progress::task_done(double work) {
  const std::lock_guard lock(mutex_);
  ++tasks_done_;
  work_done_ += work;
  report("running", false);
}

void Progress::inside(std::size_t thread, double work) {
  const std::lock_guard lock(mutex_);
  inside_.at(thread) = work;
  report("running", false);
}

void Progress::finish(const std::string& state) {
  const std::lock_guard lock(mutex_);
  report(state, true);
}

void Progress::report(const std::string& state, bool is_last) {
  const auto now = Clock::now();
  if (!is_last && seconds(now - last_line_) < 0.5) return;
  last_line_ = now;
  const double done = std::min(work_, work_done_ + std::accumulate(inside_.begin(), inside_.end(), 0.0));
  const double elapsed = seconds(now - start_), rate = (done - work_before_) / std::max(elapsed, 1e-9);
  const double left = rate > 0 ? (work_ - done) / rate : -1;
  const double share = work_ > 0 ? 100 * done / work_ : 100;
  const std::size_t under_way = is_last ? 0 : std::min(inside_.size(), tasks_ - tasks_done_);
  const nlohmann::ordered_json line{
      {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
      {"state", state},
      {"tasks_done", tasks_done_},
      {"tasks", tasks_},
      {"tasks_run", tasks_done_ - tasks_before_},
      {"tasks_under_way", under_way},
      {"percent", share},
      {"tasks_per_second", work_ > 0 ? rate / work_ * static_cast<double>(tasks_) : 0.0},
      {"seconds", elapsed},
      {"seconds_left", left}};
  std::ofstream(file_, std::ios::app) << line.dump() << '\n';  // for people: losing a line loses nothing
  if (is_quiet_) return;
  const std::string text =
      fmt::format("{} of {} tasks, {:.0f} %, {}{}", tasks_done_, tasks_, share, duration(elapsed),
                  is_last || left < 0 ? "" : ", " + duration(left) + " left");
  if (is_terminal_) {
    fmt::print(stderr, "\r\033[K{}{}", text, is_last ? "\n" : "");
  } else if (is_last || seconds(now - last_log_) >= 30) {
    last_log_ = now;
    fmt::print(stderr, "{}\n", text);
  }
}

bool Progress::read_last(const std::filesystem::path& directory, ProgressLine& out) {
  std::ifstream stream(directory / "progress.jsonl");
  bool found = false;
  for (std::string text; std::getline(stream, text);) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) continue;
    out.time = json.value("time", "");
    out.state = json.value("state", "");
    out.tasks_done = json.value("tasks_done", std::size_t{0});
    out.tasks = json.value("tasks", std::size_t{0});
    out.tasks_run = json.value("tasks_run", std::size_t{0});
    out.tasks_under_way = json.value("tasks_under_way", std::size_t{0});
    out.percent = json.value("percent", 0.0);
    out.tasks_per_second = json.value("tasks_per_second", 0.0);
    out.seconds = json.value("seconds", 0.0);
    out.seconds_left = json.value("seconds_left", -1.0);
    found = true;
  }
  return found;
}

}  // namespace mattis::sweeps
