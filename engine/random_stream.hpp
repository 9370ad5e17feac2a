// Named counter-based random numbers: a stream is called by what it is for, and any of its numbers can be had at once.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace mattis {

/// The one list of what randomness is used for. Values are part of every stream's name: never reuse one.
enum class StreamDomain : std::uint8_t {
  disorder = 1,
  initial_state = 2,
  dynamics = 3,
  probe = 6,
  tests = 200
};

/// The name of a stream. Two different names give independent streams; equal names give equal numbers on any
/// machine, rank or thread.
struct StreamId {
  std::uint64_t seed = 0;  ///< the user's seed
  StreamDomain domain = StreamDomain::tests;
  std::uint64_t content = 0;  ///< content key of the parameters
  std::uint32_t sample = 0;   ///< disorder sample
  std::uint32_t replica = 0;  ///< replica of that sample
};

/// 64-bit Philox key of a stream: XXH3 of the five fields of its name.
std::uint64_t stream_key(const StreamId& id) noexcept;

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): four 32-bit numbers for a key and a 128-bit counter.
std::array<std::uint32_t, 4> philox(std::uint64_t key, const std::array<std::uint32_t, 4>& counter) noexcept;

/// A stream read from its start, as a uniform random bit generator for Boost.Random.
/// Period 2^65 numbers; a copy continues from the same place.
class RngStream {
 public:
  using result_type = std::uint64_t;

  explicit RngStream(const StreamId& id) noexcept : key_(stream_key(id)) {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  result_type operator()() noexcept;

 private:
  std::uint64_t key_;
  std::uint64_t drawn_ = 0;
  std::array<std::uint32_t, 4> block_{};
};

/// The random numbers of one sweep of a chain: addressed by (sweep, purpose, index), so a chain can be resumed
/// at any sweep and a kernel may skip numbers it does not need.
class SweepRandomness {
 public:
  enum class Purpose : std::uint32_t { threshold = 0, order = 1, event = 2, leading = 3 };

  SweepRandomness(std::uint64_t key, std::int64_t sweep) noexcept
      : key_(key),
        low_(static_cast<std::uint32_t>(sweep)),
        high_(static_cast<std::uint32_t>(static_cast<std::uint64_t>(sweep) >> 32)) {}

  /// Numbers 4 index ... 4 index + 3 of this purpose.
  std::array<std::uint32_t, 4> block(Purpose purpose, std::uint32_t index) const noexcept {
    return philox(key_, counter(purpose, index));
  }
  std::array<std::uint32_t, 4> counter(Purpose purpose, std::uint32_t index) const noexcept {
    return {index, static_cast<std::uint32_t>(purpose), low_, high_};
  }
  std::uint64_t key() const noexcept { return key_; }

 private:
  std::uint64_t key_;
  std::uint32_t low_, high_;
};

/// The random number of a proposal: its leading byte and 24 bits behind it. For proposal k of a sweep these are byte k of purpose
/// `leading` (lowest byte of a number first) and the upper bits of number k of purpose `threshold`, so that a kernel can refuse most
/// cold proposals by the byte alone and never draw the rest.
constexpr std::uint32_t proposal_number(std::uint32_t leading, std::uint32_t rest) noexcept {
  return leading << 24 | rest >> 8;
}

/// Those of a sweep one by one, cheapest in turn.
class ProposalNumbers {
 public:
  explicit ProposalNumbers(const SweepRandomness& random) noexcept : random_(random) {}

  std::uint32_t operator()(std::uint32_t k) noexcept {
    using Purpose = SweepRandomness::Purpose;
    if (k / 16 != leading_index_) leading_ = random_.block(Purpose::leading, leading_index_ = k / 16);
    if (k / 4 != rest_index_) rest_ = random_.block(Purpose::threshold, rest_index_ = k / 4);
    return proposal_number(leading_[k / 4 % 4] >> (8 * (k % 4)) & 0xff, rest_[k % 4]);
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffu;

  SweepRandomness random_;
  std::uint32_t leading_index_ = none, rest_index_ = none;
  std::array<std::uint32_t, 4> leading_{}, rest_{};
};

}  // namespace mattis
