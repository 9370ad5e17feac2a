#include "models/table_file.hpp"

#include <fmt/format.h>

#include "engine/error.hpp"

namespace mattis::table_file {

Shape parse(std::string_view bytes, Format format, const std::string& name, const Wording& wording,
            const Take& take) {
  return format == Format::npy ? parse_npy(bytes, name, wording, take)
                               : parse_lines(bytes, format, name, wording, take);
}

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

}  // namespace mattis::table_file
