// The user's patterns from bytes and files: every type and order numpy writes, and what is wrong said in
// place.
#include "models/pattern_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "engine/error.hpp"
#include "engine/store/hdf5_file.hpp"

using namespace mattis;
using Catch::Matchers::Contains;
using Entries = std::vector<std::int8_t>;

namespace {

const Entries three_by_four{1, -1, 0, 1, -1, -1, 1, 1, 0, 1, -1, -1};

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k));
  return out;
}

/// A .npy file of the given dictionary and data, its header padded to a multiple of 64 bytes.
std::string npy(std::string dictionary, const std::string& data, int version = 1) {
  const int width = version == 1 ? 2 : 4;
  while ((8 + static_cast<std::size_t>(width) + dictionary.size() + 1) % 64 != 0) dictionary += ' ';
  dictionary += '\n';
  return std::string("\x93NUMPY") + static_cast<char>(version) + '\0' +
         little_endian(dictionary.size(), width) + dictionary + data;
}

std::string dictionary(const std::string& type, bool fortran, const std::string& shape) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", type,
                     fortran ? "True" : "False", shape);
}

/// The bytes of one entry in the type that `type` names ("<i2", ">f8", ...).
std::string encoded(int entry, const std::string& type) {
  const int width = type[2] - '0';
  std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(entry));
  if (type[1] == 'f')
    bits = width == 4 ? std::bit_cast<std::uint32_t>(static_cast<float>(entry))
                      : std::bit_cast<std::uint64_t>(static_cast<double>(entry));
  std::string bytes = little_endian(bits, width);
  return type[0] == '>' ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

std::string data_of(const Entries& entries, std::size_t rows, std::size_t columns, const std::string& type,
                    bool fortran) {
  std::string data;
  for (std::size_t k = 0; k < entries.size(); ++k)
    data += encoded(entries[fortran ? (k % rows) * columns + k / rows : k], type);
  return data;
}

PatternTable parsed_npy(const std::string& bytes) {
  return parse_patterns(bytes, PatternFormat::npy, "p.npy");
}
PatternTable parsed_csv(const std::string& bytes) {
  return parse_patterns(bytes, PatternFormat::csv, "p.csv");
}
PatternTable parsed_txt(const std::string& bytes) {
  return parse_patterns(bytes, PatternFormat::txt, "p.txt");
}

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "not refused";
}

class Directory {
 public:
  Directory() : path(std::filesystem::temp_directory_path() / fmt::format("mattis-patterns-{}", ::getpid())) {
    std::filesystem::create_directories(path);
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }
  const std::filesystem::path path;
};

}  // namespace

TEST_CASE("npy: every type, byte order, storage order and version holds the same patterns") {
  const auto content = parsed_csv("1,-1,0,1\n-1,-1,1,1\n0,1,-1,-1\n").content;
  for (const char* type : {"|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<f4", ">f4", "<f8", ">f8"})
    for (const bool fortran : {false, true})
      for (const int version : {1, 2, 3}) {
        INFO(type << (fortran ? " Fortran " : " C ") << version);
        const auto table = parsed_npy(
            npy(dictionary(type, fortran, "(3, 4)"), data_of(three_by_four, 3, 4, type, fortran), version));
        CHECK(table.rows == 3);
        CHECK(table.columns == 4);
        CHECK(table.entries == three_by_four);
        CHECK(table.content == content);
      }
  for (const char* type : {"|u1", "<u2", ">u4", "<u8"})
    CHECK(parsed_npy(npy(dictionary(type, false, "(1, 2)"), data_of({1, 0}, 1, 2, type, false))).entries ==
          Entries{1, 0});
}

TEST_CASE("npy: headers as other programs write them") {
  const std::string data("\x01\xff", 2);
  for (const char* header : {"{\"shape\":(1,2),\"fortran_order\":False,\"descr\":\"i1\"}",
                             "{ 'fortran_order' : False , 'descr' : '=i1' , 'shape' : ( 1L , 2L ) }",
                             "\n{'descr': '<i1', 'fortran_order': False, 'shape': (1, 2,)}"})
    CHECK(parsed_npy(npy(header, data)).entries == Entries{1, -1});
}

TEST_CASE("npy: a wrong entry is named by row and column, counted from 0") {
  const auto with = [](double value, const std::string& type, bool fortran) {
    std::string data;
    for (int k = 0; k < 6; ++k) data += encoded(1, type);
    const bool is_float = type[1] == 'f';
    const auto bits = is_float ? std::bit_cast<std::uint64_t>(value)
                               : static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    data.replace((fortran ? 3 : 4) * 8, 8, little_endian(bits, 8));  // (row 1, column 1) of (2, 3)
    return refusal([&] { parsed_npy(npy(dictionary(type, fortran, "(2, 3)"), data)); });
  };
  CHECK_THAT(with(2, "<i8", false), Contains("p.npy") && Contains("row 1, column 1 (counted from 0) is 2"));
  CHECK_THAT(with(0.5, "<f8", true), Contains("row 1, column 1 (counted from 0) is 0.5"));
  CHECK_THAT(with(std::nan(""), "<f8", false), Contains("row 1, column 1 (counted from 0) is nan"));
  CHECK_THAT(with(-HUGE_VAL, "<f8", true), Contains("is -inf"));
  CHECK_THAT(refusal([] { parsed_npy(npy(dictionary("|u1", false, "(1, 2)"), "\x01\xff")); }),
             Contains("is 255") && Contains("astype('int8')"));
}

TEST_CASE("npy: a damaged file is refused before anything is allocated") {
  const std::string good =
      npy(dictionary("|i1", false, "(3, 4)"), data_of(three_by_four, 3, 4, "|i1", false));
  CHECK(parsed_npy(good).entries == three_by_four);
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK(refusal([&] { parsed_npy(good.substr(0, length)); }) != "not refused");
  CHECK_THAT(refusal([&] { parsed_npy(good.substr(0, good.size() - 5)); }),
             Contains("3 x 4 entries of 1 bytes, but only 7 bytes follow") && Contains("truncated"));
  CHECK_THAT(refusal([&] { parsed_npy(good + "xy"); }), Contains("2 bytes too many follow byte 140"));
  CHECK_THAT(refusal([] { parsed_npy("PK\x03\x04 this is an .npz"); }), Contains("byte 0"));

  const auto shaped = [](const std::string& type, const std::string& shape) {
    return refusal([&] { parsed_npy(npy(dictionary(type, false, shape), "\x01\x01\x01\x01")); });
  };
  CHECK_THAT(shaped("<i8", "(4294967296, 4294967296)"), Contains("promises"));
  CHECK_THAT(shaped("<i8", "(2305843009213693953, 1)"), Contains("promises"));  // x 8 wraps round to 8
  CHECK_THAT(shaped("|i1", "(9999999999999999999, 9999999999999999999)"), Contains("promises"));
  CHECK_THAT(shaped("|i1", "(99999999999999999999, 1)"), Contains("absurdly large"));
  CHECK_THAT(shaped("|i1", "(0, 4)"), Contains("empty"));
  CHECK_THAT(shaped("|i1", "(4, 0)"), Contains("empty"));
  CHECK_THAT(shaped("|i1", "(4,)"), Contains("1 dimension,") && Contains("reshape(1, -1)"));
  CHECK_THAT(shaped("|i1", "()"), Contains("0 dimensions"));
  CHECK_THAT(shaped("|i1", "(1, 2, 2)"), Contains("3 dimensions"));
  CHECK_THAT(shaped("|i1", "(-2, -2)"), Contains("not a length"));
  CHECK_THAT(shaped("|i1", "(2 2)"), Contains("where one is due"));
  CHECK_THAT(shaped("|b1", "(2, 2)"), Contains("booleans") && Contains("numpy.where"));
  CHECK_THAT(shaped("<f2", "(2, 2)"), Contains("type \"<f2\""));
  CHECK_THAT(shaped("|O", "(2, 2)"), Contains("type \"|O\""));
  CHECK_THAT(shaped("<i3", "(2, 2)"), Contains("type"));

  for (const char* header : {"", "{", "{}", "[]", "{'descr': '|i1'}",
                             "{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (2, 2)}",
                             "{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (2, 2)}",
                             "{'descr': '|i1', 'fortran_order': Maybe, 'shape': (2, 2)}",
                             "{'descr': '|i1, 'fortran_order': False}",
                             "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), 'more': 1}",
                             "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2)} x"})
    CHECK_THAT(refusal([&] { parsed_npy(npy(header, "\x01\x01\x01\x01")); }), Contains("p.npy: byte "));
}

TEST_CASE("npy: a flipped or inserted byte anywhere is refused or read, never more") {
  std::mt19937 random(7);
  const std::string good = npy(dictionary("<f4", true, "(3, 4)"), data_of(three_by_four, 3, 4, "<f4", true));
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 2) bytes.insert(random() % bytes.size(), 1, static_cast<char>(random()));
    try {
      const auto table = parsed_npy(bytes);
      CHECK(table.entries.size() == table.rows * table.columns);
    } catch (const InputError&) {
    }
  }
}

TEST_CASE("csv: commas, spaces, comments, blank lines and both line ends") {
  const auto table = parsed_csv(
      "\xef\xbb\xbf# three patterns\r\n"
      " 1, -1,0 ,+1 \r\n"
      "\n"
      "-1,\t-1.0,1e0,1 # second\n"
      "-0,1.00,-1,-1");
  CHECK(table.rows == 3);
  CHECK(table.columns == 4);
  CHECK(table.entries == three_by_four);
  CHECK(parsed_csv("1\n-1\n").columns == 1);
}

TEST_CASE("csv: what is wrong is said with its line") {
  const auto refused = [](const std::string& bytes) { return refusal([&] { parsed_csv(bytes); }); };
  CHECK_THAT(refused("s1,s2\n1,1\n"), Contains("p.csv:1") && Contains("\"s1\"") && Contains("header line"));
  CHECK_THAT(refused("1;1\n"), Contains("separated by commas"));
  CHECK_THAT(refused("1 1\n"), Contains("separated by commas"));
  CHECK_THAT(refused("1,1\n\n1,1,1\n"), Contains("p.csv:3: this line has 3 entries, line 1 has 2"));
  CHECK_THAT(refused("1,1\n1,2\n"),
             Contains("p.csv:2") && Contains("row 1, column 1 (counted from 0) is \"2\""));
  CHECK_THAT(refused("1,1\n1,nan\n"), Contains("\"nan\""));
  CHECK_THAT(refused("1,1,\n"), Contains("row 0, column 2 (counted from 0) is missing"));
  CHECK_THAT(refused("1,,1\n"), Contains("missing"));
  CHECK_THAT(refused("1,+-1\n"), Contains("\"+-1\""));
  CHECK_THAT(refused("1,\x01\xfe\n"), Contains("\"\\x01\\xfe\""));
  CHECK_THAT(refused(""), Contains("no patterns"));
  CHECK_THAT(refused("# nothing\n\n"), Contains("no patterns"));
  CHECK(refused("1," + std::string(100000, 'x')).size() < 300);
}

TEST_CASE("txt: numbers between spaces, or one character a site") {
  CHECK(parsed_txt("1 -1 0 1\n-1\t-1 1  1 # note\n 0 +1 -1 -1.0\n").entries == three_by_four);
  CHECK(parsed_txt("+-0+\n--++\n\n0+--").entries == three_by_four);
  CHECK(parsed_txt("+-0 +\n-- ++\n0+ --").entries == three_by_four);
  CHECK(parsed_txt("+-0+\n--++\n0+--").content == parsed_txt("1 -1 0 1\n-1 -1 1 1\n0 1 -1 -1").content);

  const auto refused = [](const std::string& bytes) { return refusal([&] { parsed_txt(bytes); }); };
  CHECK_THAT(refused("+-+\n+-\n"), Contains("p.txt:2: this line has 2 entries, line 1 has 3"));
  CHECK_THAT(refused("+-+\n+-x\n"), Contains("p.txt:2") && Contains("\"+-x\""));
  CHECK_THAT(refused("a b\n"), Contains("header line"));
  CHECK_THAT(refused("1,1\n"), Contains("separated by spaces"));
}

TEST_CASE("the content key tells shapes and entries apart") {
  const auto key = parsed_csv("1,1,-1,-1").content;
  CHECK(parsed_csv("1,1\n-1,-1").content != key);
  CHECK(parsed_csv("1,1,-1,1").content != key);
  CHECK(parsed_txt("++--").content == key);
}

TEST_CASE("files are told apart by their ending") {
  const Directory directory;
  CHECK(read_patterns(directory.write("a.csv", "1,-1\n")).entries == Entries{1, -1});
  CHECK(read_patterns(directory.write("a.txt", "+-\n")).entries == Entries{1, -1});
  CHECK(
      read_patterns(directory.write("a.npy", npy(dictionary("|i1", false, "(1, 2)"), "\x01\xff"))).entries ==
      Entries{1, -1});
  CHECK_THAT(refusal([&] { read_patterns(directory.write("a.mat", "x")); }),
             Contains("a.mat") && Contains(".npy, .csv, .txt, or FILE.h5:/path"));
  CHECK_THAT(refusal([&] { read_patterns(directory.write("a.npz", "x")); }), Contains(".npy"));
  CHECK_THAT(refusal([&] { read_patterns((directory.path / "none.npy").string()); }),
             Contains("no such pattern file"));
  std::filesystem::create_directory(directory.path / "d.csv");
  CHECK_THAT(refusal([&] { read_patterns((directory.path / "d.csv").string()); }), Contains("not a file"));
}

TEST_CASE("a dataset of an HDF5 file, by FILE.h5:/path") {
  const Directory directory;
  const std::string file = (directory.path / "p.h5").string();
  {
    auto out = store::Hdf5File::create(file);
    out.create_group("set");
    out.write<std::int8_t>("set/xi", three_by_four, {3, 4});
    out.write<double>("halves", std::vector<double>{1, -1, 0.5, 1}, {2, 2});
    out.write<double>("line", std::vector<double>{1, -1}, {2});
    out.save();
  }
  const auto table = read_patterns(file + ":/set/xi");
  CHECK(table.rows == 3);
  CHECK(table.entries == three_by_four);
  CHECK(table.content == parsed_csv("1,-1,0,1\n-1,-1,1,1\n0,1,-1,-1\n").content);

  const auto refused = [&](const std::string& name) { return refusal([&] { read_patterns(name); }); };
  CHECK_THAT(refused(file + ":/halves"),
             Contains("p.h5:/halves") && Contains("row 1, column 0 (counted from 0) is 0.5"));
  CHECK_THAT(refused(file + ":/line"), Contains("p.h5:/line") && Contains("dimension"));
  CHECK_THAT(refused(file + ":/none"), Contains("no such dataset"));
  CHECK_THAT(refused(file), Contains("FILE.h5:/path"));
  CHECK_THAT(refused(directory.write("text.h5", "1,1\n") + ":/xi"), Contains("not a HDF5 file"));
  CHECK(refused((directory.path / "absent.h5").string() + ":/xi") != "not refused");
}

TEST_CASE("the handwritten digits are 1797 patterns of 64 sites") {
  const auto table = read_patterns(MATTIS_SOURCE_DIR "/sweeps/jobs/digits.npy");
  CHECK(table.rows == 1797);
  CHECK(table.columns == 64);
  CHECK(table.content == 0xd0bf23326c464111);
}
