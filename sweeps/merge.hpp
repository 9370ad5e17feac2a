// Results directories of several machines joined into one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sweeps/merged_job.hpp"

namespace mattis::sweeps {

/// What became of the chains of one directory.
struct MergedDirectory {
  std::filesystem::path directory;
  std::size_t taken = 0;             ///< new, or further than those there
  std::size_t there = 0;             ///< the same bits, or not as far as those there
  std::size_t disagreeing = 0;       ///< as far as those there, and other bits
  std::vector<std::string> damaged;  ///< shards that could not be read
};

struct MergeReport {
  std::vector<MergedDirectory> directories;  ///< in the order given, without the result itself
  std::size_t before = 0;                    ///< chains the result had before
  std::vector<std::string> damaged;          ///< shards of the result that could not be read
  std::vector<std::string> disagreements;    ///< "place: A and B differ after so many sweeps"
  Job job;                                   ///< of the result
  std::size_t tasks = 0, done = 0;           ///< of it
};

/// Joins the sources into `out`: new, one of them, or an earlier merge. Records are joined by the chains' content keys,
/// the one with more sweeps counts; then out/results.h5 is written as `run` writes it. Two records of one chain with as
/// many sweeps and other bits are both left out (what lies in `out` stays). The sources are only read.
/// Errors   InputError as of merged_job, before anything is written; EnvironmentError, also if a program works in `out`.
MergeReport merge(const std::vector<std::filesystem::path>& sources, const std::filesystem::path& out);

}  // namespace mattis::sweeps
