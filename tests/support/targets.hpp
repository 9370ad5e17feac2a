// Every instruction set that this machine can run, one after the other.
#pragma once

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <catch2/catch.hpp>
#include <string>

namespace mattis::tests {

/// Calls `check(name)` with the kernels on each target compiled and supported here. Prints the others once. Kernels that are not
/// compiled for AVX3_DL run on AVX3 with it.
template <class Check>
void for_each_target(const Check& check) {
  constexpr std::int64_t targets[] = {HWY_AVX3_DL, HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_SCALAR};
  std::string missing;
  for (const std::int64_t target : targets)
    if ((hwy::SupportedTargets() & target) == 0) missing += std::string(" ") + hwy::TargetName(target);
  if (static bool is_said = false; !missing.empty() && !is_said) {
    is_said = true;
    WARN("not run, this machine has no" << missing);
  }
  for (const std::int64_t target : targets) {
    if ((hwy::SupportedTargets() & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target == HWY_AVX3_DL ? target | HWY_AVX3 : target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
}

}  // namespace mattis::tests
