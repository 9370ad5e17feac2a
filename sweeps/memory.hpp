// Does a job fit into the memory of this machine? Asked before anything is drawn.
#pragma once

#include "sweeps/point.hpp"

namespace mattis::sweeps {

/// Bytes that all programs of this machine share, or of the control group that this one lives in.
double machine_memory();

/// Bytes of one disorder sample of a point with the replicas of one chain on it.
double task_memory(const Job& job, const Point& point);

/// Refuses a point of which one sample alone is more than the memory there is.
/// Errors   InputError with the bytes, at the place of the load or, without one, of N.
void require_memory(const Job& job, const std::vector<Point>& points, double bytes_there = machine_memory());

}  // namespace mattis::sweeps
