// One task: draw a disorder sample, run every chain on it that is not finished.
#pragma once

#include <atomic>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/recorder.hpp"
#include "engine/store/shards.hpp"
#include "sweeps/point.hpp"

namespace mattis::sweeps {

using Records = std::unordered_map<std::uint64_t, store::ChainRecord>;

/// Names what the numbers of a record mean; records of another layout are not read.
std::string record_layout(const Job& job);

/// What a point's chains measure.
MeasurementPlan measurement_plan(const Job& job, const Point& point);

/// Has this record all the sweeps the job asks for, or ended at a fixed point?
bool is_complete(const Job& job, const store::ChainRecord& record);

/// Every record of the task is there and complete.
bool is_complete(const Job& job, const std::vector<Point>& points, const Task& task, const Records& records);

/// Same disorder in the same external field: one sample serves both points.
bool is_same_system(const Point& a, const Point& b);

/// The words for a chain's place: model, numbers, start and sample.
std::string place_of(const Job& job, const Point& point, int sample);

/// The disorder of one sample of a point.
std::shared_ptr<const DisorderSample> draw(const Job& job, const Point& point, int sample);

/// Told now and then which share of the task's sweeps has been done, 0 to 1; not at T = 0 with stop = "fixed_point", where
/// nobody knows it.
using TaskProgress = std::function<void(double share)>;

/// Runs what the task lacks, continuing from `records`, until it is done or `interrupted` is set; returns the new
/// records. A chain that was interrupted gives a record with the sweeps it did: it continues from there bit for bit.
std::vector<store::ChainRecord> run_task(const Job& job, const std::vector<Point>& points, const Task& task,
                                         const Records& records, const std::atomic<bool>& interrupted,
                                         const TaskProgress& progress = {});

}  // namespace mattis::sweeps
