// Tables written as text, a row a line.
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "engine/error.hpp"
#include "models/table_file.hpp"

namespace mattis::table_file {

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
  LineReader(Format format, const std::string& name, const Wording& wording, const Take& take)
      : format_(format), name_(name), wording_(wording), take_(take) {}

  void read(std::string_view text) {
    ++line_;
    text = trimmed(text.substr(0, text.find('#')));
    if (text.empty()) return;
    column_ = 0;
    format_ == Format::csv ? split_at_commas(text) : split_at_blanks(text);
    if (shape_.rows == 0) {
      shape_.columns = column_;
      first_line_ = line_;
    }
    if (column_ != shape_.columns)
      throw InputError(
          fmt::format("this line has {} entries, line {} has {}", column_, first_line_, shape_.columns),
          where(), "every row has the same number of entries");
    ++shape_.rows;
  }

  Shape finish() const {
    if (shape_.rows == 0)
      throw InputError("the file holds no " + wording_.thing + "s", name_,
                       wording_.layout + "; " + wording_.entries);
    return shape_;
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
      if (wording_.is_signs && word.find_first_not_of("+-0") == npos)
        for (const char c : word) add(c == '+' ? 1 : c == '-' ? -1 : 0, word);
      else
        add_number(word);
    }
  }

  void add_number(std::string_view word) {
    const auto value = number_of(word);
    if (!value && shape_.rows == 0 && column_ == 0 && !word.empty())
      throw InputError("the first line begins with " + quoted(word) + ", which is not a number", where(),
                       format_ == Format::csv
                           ? "a header line has to go or to begin with '#'; entries are separated by commas"
                           : "a header line has to go or to begin with '#'; entries are separated by spaces");
    if (!value) refuse(word);
    add(*value, word);
  }

  void add(double value, std::string_view word) {
    if (!take_(value)) refuse(word);
    ++column_;
  }

  [[noreturn]] void refuse(std::string_view word) const {
    refuse_entry(where(), shape_.rows, column_, word.empty() ? "missing" : quoted(word), wording_.entries);
  }

  Format format_;
  const std::string& name_;
  const Wording& wording_;
  const Take& take_;
  Shape shape_{0, 0};
  std::size_t line_ = 0, first_line_ = 0, column_ = 0;
};

}  // namespace

Shape parse_lines(std::string_view bytes, Format format, const std::string& name, const Wording& wording,
                  const Take& take) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (bytes.substr(0, byte_order_mark.size()) == byte_order_mark) bytes.remove_prefix(byte_order_mark.size());
  LineReader reader(format, name, wording, take);
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    reader.read(bytes.substr(0, end));
    bytes.remove_prefix(end == npos ? bytes.size() : end + 1);
  }
  return reader.finish();
}

}  // namespace mattis::table_file
