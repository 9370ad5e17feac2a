#include "models/pattern_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "engine/error.hpp"
#include "engine/store/hdf5_file.hpp"
#include "models/pattern_file_formats.hpp"

namespace mattis {

namespace {

const std::string endings = "the ending says how to read it: .npy, .csv, .txt, or FILE.h5:/path for HDF5";

std::string bytes_of(const std::string& file) {
  std::error_code failure;
  const auto status = std::filesystem::status(file, failure);
  if (status.type() == std::filesystem::file_type::none)
    throw EnvironmentError(file, "cannot look at it", failure.message());
  if (!std::filesystem::exists(status))
    throw InputError("no such pattern file", file, "paths are relative to the job file");
  if (!std::filesystem::is_regular_file(status)) throw InputError("is not a file of patterns", file, endings);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw EnvironmentError(file, "cannot open", std::strerror(errno));
  const auto size = std::filesystem::file_size(file, failure);
  if (failure) throw EnvironmentError(file, "cannot read", failure.message());
  std::string bytes(size, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(stream.gcount()) != size)
    throw EnvironmentError(file, "cannot read", "it ended early or changed while it was read");
  return bytes;
}

/// FILE.h5:/path (or .hdf5) split at the colon, if the name is one.
std::optional<std::pair<std::string, std::string>> dataset_in(const std::string& file) {
  for (const std::string ending : {".h5:/", ".hdf5:/"})
    if (const auto at = file.find(ending); at != std::string::npos && at > 0) {
      const auto colon = at + ending.size() - 2;
      return std::pair{file.substr(0, colon), file.substr(colon + 1)};
    }
  return std::nullopt;
}

PatternTable from_matrix(const store::Matrix& matrix, const std::string& name) {
  if (matrix.rows == 0 || matrix.columns == 0)
    throw InputError("the dataset is empty", name, "rows are patterns, columns are sites");
  PatternTable table{matrix.rows, matrix.columns, {}, 0};
  table.entries.reserve(matrix.values.size());
  for (std::size_t k = 0; k < matrix.values.size(); ++k) {
    const auto entry = pattern_formats::entry_of(matrix.values[k]);
    if (!entry)
      pattern_formats::refuse_entry(name, k / matrix.columns, k % matrix.columns,
                                    fmt::format("{}", matrix.values[k]), "entries are -1, 0 or +1");
    table.entries.push_back(*entry);
  }
  return pattern_formats::named_by_content(std::move(table));
}

bool ends_with(const std::string& text, const std::string& ending) {
  return text.size() > ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace

PatternTable read_patterns(const std::string& file) {
  if (const auto dataset = dataset_in(file))
    return from_matrix(store::read_matrix(dataset->first, dataset->second), file);
  if (ends_with(file, ".h5") || ends_with(file, ".hdf5"))
    throw InputError("which dataset holds the patterns?", file, "write FILE.h5:/path");
  if (ends_with(file, ".npy")) return parse_patterns(bytes_of(file), PatternFormat::npy, file);
  if (ends_with(file, ".csv")) return parse_patterns(bytes_of(file), PatternFormat::csv, file);
  if (ends_with(file, ".txt")) return parse_patterns(bytes_of(file), PatternFormat::txt, file);
  throw InputError("do not know this kind of pattern file", file, endings);
}

}  // namespace mattis
