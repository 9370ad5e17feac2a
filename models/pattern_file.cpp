#include "models/pattern_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/error.hpp"

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

bool ends_with(const std::string& text, const std::string& ending) {
  return text.size() > ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace

PatternTable read_patterns(const std::string& file) {
  if (ends_with(file, ".npy")) return parse_patterns(bytes_of(file), PatternFormat::npy, file);
  if (ends_with(file, ".csv")) return parse_patterns(bytes_of(file), PatternFormat::csv, file);
  if (ends_with(file, ".txt")) return parse_patterns(bytes_of(file), PatternFormat::txt, file);
  throw InputError("do not know this kind of pattern file", file, endings);
}

}  // namespace mattis
