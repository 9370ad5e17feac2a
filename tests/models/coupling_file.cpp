// The user's couplings and fields from files: what is read, and what is wrong said by row and column.
#include "models/coupling_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "engine/error.hpp"
#include "engine/store/hdf5_file.hpp"
#include "support/temporary_directory.hpp"

using namespace mattis;
using Catch::Matchers::Contains;
using table_file::Format;

namespace {

const std::vector<double> three_by_three{0, 0.5, -1.25, 0.5, 0, 3, -1.25, 3, 0};

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k));
  return out;
}

/// A .npy file of version 1.
std::string npy(const std::string& type, bool fortran, const std::string& shape, const std::string& data) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", type,
                                   fortran ? "True" : "False", shape);
  return std::string("\x93NUMPY\x01\0", 8) + little_endian(header.size(), 2) + header + data;
}

std::string doubles(const std::vector<double>& numbers) {
  std::string data;
  for (const double x : numbers) data += little_endian(std::bit_cast<std::uint64_t>(x), 8);
  return data;
}

std::string floats(const std::vector<double>& numbers) {
  std::string data;
  for (const double x : numbers)
    data += little_endian(std::bit_cast<std::uint32_t>(static_cast<float>(x)), 4);
  return data;
}

class Files {
 public:
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
    return (directory_ / name).string();
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }

 private:
  TemporaryDirectory directory_;
};

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "not refused";
}

std::string refused(const std::string& csv) {
  return refusal([&] { parse_couplings(csv, Format::csv, "J.csv"); });
}

}  // namespace

TEST_CASE("couplings are the same numbers in every format") {
  const Files files;
  const auto in_csv = read_couplings(files.write("J.csv", "0,0.5,-1.25\n0.5,0,3\n-1.25,3,0\n"), "");
  CHECK(in_csv.size == 3);
  CHECK(in_csv.couplings == three_by_three);
  CHECK(in_csv.fields.empty());
  {
    auto out = store::Hdf5File::create(files.path("J.h5"));
    out.write<double>("J", three_by_three, {3, 3});
    out.write<double>("h", std::vector<double>{1, 0, -2}, {3});
    out.write<double>("column", std::vector<double>{1, 0, -2}, {3, 1});
    out.save();
  }
  for (const std::string& file :
       {files.write("J.txt", "# couplings\n0 .5 -1.25\n 0.5\t-0 3e0\n-1.25 +3 0\n"),
        files.write("c.npy", npy("<f8", false, "(3, 3)", doubles(three_by_three))),
        files.write("f.npy", npy("<f8", true, "(3, 3)", doubles(three_by_three))),
        files.write("single.npy", npy("<f4", false, "(3, 3)", floats(three_by_three))),
        files.path("J.h5") + ":/J"}) {
    INFO(file);
    const auto table = read_couplings(file, "");
    CHECK(table.couplings == three_by_three);
    CHECK(table.content == in_csv.content);
  }

  for (const std::string& fields : {files.write("column.csv", "1\n0\n-2\n"), files.write("row.txt", "1 0 -2"),
                                    files.write("h.npy", npy("<f8", false, "(3,)", doubles({1, 0, -2}))),
                                    files.write("h1.npy", npy("<f4", false, "(3, 1)", floats({1, 0, -2}))),
                                    files.path("J.h5") + ":/h", files.path("J.h5") + ":/column"}) {
    INFO(fields);
    const auto table = read_couplings(files.path("J.csv"), fields);
    CHECK(table.couplings == three_by_three);
    CHECK(table.fields == std::vector<double>{1, 0, -2});
    CHECK(table.content != in_csv.content);
    CHECK(table.content == read_couplings(files.path("J.txt"), files.path("h.npy")).content);
  }
}

TEST_CASE("integers of any type are couplings; one spin is a system") {
  CHECK(parse_couplings(npy("|i1", false, "(2, 2)", std::string("\0\xff\xff\0", 4)), Format::npy, "J")
            .couplings == std::vector<double>{0, -1, -1, 0});
  CHECK(parse_couplings("0\n", Format::txt, "J").size == 1);
}

TEST_CASE("the content key is that of the numbers") {
  const auto key = [](const std::string& csv) { return parse_couplings(csv, Format::csv, "J").content; };
  CHECK(key("0,1\n1,0") == key("-0, 1.0\n1e0,0 # the same\n"));
  CHECK(key("0,1\n1,0") != key("0,-1\n-1,0"));
  CHECK(key("0,0\n0,0") != key("0"));
}

TEST_CASE("what is wrong with couplings is said by row and column") {
  CHECK_THAT(refused("0,1,2\n1,0,0.2\n2,0.1,0\n"),
             Contains("J.csv") && Contains("J[1,2] = 0.2, but J[2,1] = 0.1") && Contains("(J + J.T) / 2"));
  CHECK_THAT(refused("0,1\n1,0.5\n"), Contains("J[1,1] = 0.5") && Contains("diagonal"));
  CHECK_THAT(refused("0,1,2\n1,0,3\n"), Contains("2 rows and 3 columns") && Contains("square"));
  CHECK_THAT(refused("0,nan\nnan,0\n"),
             Contains("row 0, column 1 (counted from 0) is \"nan\"") && Contains("finite"));
  CHECK_THAT(refused("0,1\ninf,0\n"), Contains("J.csv:2") && Contains("row 1, column 0"));
  CHECK_THAT(refused("0,1e999\n1e999,0\n"), Contains("\"1e999\""));
  CHECK_THAT(refused("0,1e308\n1e308,0\n"), Contains("too large"));
  CHECK_THAT(refused(""), Contains("no couplings"));
  CHECK_THAT(refused("0,1\n1\n"), Contains("this line has 1 entries, line 1 has 2"));
  CHECK_THAT(refused("a,b\n"), Contains("header line"));
  CHECK_THAT(refused("+-\n-+\n"), Contains("\"+-\""));
  const auto bad_npy = [](const std::string& type, const std::string& shape, const std::string& data) {
    return refusal([&] { parse_couplings(npy(type, false, shape, data), Format::npy, "J.npy"); });
  };
  CHECK_THAT(bad_npy("<f8", "(2, 2)", doubles({0, NAN, NAN, 0})),
             Contains("row 0, column 1 (counted from 0) is nan"));
  CHECK_THAT(bad_npy("<f8", "(4,)", doubles({0, 1, 1, 0})), Contains("1 dimension, couplings need two"));
  CHECK_THAT(bad_npy("|b1", "(2, 2)", "abcd"), Contains("booleans") && Contains("float64"));
  CHECK_THAT(bad_npy("<f8", "(2, 2)", doubles({0, 1, 1})), Contains("truncated"));
  CHECK_THAT(bad_npy("<f8", "(2, 2)", doubles({0, 1, 1, 0, 0})), Contains("too many"));
  CHECK_THAT(bad_npy("<f8", "(4294967296, 4294967296)", doubles({0})), Contains("promises"));
}

TEST_CASE("what is wrong with fields is said with their file") {
  const Files files;
  const std::string couplings = files.write("J.csv", "0,1\n1,0\n");
  const auto with = [&](const std::string& name, const std::string& bytes) {
    return refusal([&] { read_couplings(couplings, files.write(name, bytes)); });
  };
  CHECK_THAT(with("h.csv", "1\n2\n3\n"),
             Contains("h.csv") && Contains("3 fields for 2 spins") && Contains("2 x 2"));
  CHECK_THAT(with("h.txt", "1 2\n3 4\n"), Contains("2 rows and 2 columns"));
  CHECK_THAT(with("h.csv", "1,nan"), Contains("row 0, column 1 (counted from 0) is \"nan\""));
  CHECK_THAT(with("h.npy", npy("<f8", false, "(2, 1, 1)", doubles({1, 2}))), Contains("fields need one"));
  CHECK_THAT(with("h.npy", npy("<f8", false, "(0,)", "")), Contains("empty"));
  CHECK_THAT(with("h.csv", ""), Contains("no fields"));
  CHECK_THAT(refusal([&] { read_couplings(files.path("none.npy"), ""); }), Contains("no such coupling file"));
  CHECK_THAT(refusal([&] { read_couplings(couplings, files.path("none.npy")); }),
             Contains("no such field file"));
  CHECK_THAT(refusal([&] { read_couplings(files.write("J.mat", ""), ""); }), Contains(".npy, .csv, .txt"));
  CHECK_THAT(refusal([&] { read_couplings(files.write("J.h5", "text") + ":/J", ""); }),
             Contains("not a HDF5 file"));
}

TEST_CASE("a damaged file is refused or read, never more") {
  const std::string good = npy("<f8", false, "(3, 3)", doubles(three_by_three));
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK(refusal([&] { parse_couplings(good.substr(0, length), Format::npy, "J"); }) != "not refused");
  std::mt19937 random(11);
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 2) bytes.insert(random() % bytes.size(), 1, static_cast<char>(random()));
    try {
      const auto table = parse_couplings(bytes, Format::npy, "J");
      CHECK(table.couplings.size() == table.size * table.size);
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).size() < 500);
    }
  }
}
