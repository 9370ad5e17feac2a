// Tables of couplings to test with.
#pragma once

#include <functional>
#include <memory>

#include "engine/random_stream.hpp"
#include "models/coupling_file.hpp"

namespace mattis::tests {

using CouplingTablePointer = std::shared_ptr<const CouplingTable>;

inline CouplingTablePointer coupling_table(std::size_t n, bool with_fields,
                                           const std::function<double()>& number) {
  auto table = std::make_shared<CouplingTable>();
  table->size = n;
  table->couplings.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) table->couplings[i * n + j] = table->couplings[j * n + i] = number();
  for (std::size_t i = 0; with_fields && i < n; ++i) table->fields.push_back(number());
  return table;
}

/// Couplings and fields -2 ... 2.
inline CouplingTablePointer integer_couplings(std::size_t n, bool with_fields, std::uint64_t seed) {
  RngStream random({seed, StreamDomain::tests, 78, 0, 0});
  return coupling_table(n, with_fields, [&] { return static_cast<double>(random() % 5) - 2; });
}

/// Couplings and fields uniform in (-size, size).
inline CouplingTablePointer real_couplings(std::size_t n, bool with_fields, double size, std::uint64_t seed) {
  RngStream random({seed, StreamDomain::tests, 79, 0, 0});
  return coupling_table(n, with_fields,
                        [&] { return size * (static_cast<double>(random() >> 11) * 0x1p-52 - 1); });
}

}  // namespace mattis::tests
