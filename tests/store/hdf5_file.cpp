#include "engine/store/hdf5_file.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <thread>

#include "engine/error.hpp"
#include "engine/store/atomic_file.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;

TEST_CASE("datasets and attributes of every type come back from disk") {
  const TemporaryDirectory dir;
  const auto path = dir / "a.h5";
  const std::vector<double> doubles{1.5, -0.0, std::nan(""), 1e-320, 4, 5};
  const std::vector<std::int64_t> ints{std::numeric_limits<std::int64_t>::min(), -1, 7};
  const std::vector<std::uint64_t> words{0, ~std::uint64_t{0}};
  const std::vector<std::int8_t> bytes{-1, 0, 1};
  const std::vector<std::string> texts{"cued", "", "zufällig"};
  {
    Hdf5File file = Hdf5File::create(path);
    file.create_group("g");
    file.write<double>("g/doubles", doubles, {2, 3});
    file.write<std::int64_t>("ints", ints, {3});
    file.write<std::uint64_t>("words", words, {2});
    file.write<std::int8_t>("bytes", bytes, {3});
    file.write("texts", texts, {3});
    file.write("one", std::span(texts).last(1), {});
    file.write<double>("none", {}, {0});
    file.set_attribute("/", "schema", "x/1");
    file.set_attribute("/", "empty", "");
    file.set_attribute("g/doubles", "load", 0.1);
    file.set_attribute("g", "count", std::int64_t{-3});
    file.set_attribute("g", "sum", ~std::uint64_t{0});
    file.save();
  }
  const Hdf5File file = Hdf5File::open(path);
  CHECK(file.names() == std::vector<std::string>{"bytes", "g", "ints", "none", "one", "texts", "words"});
  CHECK(file.attribute_names("g") == std::vector<std::string>{"count", "sum"});
  CHECK(file.shape("g/doubles") == Shape{2, 3});
  CHECK(file.shape("one").empty());
  const auto back = file.read<double>("g/doubles");
  REQUIRE(back.size() == doubles.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    CHECK((std::isnan(doubles[i]) ? std::isnan(back[i]) : back[i] == doubles[i]));
    CHECK(std::signbit(back[i]) == std::signbit(doubles[i]));
  }
  CHECK(file.read<std::int64_t>("ints") == ints);
  CHECK(file.read<std::uint64_t>("words") == words);
  CHECK(file.read<std::int8_t>("bytes") == bytes);
  CHECK(file.read<double>("bytes") == std::vector<double>{-1, 0, 1});
  CHECK(file.read<double>("none").empty());
  CHECK(file.read_strings("texts") == texts);
  CHECK(file.read_strings("one") == std::vector<std::string>{"zufällig"});
  CHECK(file.string_attribute("/", "schema") == "x/1");
  CHECK(file.string_attribute("/", "empty").empty());
  CHECK(file.attribute<double>("g/doubles", "load") == 0.1);
  CHECK(file.attribute<std::int64_t>("g", "count") == -3);
  CHECK(file.attribute<std::uint64_t>("g", "sum") == ~std::uint64_t{0});
  CHECK(file.has_attribute("g", "sum"));
  CHECK_FALSE(file.has_attribute("g", "product"));
  CHECK(file.exists("g/doubles"));
  CHECK_FALSE(file.exists("g/doubles/deeper"));
  CHECK_FALSE(file.exists("nowhere/at/all"));
  CHECK(file.kind("texts") == Hdf5File::Kind::text);
  CHECK(file.kind("bytes") == Hdf5File::Kind::number);
}

TEST_CASE("compression changes the size and not the values") {
  const std::vector<double> values(std::size_t{700} * 500, 0.25);
  const auto image = [&](bool compress) {
    Hdf5File file = Hdf5File::create("a.h5");
    file.write<double>("x", values, {700, 1, 500}, compress);
    return file.image();
  };
  const auto small = image(true), large = image(false);
  CHECK(small.size() < large.size() / 10);
  const Hdf5File file = Hdf5File::open_image("a.h5", small);
  CHECK(file.shape("x") == Shape{700, 1, 500});
  CHECK(file.read<double>("x") == values);
}

TEST_CASE("the same contents are the same bytes") {
  const auto image = [] {
    Hdf5File file = Hdf5File::create("a.h5");
    file.write<double>("x", std::vector<double>{1, 2}, {2});
    file.make_scale("x", "x");
    file.write<double>("y", std::vector<double>{3, 4}, {2});
    file.attach_scale("y", 0, "x");
    return file.image();
  };
  const auto first = image();
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // time stamps count seconds
  CHECK(first == image());
}

TEST_CASE("errors name the file, the operation and the reason") {
  const TemporaryDirectory dir;
  CHECK_THROWS_WITH(Hdf5File::open(dir / "absent.h5"), Catch::Contains("absent.h5: open: "));
  Hdf5File file = Hdf5File::create(dir / "new.h5");
  file.write<double>("x", std::vector<double>{1}, {1});
  CHECK_THROWS_WITH(file.write<double>("x", std::vector<double>{1}, {1}),
                    Catch::Contains("new.h5: write x: "));
  CHECK_THROWS_AS(file.write<double>("group/x", std::vector<double>{1}, {1}), mattis::EnvironmentError);
  CHECK_THROWS_AS(file.read<double>("y"), mattis::EnvironmentError);
  CHECK_THROWS_AS(file.read_strings("x"), mattis::EnvironmentError);
  CHECK_THROWS_AS(file.attach_scale("x", 0, "y"), mattis::EnvironmentError);
  CHECK_THROWS_AS(file.write<double>("z", std::vector<double>{1}, {2}), mattis::InternalError);
  CHECK_FALSE(std::filesystem::exists(dir / "new.h5"));  // nothing is on disk before save()
  CHECK_THROWS_AS(Hdf5File::create(dir / "absent/new.h5").save(), mattis::EnvironmentError);
}

TEST_CASE("threads may use the library side by side") {
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&right, t] {
      for (int i = 0; i < 50; ++i) {
        std::vector<std::byte> bytes;
        {
          Hdf5File file = Hdf5File::create("a.h5");
          file.write<std::int64_t>("x", std::vector<std::int64_t>{t, i}, {2});
          bytes = file.image();
        }
        const Hdf5File file = Hdf5File::open_image("a.h5", bytes);
        right[static_cast<std::size_t>(t)] += file.read<std::int64_t>("x") == std::vector<std::int64_t>{t, i};
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(right == std::vector<int>(4, 50));
}

TEST_CASE("a user's matrix of any numeric type is read") {
  const TemporaryDirectory dir;
  const auto path = dir / "patterns.h5";
  {
    Hdf5File file = Hdf5File::create(path);
    file.create_group("data");
    file.write<std::int8_t>("data/signs", std::vector<std::int8_t>{1, -1, 0, 1, 1, -1}, {2, 3});
    file.write<double>("reals", std::vector<double>{0.5, 2}, {1, 2});
    file.write<double>("line", std::vector<double>{0.5, 2}, {2});
    file.write("words", std::vector<std::string>{"a", "b"}, {1, 2});
    file.save();
  }
  for (const char* name : {"data/signs", "/data/signs"}) {
    const Matrix matrix = read_matrix(path, name);
    CHECK(matrix.rows == 2);
    CHECK(matrix.columns == 3);
    CHECK(matrix.values == std::vector<double>{1, -1, 0, 1, 1, -1});
  }
  CHECK(read_matrix(path, "reals").values == std::vector<double>{0.5, 2});

  const auto complains = [&](const std::filesystem::path& file, const char* name, const char* what) {
    try {
      read_matrix(file, name);
      FAIL("no complaint");
    } catch (const mattis::InputError& error) {
      CHECK_THAT(error.what(), Catch::Contains(what) && Catch::Contains(file.filename().string()));
    }
  };
  complains(dir / "absent.h5", "x", "No such file");
  complains(path, "signs", "the file holds: data, line, reals, words");
  complains(path, "", "no such dataset");
  complains(path, "data", "cannot be read");
  complains(path, "line", "1 dimension");
  complains(path, "words", "no numbers");
  std::ofstream(dir / "text.h5") << "1 -1 1\n";
  complains(dir / "text.h5", "x", "not a HDF5 file");
  complains(dir.path(), "x", "");
  auto bytes = read_file(path);
  bytes.resize(bytes.size() / 2);
  publish_file(dir / "torn.h5", bytes, Outlives::process);
  complains(dir / "torn.h5", "reals", "");
}
