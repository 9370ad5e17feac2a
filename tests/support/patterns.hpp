// Tables of patterns to test with.
#pragma once

#include "engine/content_key.hpp"
#include "engine/random_stream.hpp"
#include "models/pattern_file.hpp"

namespace mattis::tests {

/// Entries 0 with probability `zeros`, else +-1 evenly.
inline PatternTable random_table(int rows, int columns, double zeros, std::uint64_t seed) {
  RngStream random({seed, StreamDomain::tests, 77, 0, 0});
  PatternTable table{static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), {}, 0};
  std::string text;
  for (int k = 0; k < rows * columns; ++k) {
    const bool is_zero = static_cast<double>(random() >> 11) * 0x1p-53 < zeros;
    table.entries.push_back(is_zero ? std::int8_t{0} : random() % 2 ? std::int8_t{1} : std::int8_t{-1});
    text += static_cast<char>('b' + table.entries.back());
  }
  table.content = content_key(text);
  return table;
}

}  // namespace mattis::tests
