// Tables of numbers in users' files: .npy, .csv, .txt or FILE.h5:/path, read alike for patterns, couplings, fields.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace mattis::table_file {

/// npy   numpy format 1.0 to 3.0; an array of int8/16/32/64, uint8/16/32/64 or float32/64, either byte order, C or
///       Fortran order. Booleans are refused: False could mean -1 or 0.
/// csv   a row a line, entries between commas, spaces and tabs around them ignored; no header line.
/// txt   a row a line, entries between spaces or tabs.
///
/// In csv and txt the rest of a line after `#` is a comment, blank lines are skipped, lines end in LF or CRLF.
enum class Format { npy, csv, txt };

/// What a table holds, in the words of the messages about it.
struct Wording {
  std::string thing;      ///< one of them: "pattern"
  std::string entries;    ///< "entries are -1, 0 or +1"
  std::string layout;     ///< "rows are patterns, columns are sites"
  std::string type;       ///< numpy's type to save it in: "int8"
  bool is_list = false;   ///< one dimension will do, in npy and HDF5
  bool is_signs = false;  ///< txt: a word made only of the characters + - 0 is one entry a character
};

struct Shape {
  std::size_t rows, columns;
};

/// Gets every number, row after row, and says whether it may be there; the reader refuses it by row and column.
using Take = std::function<bool(double)>;

/// The table in bytes that are already in memory; `name` is what messages call them.
///
/// Cost     O(bytes) time; memory is the caller's, who is never given more numbers than there are bytes.
/// Errors   InputError naming row and column (counted from 0), or line, or byte, and what would be right.
Shape parse(std::string_view bytes, Format format, const std::string& name, const Wording& wording,
            const Take& take);

/// The table in a file, its format told by the ending.
///
/// Errors   InputError for a missing file or dataset, an unknown ending, and all that parse refuses;
///          EnvironmentError if the file is there but cannot be read.
Shape read(const std::string& file, const Wording& wording, const Take& take);

/// Refuses entry (row, column), both counted from 0; `shown` is the entry as the message prints it.
[[noreturn]] void refuse_entry(const std::string& name, std::size_t row, std::size_t column,
                               const std::string& shown, const std::string& hint);

/// A piece of a file made safe to print: at most 24 bytes of it, what is not printable ASCII as \xNN.
std::string quoted(std::string_view text);

/// The two families of formats behind `parse`.
Shape parse_npy(std::string_view bytes, const std::string& name, const Wording& wording, const Take& take);
Shape parse_lines(std::string_view bytes, Format format, const std::string& name, const Wording& wording,
                  const Take& take);

}  // namespace mattis::table_file
