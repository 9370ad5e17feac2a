// A kernel that the user asks for: can every chain of the job use it?
#pragma once

#include <string>
#include <vector>

#include "engine/kernel.hpp"
#include "models/model.hpp"
#include "sweeps/point.hpp"

namespace mattis::sweeps {

/// The names of all kernels, `auto` first.
std::vector<std::string> kernel_words();

/// The kernel of that name.
/// Errors   InputError with a suggestion.
Kernel kernel_named(const std::string& name);

/// May a chain on this sample use the kernel? `auto` and `scalar` always.
/// Errors   InputError naming `place` (words for the chain) and the kernels it can use.
void require_kernel(const DisorderSample& sample, const Dynamics& dynamics, Kernel kernel,
                    const std::string& place);

/// The same for every chain of a job. Cost: one disorder sample of each system, unless all models have the kernel.
void require_kernel(const Job& job, const std::vector<Point>& points, Kernel kernel);

}  // namespace mattis::sweeps
