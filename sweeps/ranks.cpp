#include "sweeps/ranks.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <cstdlib>

#include "engine/error.hpp"

namespace mattis::sweeps {

namespace {

class LocalDealer final : public Dealer {
 public:
  LocalDealer(std::vector<std::size_t> tasks, std::atomic<bool>& stop,
              std::function<void(std::size_t)> on_finished)
      : tasks_(std::move(tasks)), stop_(stop), on_finished_(std::move(on_finished)) {}

  std::optional<std::size_t> next() override {
    if (stop_) return std::nullopt;
    const std::size_t k = next_.fetch_add(1);
    return k < tasks_.size() ? std::optional(tasks_[k]) : std::nullopt;
  }
  void finished(std::span<const std::size_t> tasks) override {
    for (const std::size_t task : tasks) on_finished_(task);
  }
  bool needs_server() const override { return false; }
  void serve(int) override {}

 private:
  std::vector<std::size_t> tasks_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool>& stop_;
  std::function<void(std::size_t)> on_finished_;
};

class OneRank final : public Ranks {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int threads() const override { return omp_get_num_procs(); }
  std::unique_ptr<Dealer> deal(std::vector<std::size_t> tasks, std::atomic<bool>& stop,
                               std::function<void(std::size_t)> on_finished) override {
    return std::make_unique<LocalDealer>(std::move(tasks), stop, std::move(on_finished));
  }
  std::int64_t broadcast(std::int64_t value) override { return value; }
  std::vector<std::int64_t> gather(std::span<const std::int64_t> values) override {
    return {values.begin(), values.end()};
  }
  std::optional<Failure> agree(const std::optional<Failure>& mine) override { return mine; }
};

Failure described(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const InputError& error) {
    return {2, error.what()};
  } catch (const EnvironmentError& error) {
    return {3, error.what()};
  } catch (const std::bad_alloc&) {
    return {3, "out of memory"};
  } catch (const std::exception& error) {
    return {70, fmt::format("internal error: {}", error.what())};
  }
}

}  // namespace

std::unique_ptr<Ranks> one_rank() { return std::make_unique<OneRank>(); }

int launched_ranks() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"})
    if (const char* size = std::getenv(name)) return std::max(1, std::atoi(size));
  return 1;
}

void together(Ranks& ranks, const std::function<void()>& step) {
  std::exception_ptr failure;
  try {
    step();
  } catch (...) {
    failure = std::current_exception();
  }
  if (ranks.size() == 1) {
    if (failure) std::rethrow_exception(failure);
    return;
  }
  const auto all = ranks.agree(failure ? std::optional(described(failure)) : std::nullopt);
  if (all) throw RanksFailed(all->exit_code, all->what);
}

}  // namespace mattis::sweeps
