// Patterns written as text, one a line.
#include <fmt/format.h>

#include <charconv>

#include "engine/error.hpp"
#include "models/pattern_file_formats.hpp"

namespace mattis::pattern_formats {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr auto npos = std::string_view::npos;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> number_of(std::string_view word) {
  if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);
  double value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || error != std::errc{} || stop != word.data() + word.size()) return std::nullopt;
  return value;
}

/// One table in the making; knows where in the file it is, for the messages.
class LineReader {
 public:
  LineReader(PatternFormat format, const std::string& name) : format_(format), name_(name) {}

  void read(std::string_view text) {
    ++line_;
    text = trimmed(text.substr(0, text.find('#')));
    if (text.empty()) return;
    column_ = 0;
    format_ == PatternFormat::csv ? split_at_commas(text) : split_at_blanks(text);
    if (table_.rows == 0) {
      table_.columns = column_;
      first_line_ = line_;
    }
    if (column_ != table_.columns)
      throw InputError(
          fmt::format("this line has {} entries, line {} has {}", column_, first_line_, table_.columns),
          where(), "every pattern has the same number of sites");
    ++table_.rows;
  }

  PatternTable finish() && {
    if (table_.rows == 0)
      throw InputError("the file holds no patterns", name_, "one pattern a line, entries -1, 0 or +1");
    return std::move(table_);
  }

 private:
  std::string where() const { return fmt::format("{}:{}", name_, line_); }

  void split_at_commas(std::string_view text) {
    for (;;) {
      const auto comma = text.find(',');
      add_number(trimmed(text.substr(0, comma)));
      if (comma == npos) return;
      text.remove_prefix(comma + 1);
    }
  }

  void split_at_blanks(std::string_view text) {
    while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find_first_of(blanks));
      text.remove_prefix(word.size());
      text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
      if (word.find_first_not_of("+-0") == npos)
        for (const char c : word) add(c == '+' ? 1 : c == '-' ? -1 : 0);
      else
        add_number(word);
    }
  }

  void add_number(std::string_view word) {
    const auto value = number_of(word);
    if (!value && table_.rows == 0 && column_ == 0 && !word.empty())
      throw InputError("the first line begins with " + quoted(word) + ", which is not a number", where(),
                       format_ == PatternFormat::csv
                           ? "a header line has to go or to begin with '#'; entries are separated by commas"
                           : "a header line has to go or to begin with '#'; entries are separated by spaces");
    const auto entry = value ? entry_of(*value) : std::nullopt;
    if (!entry)
      refuse_entry(where(), table_.rows, column_, word.empty() ? "missing" : quoted(word),
                   "entries are -1, 0 or +1");
    add(*entry);
  }

  void add(int entry) {
    table_.entries.push_back(static_cast<std::int8_t>(entry));
    ++column_;
  }

  PatternFormat format_;
  const std::string& name_;
  PatternTable table_;
  std::size_t line_ = 0, first_line_ = 0, column_ = 0;
};

}  // namespace

PatternTable parse_lines(std::string_view bytes, PatternFormat format, const std::string& name) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (bytes.substr(0, byte_order_mark.size()) == byte_order_mark) bytes.remove_prefix(byte_order_mark.size());
  LineReader reader(format, name);
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    reader.read(bytes.substr(0, end));
    bytes.remove_prefix(end == npos ? bytes.size() : end + 1);
  }
  return std::move(reader).finish();
}

}  // namespace mattis::pattern_formats
