#include "analysis/figures/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mattis::figures {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// Length of the well-formed UTF-8 sequence at the front (Unicode standard, table 3-7), or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto continues = [&](std::size_t k) { return (byte(k) & 0xc0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80, high = first == 0xed ? 0x9f : 0xbf;
    return byte(1) >= low && byte(1) <= high && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80, high = first == 0xf4 ? 0x8f : 0xbf;
    return byte(1) >= low && byte(1) <= high && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

/// C0 and C1 controls, delete, the line and paragraph separators, and the two non-characters XML forbids.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  if (sequence.size() == 2) return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
  return sequence == "\u2028" || sequence == "\u2029" || sequence == "\uFFFE" || sequence == "\uFFFF";
}

/// The first `count` characters of valid UTF-8.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) at += sequence_length(text.substr(at));
  return text.substr(0, at);
}

void append_wrapped(std::string_view line, std::size_t width, std::vector<std::string>& out) {
  width = std::max<std::size_t>(width, 1);
  while (length_of(line) > width) {
    std::string_view piece = first_characters(line, width);
    const auto space = line.substr(0, piece.size() + 1).rfind(' ');
    if (space != std::string_view::npos && space > 0) piece = line.substr(0, space);
    out.emplace_back(piece);
    line.remove_prefix(piece.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  }
  if (!line.empty()) out.emplace_back(line);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0)
      out += replacement;
    else if (is_control(text.substr(0, length)))
      out += ' ';
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    append_wrapped(plain(text.substr(0, end)), width, lines);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string gnuplot_string(std::string_view text) {
  constexpr std::string_view harmless = " ()[]+-*/=.,:%_^&";
  std::string out = "\"";
  for (const char c : plain(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter =
        byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    out += is_letter || harmless.find(c) != std::string_view::npos ? std::string(1, c)
                                                                   : fmt::format("\\{:03o}", byte);
  }
  return out + "\"";
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : plain(text)) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace mattis::figures
