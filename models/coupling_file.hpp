// The user's own couplings and fields, read from files: .npy, .csv, .txt or a dataset of an HDF5 file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/table_file.hpp"

namespace mattis {

/// H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i as numbers.
///
///     J_ij = couplings[i * size + j] = J_ji,   J_ii = 0,   h_i = fields[i]
///
/// Shape    size >= 1; couplings: size * size; fields: size, or none where all h_i = 0.
/// Units    those of T.
struct CouplingTable {
  std::size_t size = 0;
  std::vector<double> couplings;
  std::vector<double> fields;
  std::uint64_t content = 0;  ///< XXH3 of the numbers: names the couplings in content keys
};

/// Couplings, and fields unless `fields_file` is empty, each from a file as table_file.hpp says: N rows of N columns,
/// and N numbers in one row, one column or one dimension.
///
/// Errors   InputError for a table that is not square, a J_ij other than J_ji, a J_ii other than 0, a number that is
///          not finite, fields of another length; it names file, row and column, counted from 0.
CouplingTable read_couplings(const std::string& couplings_file, const std::string& fields_file);

/// The same from bytes that are already in memory, without fields; `name` is what messages call them.
CouplingTable parse_couplings(std::string_view bytes, table_file::Format format, const std::string& name);

}  // namespace mattis
