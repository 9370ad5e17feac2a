#include "engine/store/shard_file.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "engine/error.hpp"
#include "engine/store/hdf5_file.hpp"

namespace mattis::store {

namespace {

constexpr std::string_view schema = "mattis-shard/1";
constexpr std::size_t seal_digits = 16;

/// Records as the flat arrays of the file: record i owns state[state_begin[i] .. state_begin[i+1]), same for
/// values.
struct Flat {
  std::vector<std::uint64_t> keys;
  std::vector<std::int64_t> sweeps_done;
  std::vector<std::uint64_t> state_begin, state;
  std::vector<std::uint64_t> values_begin;
  std::vector<double> values;
};

Flat flatten(std::span<const ChainRecord> records) {
  Flat flat;
  flat.state_begin.push_back(0);
  flat.values_begin.push_back(0);
  for (const auto& record : records) {
    flat.keys.push_back(record.key);
    flat.sweeps_done.push_back(record.sweeps_done);
    flat.state.insert(flat.state.end(), record.state.begin(), record.state.end());
    flat.values.insert(flat.values.end(), record.values.begin(), record.values.end());
    flat.state_begin.push_back(flat.state.size());
    flat.values_begin.push_back(flat.values.size());
  }
  return flat;
}

std::vector<ChainRecord> unflatten(const Flat& flat) {
  const std::size_t n = flat.keys.size();
  const auto spans = [n](const std::vector<std::uint64_t>& begin, std::size_t size) {
    return begin.size() == n + 1 && begin.front() == 0 && begin.back() == size &&
           std::is_sorted(begin.begin(), begin.end());
  };
  if (flat.sweeps_done.size() != n || !spans(flat.state_begin, flat.state.size()) ||
      !spans(flat.values_begin, flat.values.size())) {
    throw DamagedShard("lengths disagree");
  }
  std::vector<ChainRecord> records(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto part = [i](const auto& all, const std::vector<std::uint64_t>& begin) {
      const auto at = [&](std::size_t k) { return all.begin() + static_cast<std::ptrdiff_t>(begin[k]); };
      return std::decay_t<decltype(all)>(at(i), at(i + 1));
    };
    records[i] = {flat.keys[i], flat.sweeps_done[i], part(flat.state, flat.state_begin),
                  part(flat.values, flat.values_begin)};
  }
  return records;
}

std::uint64_t checksum(const Flat& flat, const std::string& layout) {
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  MATTIS_CHECK(state != nullptr);
  XXH3_64bits_reset(state.get());
  const auto add = [&](const auto& values) {
    const std::uint64_t size = values.size();
    XXH3_64bits_update(state.get(), &size, sizeof size);
    XXH3_64bits_update(state.get(), values.data(), values.size() * sizeof values[0]);
  };
  add(schema);
  add(layout);
  add(flat.keys);
  add(flat.sweeps_done);
  add(flat.state_begin);
  add(flat.state);
  add(flat.values_begin);
  add(flat.values);
  return XXH3_64bits_digest(state.get());
}

std::string seal_over(std::string_view bytes) {
  return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

/// What stands before the seal's digits; DamagedShard unless the digits are its own.
std::string_view sealed_part(std::string_view bytes) {
  if (bytes.size() <= seal_digits) throw DamagedShard("truncated");
  const auto body = bytes.substr(0, bytes.size() - seal_digits);
  if (bytes.substr(body.size()) != seal_over(body))
    throw DamagedShard("truncated or altered: its seal does not match");
  return body;
}

}  // namespace

bool same_bits(const ChainRecord& a, const ChainRecord& b) {
  return a.key == b.key && a.sweeps_done == b.sweeps_done && a.state == b.state &&
         a.values.size() == b.values.size() &&
         (a.values.empty() ||
          std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(double)) == 0);
}

std::uint64_t shard_checksum(std::span<const ChainRecord> records, const std::string& layout) {
  return checksum(flatten(records), layout);
}

std::vector<std::byte> encode_shard(const std::filesystem::path& path, std::span<const ChainRecord> records,
                                    const std::string& layout) {
  const Flat flat = flatten(records);
  Hdf5File file = Hdf5File::create(path);
  file.set_attribute("/", "schema", std::string(schema));
  file.set_attribute("/", "layout", layout);
  file.set_attribute("/", "checksum", checksum(flat, layout));
  const auto write = [&]<class T>(const char* name, const std::vector<T>& values) {
    file.write<T>(name, values, Shape{values.size()});
  };
  write("keys", flat.keys);
  write("sweeps_done", flat.sweeps_done);
  write("state_begin", flat.state_begin);
  write("state", flat.state);
  write("values_begin", flat.values_begin);
  write("values", flat.values);
  auto bytes = file.image();
  const auto append = [&](std::string_view text) {
    const auto* begin = reinterpret_cast<const std::byte*>(text.data());
    bytes.insert(bytes.end(), begin, begin + text.size());
  };
  append(fmt::format("\n{} ", schema));
  append(seal_over({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  return bytes;
}

std::vector<ChainRecord> decode_shard(const std::filesystem::path& path, std::span<const std::byte> bytes,
                                      const std::string& layout) {
  const auto body = sealed_part({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const std::string mark = fmt::format("\n{} ", schema);
  if (body.size() < mark.size() || body.substr(body.size() - mark.size()) != mark) {
    throw InputError("another version of the shard format", path.string(),
                     fmt::format("this program reads {}", schema));
  }
  try {
    const Hdf5File file = Hdf5File::open_image(path, bytes.first(body.size() - mark.size()));
    const std::string found = file.string_attribute("/", "layout");
    if (found != layout) {
      throw InputError(fmt::format("holds other records: '{}'", found), path.string(),
                       fmt::format("this run keeps '{}'", layout));
    }
    const Flat flat{file.read<std::uint64_t>("keys"),         file.read<std::int64_t>("sweeps_done"),
                    file.read<std::uint64_t>("state_begin"),  file.read<std::uint64_t>("state"),
                    file.read<std::uint64_t>("values_begin"), file.read<double>("values")};
    if (file.attribute<std::uint64_t>("/", "checksum") != checksum(flat, layout)) {
      throw DamagedShard("contents do not match their checksum");
    }
    return unflatten(flat);
  } catch (const EnvironmentError& error) {
    throw DamagedShard(error.what());
  }
}

}  // namespace mattis::store
