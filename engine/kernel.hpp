// The ways to compute a sweep: they differ in speed, never in a bit of the trajectory.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace mattis {

/// How a chain finds the costs of its proposals.
enum class Kernel {
  automatic,  ///< the fastest at the moment, found by timing
  scalar,  ///< one site after the other from the definition: the reference, there for every model and order
  cached,  ///< all local fields kept; a flip adds one row of the couplings (N^2 of them are stored), or, where a model
           ///< has none, makes them all unknown
  table,  ///< fields of a block of sites by look-up in tables of pattern groups; sequential order only
};

struct KernelName {
  Kernel kernel;
  std::string_view name;
};

inline constexpr std::array<KernelName, 4> kernel_names{{{Kernel::automatic, "auto"},
                                                         {Kernel::scalar, "scalar"},
                                                         {Kernel::cached, "cached"},
                                                         {Kernel::table, "table"}}};

constexpr std::string_view name_of(Kernel kernel) noexcept {
  return kernel_names[static_cast<std::size_t>(kernel)].name;
}

/// For dynamics that need all costs at once: the table, if it is there and nothing else was asked for.
inline Kernel table_or_scalar(const std::vector<Kernel>& available, Kernel asked) {
  const bool is_there = std::find(available.begin(), available.end(), Kernel::table) != available.end();
  return is_there && asked != Kernel::scalar ? Kernel::table : Kernel::scalar;
}

}  // namespace mattis
