// Finished tasks run again from nothing, and their records held against those on disk, bit for bit.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "sweeps/task.hpp"

namespace mattis::sweeps {

struct VerifyOptions {
  double share = 0.05;     ///< of the finished tasks; at least one is run
  std::uint64_t seed = 0;  ///< chooses them
  int threads = 1;
};

/// One task that was run again.
struct Rerun {
  std::string place;          ///< of its first chain
  std::size_t records = 0;    ///< compared
  std::size_t differing = 0;  ///< of them
};

struct Verification {
  std::size_t finished = 0, chosen = 0;  ///< tasks
  std::vector<Rerun> reruns;             ///< fewer than chosen if time was up
  std::size_t records = 0;
  std::vector<std::string> differences;  ///< "place: what differs", one for each record that does
  std::vector<std::string>
      damaged;  ///< shards that could not be read: their tasks are not among the finished
};

/// Runs a random share of the finished tasks anew, on all threads, until it is done or `stop` is set.
///
/// A chain is a function of its name, so a record that differs in one bit has another history: a broken disk or
/// memory, another program, or floating-point numbers of another class of C library and processor.
///
/// `announce` is told chosen and finished before the work begins. Nothing in the directory changes.
/// Cost     the share of the time that the run took.
/// Errors   InputError if nothing is finished there, if a pattern or coupling file of the job is gone or changed, or
///          if the results come from a program of another random sequence.
Verification verify(const std::filesystem::path& directory, const VerifyOptions& options,
                    std::atomic<bool>& stop, const std::function<void(const Verification&)>& announce);

}  // namespace mattis::sweeps
