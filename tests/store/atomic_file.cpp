#include "engine/store/atomic_file.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <system_error>

#include "engine/error.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace mattis::store;
namespace fs = std::filesystem;

namespace {
std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}
}  // namespace

TEST_CASE("a file is published whole, over an old one too") {
  const TemporaryDirectory dir;
  for (const auto outlives : {Outlives::process, Outlives::power}) {
    for (const std::string text : {"first", "", "a second, longer one"}) {
      publish_file(dir / "file", bytes_of(text), outlives);
      CHECK(read_file(dir / "file") == bytes_of(text));
    }
  }
  sync_to_disk(dir / "file");
  sync_to_disk(dir / "absent");
  sync_file_system(dir.path());
  CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("what cannot be published leaves nothing behind") {
  const TemporaryDirectory dir;
  fs::create_directories(dir / "taken/inside");
  CHECK_THROWS_AS(publish_file(dir / "taken", bytes_of("x"), Outlives::process), mattis::EnvironmentError);
  CHECK_THROWS_AS(publish_file(dir / "absent/file", bytes_of("x"), Outlives::process),
                  mattis::EnvironmentError);
  CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
  CHECK_THROWS_AS(read_file(dir / "absent"), std::system_error);
  CHECK_THROWS_AS(read_file(dir / "taken"), std::system_error);
}
