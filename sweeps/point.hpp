// Points of the grid and their content keys: what a chain is, in words, hashed.
#pragma once

#include <string>
#include <vector>

#include "engine/store/result_table.hpp"
#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// One point: everything that a chain needs but its sample and replica.
struct Point {
  std::vector<store::Coordinate> at;  ///< along axes()
  Numbers actual;  ///< N, P, alpha_actual ... as the model takes them, choices, and T, start_overlap
  std::size_t ensemble = 0;  ///< index into Job::ensembles
  Start start = Start::cued;
  double overlap = 1;
  double temperature = 0;
  std::uint64_t disorder = 0;  ///< content key of the disorder: model, sizes, ensemble; never T
  std::string disorder_name;   ///< the text behind it
  std::string start_name;      ///< text of the initial state
  std::string chain_name;      ///< text of the chain: disorder, start, T, dynamics

  SiteIndex num_spins() const { return static_cast<SiteIndex>(actual.at("N")); }
  /// 0 for models without patterns.
  SiteIndex num_patterns() const {
    const auto found = actual.find("P");
    return found == actual.end() ? 0 : static_cast<SiteIndex>(found->second);
  }
  StreamId disorder_stream(std::uint64_t seed, int sample) const;
  StreamId start_stream(std::uint64_t seed, int sample, int replica) const;
  StreamId chain_stream(std::uint64_t seed, int sample, int replica) const;
  /// Key of the record of one chain; replica -1 is the joint record of `replicas` replicas.
  std::uint64_t record_key(std::uint64_t seed, int sample, int replica, int replicas) const;
};

/// What a table of results says of the numbers of a point: without choices, which are words.
Numbers shown_numbers(const Job& job, const Point& point);

/// The word of a choice of the model at a point of the job's grid.
const std::string& chosen_word(const Job& job, const std::vector<store::Coordinate>& at,
                               const std::string& choice);

/// The grid's axes: ensemble and choices of the model (if they are), N, the load, T, start_overlap (if it is one), start.
std::vector<store::Axis> axes(const Job& job);

/// All points of the grid in row-major order of the axes. A random start has no overlap: along start_overlap it
/// stands once, at nan. Errors   InputError at the place of the key that makes no sense.
std::vector<Point> points(const Job& job);

/// One disorder sample with all points that live on it.
struct Task {
  std::vector<std::size_t> points;
  int sample = 0;
  std::string name;  ///< content, sixteen hexadecimal digits
};

/// Every task of the job, largest systems first. Errors   InternalError if two streams of the job share a key.
std::vector<Task> tasks(const Job& job, const std::vector<Point>& points);

}  // namespace mattis::sweeps
