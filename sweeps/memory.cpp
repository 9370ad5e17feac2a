#include "sweeps/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "sweeps/task.hpp"

namespace mattis::sweeps {

double machine_memory() {
  const double physical =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  double limit = std::numeric_limits<double>::infinity();
  std::ifstream group("/sys/fs/cgroup/memory.max");
  if (!(group >> limit)) limit = physical;  // "max", or no such file
  return std::min(physical, limit);
}

double task_memory(const Job& job, const Point& point) {
  const auto [sample, chain] = job.model->memory(point.actual);
  return sample + chain * job.replicas;
}

void require_memory(const Job& job, const std::vector<Point>& points, double bytes_there) {
  for (const Point& point : points) {
    const double bytes = task_memory(job, point);
    if (bytes <= bytes_there) continue;
    const auto& axes = job.model->axes;
    const bool has_load = !axes.empty() && axes.front().is_load;
    const std::string key = "grid." + job.grid.at(has_load ? 1 : 0).first;
    throw InputError(
        fmt::format("{}: {} needs {:.4g} GB ({:.0f} bytes) of memory, this machine has {:.4g} GB", key,
                    place_of(job, point, 0), 1e-9 * bytes, bytes, 1e-9 * bytes_there),
        job.place(key), has_load ? "take fewer spins or patterns" : "take fewer spins");
  }
}

}  // namespace mattis::sweeps
