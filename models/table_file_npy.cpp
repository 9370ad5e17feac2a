// Arrays saved by numpy.save: the header is checked against the size of the file before it is believed.
#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <vector>

#include "engine/error.hpp"
#include "models/table_file.hpp"

namespace mattis::table_file {

namespace {

constexpr std::size_t digits_of_a_length = 19;  // any 19 decimal digits fit in 64 bits
constexpr std::size_t most_dimensions = 32;     // numpy knows no more

struct Header {
  std::string type;  // kind and size, "i1" ... "f8"
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::size_t data_begin = 0;
};

std::string save_again(const Wording& wording) {
  return "save the " + wording.thing + "s again with numpy.save";
}

/// Reads the dictionary {'descr': '|i1', 'fortran_order': False, 'shape': (3, 5), } character by character.
class HeaderReader {
 public:
  HeaderReader(std::string_view bytes, std::size_t begin, std::size_t end, const std::string& name,
               const Wording& wording)
      : bytes_(bytes), at_(begin), end_(end), name_(name), wording_(wording) {}

  void read(Header& header, std::string& descr) {
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = text();
      expect(':');
      if (key == "descr" && !has_descr) {
        has_descr = true;
        if (next_is('[')) fail("the array has named fields", "save a plain array of " + wording_.type);
        descr = text();
      } else if (key == "fortran_order" && !has_order) {
        has_order = true;
        header.fortran_order = truth();
      } else if (key == "shape" && !has_shape) {
        has_shape = true;
        header.shape = tuple();
      } else {
        fail("the key " + quoted(key) + " of the header is unknown or comes twice");
      }
      if (!accept(',') && !next_is('}')) fail("the header has no ',' or '}' where one is due");
    }
    skip_spaces();
    if (at_ != end_) fail("the header goes on after its '}'");
    if (!has_descr || !has_order || !has_shape) fail("the header lacks descr, fortran_order or shape");
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
    throw InputError(fmt::format("byte {}: {}", at_, what), name_,
                     hint.empty() ? save_again(wording_) : hint);
  }

  void skip_spaces() {
    while (at_ < end_ &&
           (bytes_[at_] == ' ' || bytes_[at_] == '\n' || bytes_[at_] == '\t' || bytes_[at_] == '\r'))
      ++at_;
  }
  bool next_is(char c) {
    skip_spaces();
    return at_ < end_ && bytes_[at_] == c;
  }
  bool accept(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(fmt::format("the header has no '{}' where one is due", c));
  }

  std::string text() {
    const char quote = next_is('"') ? '"' : '\'';
    expect(quote);
    const std::size_t close = bytes_.substr(0, end_).find(quote, at_);
    if (close == std::string_view::npos) fail("a text in the header has no end");
    std::string out(bytes_.substr(at_, close - at_));
    at_ = close + 1;
    return out;
  }

  bool truth() {
    skip_spaces();
    const std::string_view rest = bytes_.substr(at_, end_ - at_);
    for (const auto& [word, value] :
         {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}})
      if (rest.substr(0, word.size()) == word) {
        at_ += word.size();
        return value;
      }
    fail("fortran_order is neither True nor False");
  }

  std::uint64_t length() {
    skip_spaces();
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; at_ < end_ && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_, ++digits) {
      if (digits == digits_of_a_length) fail("a length in the shape is absurdly large");
      value = 10 * value + static_cast<std::uint64_t>(bytes_[at_] - '0');
    }
    if (digits == 0) fail("the shape holds something that is not a length");
    if (at_ < end_ && bytes_[at_] == 'L') ++at_;  // as Python 2 wrote them
    return value;
  }

  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> lengths;
    expect('(');
    while (!accept(')')) {
      if (lengths.size() == most_dimensions) fail("the shape has more dimensions than an array can have");
      lengths.push_back(length());
      if (!accept(',') && !next_is(')')) fail("the shape has no ',' or ')' where one is due");
    }
    return lengths;
  }

  std::string_view bytes_;
  std::size_t at_, end_;
  const std::string& name_;
  const Wording& wording_;
};

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < width; ++k)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + k])) << (8 * k);
  return value;
}

void split_type(const std::string& descr, Header& header, const std::string& name, const Wording& wording) {
  const bool has_order = !descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos;
  header.big_endian = has_order && descr[0] == '>';
  header.type = descr.substr(has_order ? 1 : 0);
  if (header.type == "b1" || header.type == "?")
    throw InputError("the entries are booleans, and False could mean -1 or 0", name,
                     "save numpy.where(array, 1, -1).astype('" + wording.type + "')");
  for (const char* known : {"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"})
    if (header.type == known) return;
  throw InputError("the entries are of type " + quoted(descr), name,
                   "save array.astype('" + wording.type + "')");
}

Header read_header(std::string_view bytes, const std::string& name, const Wording& wording) {
  constexpr std::string_view magic = "\x93NUMPY";
  const std::string again = save_again(wording);
  if (bytes.substr(0, magic.size()) != magic)
    throw InputError("byte 0: this does not begin as a .npy file does", name, again);
  const auto cut = [&] {
    return InputError(fmt::format("byte {}: the file ends within its header", bytes.size()), name,
                      "it is truncated: copy it again or " + again);
  };
  if (bytes.size() < magic.size() + 2) throw cut();
  const int version = static_cast<unsigned char>(bytes[magic.size()]);
  if (version < 1 || version > 3)
    throw InputError(
        fmt::format("byte 6: version {} of the .npy format is unknown (1 to 3 are known)", version), name,
        again);
  const std::size_t width = version == 1 ? 2 : 4, begin = magic.size() + 2 + width;
  if (bytes.size() < begin) throw cut();
  const std::uint64_t length = little_endian(bytes, magic.size() + 2, width);
  if (length > bytes.size() - begin) throw cut();

  Header header;
  header.data_begin = begin + static_cast<std::size_t>(length);
  std::string descr;
  HeaderReader(bytes, begin, header.data_begin, name, wording).read(header, descr);
  split_type(descr, header, name, wording);
  return header;
}

/// The shape, once it is known that the bytes after the header are exactly that many entries.
Shape checked_shape(const Header& header, std::uint64_t present, const std::string& name,
                    const Wording& wording) {
  auto shape = header.shape;
  if (wording.is_list && shape.size() == 1) shape.push_back(1);
  if (shape.size() != 2)
    throw InputError(
        fmt::format("the array has {} dimension{}, {}s need {}", shape.size(), shape.size() == 1 ? "" : "s",
                    wording.thing, wording.is_list ? "one" : "two"),
        name, wording.layout);
  if (shape[0] == 0 || shape[1] == 0)
    throw InputError(fmt::format("the array is empty: {} rows, {} columns", shape[0], shape[1]), name,
                     wording.layout);
  const std::uint64_t width = static_cast<std::uint64_t>(header.type[1] - '0');
  const bool absurd = shape[1] > UINT64_MAX / width || shape[0] > UINT64_MAX / (shape[1] * width);
  if (absurd || shape[0] * shape[1] * width > present)
    throw InputError(fmt::format("the header promises {} x {} entries of {} bytes, but only {} bytes follow",
                                 shape[0], shape[1], width, present),
                     name, "the file is truncated: copy it or save it again");
  if (shape[0] * shape[1] * width < present)
    throw InputError(fmt::format("{} bytes too many follow byte {}, where {} x {} entries of {} bytes end",
                                 present - shape[0] * shape[1] * width,
                                 header.data_begin + shape[0] * shape[1] * width, shape[0], shape[1], width),
                     name, "the file is damaged or holds several arrays: save one array");
  return {shape[0], shape[1]};
}

/// One number of any of the ten types. Integers beyond 2^53 are rounded.
double number_at(const char* bytes, char kind, std::size_t width, bool big_endian) {
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < width; ++k)
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[big_endian ? width - 1 - k : k]))
            << (8 * k);
  if (kind == 'f')
    return width == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                      : std::bit_cast<double>(bits);
  if (kind == 'u') return static_cast<double>(bits);
  const int unused = static_cast<int>(64 - 8 * width);
  return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
}

}  // namespace

Shape parse_npy(std::string_view bytes, const std::string& name, const Wording& wording, const Take& take) {
  const Header header = read_header(bytes, name, wording);
  const Shape shape = checked_shape(header, bytes.size() - header.data_begin, name, wording);

  const char kind = header.type[0];
  const std::size_t width = static_cast<std::size_t>(header.type[1] - '0');
  for (std::size_t row = 0; row < shape.rows; ++row)
    for (std::size_t column = 0; column < shape.columns; ++column) {
      const std::size_t place =
          header.fortran_order ? column * shape.rows + row : row * shape.columns + column;
      const double value =
          number_at(bytes.data() + header.data_begin + place * width, kind, width, header.big_endian);
      if (!take(value))
        refuse_entry(name, row, column, fmt::format("{}", value),
                     kind == 'u'
                         ? wording.entries + "; an unsigned array cannot hold -1: save array.astype('" +
                               wording.type + "')"
                         : wording.entries);
    }
  return shape;
}

}  // namespace mattis::table_file
