#include "engine/random_stream.hpp"

#include <Random123/philox.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mattis {

std::uint64_t stream_key(const StreamId& id) noexcept {
  const std::array<std::uint64_t, 4> fields{id.seed, static_cast<std::uint64_t>(id.domain), id.content,
                                            (std::uint64_t{id.sample} << 32) | id.replica};
  return XXH3_64bits(fields.data(), sizeof fields);
}

std::array<std::uint32_t, 4> philox(std::uint64_t key, const std::array<std::uint32_t, 4>& counter) noexcept {
  const r123::Philox4x32::ctr_type c{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type k{
      {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
  const auto r = r123::Philox4x32{}(c, k);
  return {r[0], r[1], r[2], r[3]};
}

RngStream::result_type RngStream::operator()() noexcept {
  if (drawn_ % 2 == 0) {
    const std::uint64_t index = drawn_ / 2;
    block_ = philox(key_, {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), 0, 0});
  }
  const std::size_t half = 2 * (drawn_++ % 2);
  return (std::uint64_t{block_[half + 1]} << 32) | block_[half];
}

}  // namespace mattis
