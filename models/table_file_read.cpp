// Tables from files on disk: the ending says how to read them.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "engine/error.hpp"
#include "engine/store/hdf5_file.hpp"
#include "models/table_file.hpp"

namespace mattis::table_file {

namespace {

const std::string endings = "the ending says how to read it: .npy, .csv, .txt, or FILE.h5:/path for HDF5";

std::string bytes_of(const std::string& file, const std::string& thing) {
  std::error_code failure;
  const auto status = std::filesystem::status(file, failure);
  if (status.type() == std::filesystem::file_type::none)
    throw EnvironmentError(file, "cannot look at it", failure.message());
  if (!std::filesystem::exists(status))
    throw InputError("no such " + thing + " file", file, "paths are relative to the job file");
  if (!std::filesystem::is_regular_file(status))
    throw InputError("is not a file of " + thing + "s", file, endings);
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

/// A one-dimensional dataset as one column, if it is one; whatever is wrong with it, read_matrix says.
std::optional<store::Matrix> column_in(const std::string& file, const std::string& dataset) {
  try {
    const auto source = store::Hdf5File::open(file);
    if (!source.exists(dataset) || source.kind(dataset) != store::Hdf5File::Kind::number) return std::nullopt;
    const store::Shape shape = source.shape(dataset);
    if (shape.size() != 1) return std::nullopt;
    return store::Matrix{shape[0], 1, source.read<double>(dataset)};
  } catch (const EnvironmentError&) {
    return std::nullopt;
  }
}

Shape read_dataset(const std::string& file, const std::string& dataset, const std::string& name,
                   const Wording& wording, const Take& take) {
  std::optional<store::Matrix> matrix;
  if (wording.is_list) matrix = column_in(file, dataset);
  if (!matrix) matrix = store::read_matrix(file, dataset);
  if (matrix->rows == 0 || matrix->columns == 0)
    throw InputError("the dataset is empty", name, wording.layout);
  for (std::size_t k = 0; k < matrix->values.size(); ++k)
    if (!take(matrix->values[k]))
      refuse_entry(name, k / matrix->columns, k % matrix->columns, fmt::format("{}", matrix->values[k]),
                   wording.entries);
  return {matrix->rows, matrix->columns};
}

bool ends_with(const std::string& text, const std::string& ending) {
  return text.size() > ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace

Shape read(const std::string& file, const Wording& wording, const Take& take) {
  if (const auto dataset = dataset_in(file))
    return read_dataset(dataset->first, dataset->second, file, wording, take);
  if (ends_with(file, ".h5") || ends_with(file, ".hdf5"))
    throw InputError("which dataset holds the " + wording.thing + "s?", file, "write FILE.h5:/path");
  for (const auto& [ending, format] :
       {std::pair{".npy", Format::npy}, {".csv", Format::csv}, {".txt", Format::txt}})
    if (ends_with(file, ending)) return parse(bytes_of(file, wording.thing), format, file, wording, take);
  throw InputError("do not know this kind of " + wording.thing + " file", file, endings);
}

}  // namespace mattis::table_file
