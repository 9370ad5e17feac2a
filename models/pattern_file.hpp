// The user's own patterns, read from a file: .npy, .csv, .txt or a dataset of an HDF5 file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/table_file.hpp"

namespace mattis {

/// Patterns as a table: entry (mu, i) is xi_i^mu.
///
///     xi_i^mu = entries[mu * columns + i],   mu = 0 ... rows-1 (patterns),   i = 0 ... columns-1 (sites)
///
/// Symbols  xi in {-1, 0, +1}; 0 is a diluted entry.
/// Shape    rows >= 1, columns >= 1, entries.size() = rows * columns.
struct PatternTable {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::int8_t> entries;
  std::uint64_t content = 0;  ///< XXH3 of rows, columns, entries: names the patterns in content keys

  std::int8_t at(std::size_t row, std::size_t column) const { return entries[row * columns + column]; }
};

/// How the bytes of a pattern file are to be read (table_file.hpp). A row is a pattern, and an entry may be written in
/// any way that is one of the three numbers (`1`, `+1`, `-1.0`, `1e0`), in txt also as `+` or `-`: there every word made
/// only of the characters + - 0 is read one site a character (`+-+0-`), so `-0` is two sites.
using PatternFormat = table_file::Format;

/// Patterns from the bytes of a file that is already in memory. `name` is what messages call it.
///
/// Cost     O(bytes) time and memory, whatever the bytes claim to hold.
/// Errors   InputError naming row and column (counted from 0), or line, or byte, and what would be right.
PatternTable parse_patterns(std::string_view bytes, PatternFormat format, const std::string& name);

/// Patterns from a file, told apart by its ending: .npy, .csv, .txt, or `FILE.h5:/path` for an HDF5 dataset.
///
/// Errors   InputError for a missing file or dataset, an unknown ending, all that parse_patterns refuses;
///          EnvironmentError if the file is there but cannot be read.
PatternTable read_patterns(const std::string& file);

}  // namespace mattis
