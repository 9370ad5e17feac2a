// The user's own patterns, read from a file: .npy, .csv, .txt or a dataset of an HDF5 file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// How the bytes of a pattern file are to be read.
///
/// npy   numpy format 1.0 to 3.0; a two-dimensional array of int8/16/32/64, uint8/16/32/64 or float32/64,
///       either byte order, C or Fortran order. Booleans are refused: False could mean -1 or 0.
/// csv   one pattern a line, entries between commas, spaces and tabs around them ignored; no header line.
/// txt   one pattern a line, entries between spaces or tabs, or one character a site: `+-+0-`.
///
/// In txt every word made only of the characters + - 0 is read one site a character, so `-0` is two sites.
/// In csv and txt the rest of a line after `#` is a comment, blank lines are skipped, lines end in LF or
/// CRLF, and an entry may be written in any way that is one of the three numbers (`1`, `+1`, `-1.0`, `1e0`),
/// in txt also as `+` or `-`.
enum class PatternFormat { npy, csv, txt };

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
