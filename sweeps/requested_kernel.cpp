#include "sweeps/requested_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "engine/nearest_name.hpp"
#include "sweeps/task.hpp"

namespace mattis::sweeps {

namespace {

bool is_everywhere(Kernel kernel) { return kernel == Kernel::automatic || kernel == Kernel::scalar; }

}  // namespace

std::vector<std::string> kernel_words() {
  std::vector<std::string> words;
  for (const KernelName& known : kernel_names) words.emplace_back(known.name);
  return words;
}

Kernel kernel_named(const std::string& name) {
  for (const KernelName& known : kernel_names)
    if (known.name == name) return known.kernel;
  throw InputError(fmt::format("'{}' is no kernel", name), "--kernel", suggestion(name, kernel_words()));
}

void require_kernel(const DisorderSample& sample, const Dynamics& dynamics, Kernel kernel,
                    const std::string& place) {
  if (is_everywhere(kernel)) return;
  const std::vector<Kernel> usable = sample.kernels(dynamics);
  if (std::find(usable.begin(), usable.end(), kernel) != usable.end()) return;
  std::string names{name_of(Kernel::automatic)};
  for (const Kernel other : usable) names += fmt::format(", {}", name_of(other));
  throw InputError(fmt::format("no kernel '{}' for {}", name_of(kernel), place), "--kernel",
                   "it can use: " + names);
}

void require_kernel(const Job& job, const std::vector<Point>& points, Kernel kernel) {
  if (is_everywhere(kernel)) return;
  std::shared_ptr<const DisorderSample> disorder;
  const Point* drawn = nullptr;
  for (const Point& point : points) {
    if (!drawn || !is_same_system(*drawn, point)) {
      drawn = &point;
      disorder = draw(job, point, 0);
    }
    Dynamics dynamics = job.dynamics;
    dynamics.temperature = point.temperature;
    require_kernel(*disorder, dynamics, kernel, place_of(job, point, 0));
  }
}

}  // namespace mattis::sweeps
