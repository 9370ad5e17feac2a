#include "models/pattern_file.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "engine/error.hpp"
#include "models/pattern_file_formats.hpp"

namespace mattis {

namespace {

const std::string endings = "the ending says how to read it: .npy, .csv, .txt, or FILE.h5:/path for HDF5";

std::uint64_t content_of(const PatternTable& table) {
  unsigned char shape[16];
  for (int k = 0; k < 8; ++k) {
    shape[k] = static_cast<unsigned char>(static_cast<std::uint64_t>(table.rows) >> (8 * k));
    shape[8 + k] = static_cast<unsigned char>(static_cast<std::uint64_t>(table.columns) >> (8 * k));
  }
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  MATTIS_CHECK(state && XXH3_64bits_reset(state.get()) == XXH_OK);
  MATTIS_CHECK(XXH3_64bits_update(state.get(), shape, sizeof shape) == XXH_OK);
  MATTIS_CHECK(XXH3_64bits_update(state.get(), table.entries.data(), table.entries.size()) == XXH_OK);
  return XXH3_64bits_digest(state.get());
}

std::string bytes_of(const std::string& file) {
  std::error_code failure;
  const auto status = std::filesystem::status(file, failure);
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

PatternTable parse_patterns(std::string_view bytes, PatternFormat format, const std::string& name) {
  PatternTable table = format == PatternFormat::npy ? pattern_formats::parse_npy(bytes, name)
                                                    : pattern_formats::parse_lines(bytes, format, name);
  MATTIS_CHECK(table.rows > 0 && table.columns > 0 && table.entries.size() == table.rows * table.columns);
  table.content = content_of(table);
  return table;
}

PatternTable read_patterns(const std::string& file) {
  if (ends_with(file, ".npy")) return parse_patterns(bytes_of(file), PatternFormat::npy, file);
  if (ends_with(file, ".csv")) return parse_patterns(bytes_of(file), PatternFormat::csv, file);
  if (ends_with(file, ".txt")) return parse_patterns(bytes_of(file), PatternFormat::txt, file);
  throw InputError("do not know this kind of pattern file", file, endings);
}

namespace pattern_formats {

void refuse_entry(const std::string& name, std::size_t row, std::size_t column, const std::string& shown,
                  const std::string& hint) {
  throw InputError(fmt::format("the entry in row {}, column {} (counted from 0) is {}", row, column, shown),
                   name, hint);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 24;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      out += c;
    else
      out += fmt::format("\\x{:02x}", byte);
  }
  return out + (text.size() > longest ? "...\"" : "\"");
}

}  // namespace pattern_formats

}  // namespace mattis
