// A shard with false contents and a right seal: shard_forger FILE changes the last bit of the last number of its first
// chain, so that only who knows the true numbers can tell.
#include <algorithm>
#include <cstring>

#include "engine/store/atomic_file.hpp"
#include "engine/store/hdf5_file.hpp"
#include "engine/store/shard_file.hpp"

int main(int argc, char** argv) {
  using namespace mattis::store;
  if (argc != 2) return 2;
  const std::filesystem::path file = argv[1];
  const std::string layout = Hdf5File::open(file).string_attribute("/", "layout");
  auto records = decode_shard(file, read_file(file), layout);
  const auto chain =
      std::find_if(records.begin(), records.end(), [](const auto& record) { return !record.state.empty(); });
  if (chain == records.end()) return 1;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &chain->values.back(), sizeof bits);
  bits ^= 1U;
  std::memcpy(&chain->values.back(), &bits, sizeof bits);
  publish_file(file, encode_shard(file, records, layout), Outlives::process);
}
