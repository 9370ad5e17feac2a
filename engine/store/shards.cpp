#include "engine/store/shards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "engine/error.hpp"

namespace mattis::store {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t packed_size = std::uintmax_t{8}
                                       << 20;  // shards from this size on are left as they are

/// Files of the directory with one ending, by name; none where there is no directory.
std::vector<fs::path> files_ending(const fs::path& directory, const char* extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator file(directory, error), end; !error && file != end; file.increment(error)) {
    if (file->path().extension() == extension) files.push_back(file->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw EnvironmentError(directory.string(), "list", error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

constexpr const char* pack_name = "pack";

std::vector<fs::path> packs_among(std::vector<fs::path> files) {
  std::erase_if(files, [](const fs::path& file) { return !file.filename().string().starts_with(pack_name); });
  return files;
}

using Chains = std::unordered_map<std::uint64_t, ChainRecord>;

void keep_longest(Chains& chains, std::vector<ChainRecord> records) {
  for (auto& record : records) {
    const auto [held, is_new] = chains.try_emplace(record.key);
    if (is_new || held->second.sweeps_done < record.sweeps_done) held->second = std::move(record);
  }
}

std::vector<ChainRecord> by_key(Chains chains) {
  std::vector<ChainRecord> records;
  for (auto& [key, record] : chains) records.push_back(std::move(record));
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return records;
}

}  // namespace

ShardStore::ShardStore(fs::path directory, std::string layout)
    : directory_(std::move(directory)), layout_(std::move(layout)) {}

fs::path ShardStore::publish(const std::string& name, std::span<const ChainRecord> records,
                             Outlives outlives) {
  MATTIS_CHECK(!name.empty() && name.find('/') == std::string::npos);
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) throw EnvironmentError(directory_.string(), "create", error.message());
  const fs::path path = directory_ / fmt::format("{}-{:016x}.h5", name, shard_checksum(records, layout_));
  const auto bytes = encode_shard(path, records, layout_);
  const auto decoded = decode_shard(path, bytes, layout_);
  MATTIS_CHECK(std::equal(decoded.begin(), decoded.end(), records.begin(), records.end(), same_bits));
  publish_file(path, bytes, outlives);
  return path;
}

void ShardStore::write(const std::string& name, std::span<const ChainRecord> records) {
  const std::shared_lock not_packing(writers_);
  const fs::path path = publish(name, records, Outlives::process);
  const std::lock_guard lock(unsynced_mutex_);
  unsynced_.push_back(path);
}

void ShardStore::make_durable() {
  std::vector<fs::path> files;
  {
    const std::lock_guard lock(unsynced_mutex_);
    files.swap(unsynced_);
  }
  if (files.empty()) return;
  try {
    if (files.size() <= 8) {
      for (const auto& file : files) sync_to_disk(file);  // one that was packed away is durable in its pack
    } else {
      sync_file_system(directory_);
    }
    sync_to_disk(directory_);
    sync_to_disk(fs::absolute(directory_).parent_path());
  } catch (...) {
    const std::lock_guard lock(unsynced_mutex_);
    unsynced_.insert(unsynced_.end(), files.begin(), files.end());
    throw;
  }
}

ShardStore::Contents ShardStore::read(Foreign foreign) const {
  Contents contents;
  std::set<fs::path> seen;
  const auto note = [&contents](const fs::path& file, const std::string& what, BadShard::Kind kind) {
    contents.bad.push_back({file, what, kind});
    contents.damaged.push_back(fmt::format("{}: {}", file.string(), what));
  };
  // While a writer packs beside us, a listing can miss a shard that just went and the pack it went into. So
  // we list until no file has gone away under our hands and two listings show the same packs.
  std::vector<fs::path> packs;
  for (bool is_first = true, is_settled = false; !is_settled; is_first = false) {
    const auto files = files_ending(directory_, ".h5");
    auto packs_now = packs_among(files);
    is_settled = !is_first && packs_now == packs;
    packs = std::move(packs_now);
    for (const auto& file : files) {
      if (!seen.insert(file).second) continue;
      ++contents.files;
      try {
        const auto bytes = read_file(file);
        contents.bytes += bytes.size();
        keep_longest(contents.chains, decode_shard(file, bytes, layout_));
      } catch (const std::system_error& error) {
        std::error_code unknown;
        if (error.code() == std::errc::no_such_file_or_directory && !fs::is_symlink(file, unknown)) {
          --contents.files;
          is_settled = false;
        } else {
          note(file, error.code().message(), BadShard::Kind::unreadable);
        }
      } catch (const DamagedShard& error) {
        note(file, error.what(), BadShard::Kind::altered);
      } catch (const InputError& error) {
        if (foreign == Foreign::refused) throw;
        const std::string place = file.string() + ": ", what = error.what();
        note(file, what.substr(what.starts_with(place) ? place.size() : 0), BadShard::Kind::foreign);
      }
    }
  }
  return contents;
}

void ShardStore::remove_damaged(const Contents& seen) {
  const std::unique_lock alone(writers_);
  for (const BadShard& shard : seen.bad) {
    if (shard.kind != BadShard::Kind::altered) continue;
    try {
      decode_shard(shard.file, read_file(shard.file), layout_);
    } catch (const DamagedShard&) {
      std::error_code error;
      fs::remove(shard.file, error);  // one that stays is named again by the next reader
    } catch (const std::system_error&) {
    } catch (const InputError&) {
    }
  }
}

void ShardStore::pack(std::size_t at_least) {
  const std::unique_lock alone(writers_);
  std::error_code error;
  for (const auto& tmp : files_ending(directory_, ".tmp"))
    fs::remove(tmp, error);  // one that stays does no harm
  std::vector<fs::path> small;
  for (const auto& file : files_ending(directory_, ".h5")) {
    const auto size = fs::file_size(file, error);
    if (!error && size < packed_size) small.push_back(file);
  }
  if (small.size() < std::max<std::size_t>(at_least, 2)) return;
  std::vector<fs::path> group;
  std::uintmax_t size = 0;
  for (const auto& file : small) {
    group.push_back(file);
    size += fs::file_size(file, error);
    if (size < packed_size) continue;
    join(group);
    group.clear();
    size = 0;
  }
  join(group);
}

void ShardStore::join(const std::vector<fs::path>& shards) {
  Chains chains;
  std::vector<fs::path> joined;  // damaged shards stay where they are, for fsck to see
  for (const auto& shard : shards) {
    try {
      keep_longest(chains, decode_shard(shard, read_file(shard), layout_));
      joined.push_back(shard);
    } catch (const std::system_error&) {
    } catch (const DamagedShard&) {
    }
  }
  if (joined.size() < 2) return;
  const fs::path pack = publish(pack_name, by_key(std::move(chains)), Outlives::power);
  for (const auto& shard : joined) {
    std::error_code error;
    if (shard != pack) fs::remove(shard, error);  // one that stays says nothing new
  }
}

}  // namespace mattis::store
