#include "sweeps/bench/machine_rates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "engine/simd/numbers.hpp"
#include "models/instruction_sets.hpp"

namespace mattis::bench {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
volatile std::uint64_t sink;  // results end here, so that no loop is optimised away

/// Steps per second of `work`, which does `steps`: the best of five repeats of at least 4 ms.
template <class Work>
double best_rate(double steps, Work work) {
  double best = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const double start = thread_seconds();
    double done = 0, spent = 0;
    while (spent < 0.004) {
      work();
      done += steps;
      spent = thread_seconds() - start;
    }
    best = std::max(best, done / spent);
  }
  return best;
}

MATTIS_WIDE_CLONES std::uint64_t sum_of(const std::uint64_t* values, std::size_t size) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < size; ++k) sum += values[k];
  return sum;
}

double read_rate(double bytes) {
  const std::vector<std::uint64_t> values(static_cast<std::size_t>(bytes / 8), 1);
  return best_rate(8 * static_cast<double>(values.size()),
                   [&] { sink = sum_of(values.data(), values.size()); });
}

double random_number_rate() {
  constexpr std::size_t blocks = 2560;
  std::vector<std::uint32_t> numbers(4 * blocks);
  std::int64_t sweep = 0;
  return best_rate(4.0 * blocks, [&] {
    simd::draw_numbers(SweepRandomness(1, ++sweep), SweepRandomness::Purpose::threshold, 0, blocks,
                       numbers.data());
    sink = numbers[static_cast<std::size_t>(sweep) % numbers.size()];
  });
}

// One instruction in eight independent chains: written out, since only its throughput is asked for.
#define MATTIS_CHAIN(instruction, r) instruction " %%" r ", %%" r ", %%" r "\n\t"
#define MATTIS_EIGHT_CHAINS(instruction, r)                                                    \
  for (int k = 0; k < instructions / 8; ++k)                                                   \
  asm volatile(MATTIS_CHAIN(instruction, r "0") MATTIS_CHAIN(instruction, r "1")               \
                   MATTIS_CHAIN(instruction, r "2") MATTIS_CHAIN(instruction, r "3")           \
                       MATTIS_CHAIN(instruction, r "4") MATTIS_CHAIN(instruction, r "5")       \
                           MATTIS_CHAIN(instruction, r "6") MATTIS_CHAIN(instruction, r "7"):: \
                               : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7")

constexpr int instructions = 8 * 4096;

struct VectorRates {
  double additions = unknown, lookups = unknown;
};

/// AVX-512: vpaddw and vpermw (32 lanes; a table of 5 patterns). AVX2: vpaddw (16 lanes) and vpshufb, which looks up
/// one byte of 32 sites in a table of 4 patterns; a sum has two bytes.
VectorRates vector_rates() {
  VectorRates rates;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512bw")) {
    rates.additions = best_rate(32.0 * instructions, [] { MATTIS_EIGHT_CHAINS("vpaddw", "zmm"); });
    rates.lookups = best_rate(32.0 * 5 * instructions, [] { MATTIS_EIGHT_CHAINS("vpermw", "zmm"); });
    asm volatile("vzeroupper");
  } else if (__builtin_cpu_supports("avx2")) {
    rates.additions = best_rate(16.0 * instructions, [] { MATTIS_EIGHT_CHAINS("vpaddw", "ymm"); });
    rates.lookups = best_rate(32.0 * 4 * instructions, [] { MATTIS_EIGHT_CHAINS("vpshufb", "ymm"); });
    asm volatile("vzeroupper");
  }
#endif
  return rates;
}

/// A number in the first line of a file; `otherwise` if it holds none.
double number_in(const std::string& file, double otherwise) {
  double number = 0;
  return std::ifstream(file) >> number ? number : otherwise;
}

}  // namespace

MachineRates measure_machine() {
  const VectorRates vectors = vector_rates();
  // Arrays of 4^k KiB, up to 256 MiB: beyond any cache.
  const auto bandwidth = [known = std::map<int, double>{}](double bytes) mutable {
    const int k = std::clamp(static_cast<int>(std::lround(std::log(bytes / 1024) / std::log(4.0))), 2, 9);
    const auto found = known.find(k);
    return found != known.end() ? found->second
                                : known.emplace(k, read_rate(1024 * std::pow(4.0, k))).first->second;
  };
  return {vectors.additions, vectors.lookups, random_number_rate(), bandwidth};
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double available_memory() {
  constexpr double unlimited = std::numeric_limits<double>::infinity();
  double free = unlimited;
  std::ifstream file("/proc/meminfo");
  for (std::string key; file >> key;) {
    if (key == "MemAvailable:" && file >> free) {
      free *= 1024;
      break;
    }
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  const std::string group = "/sys/fs/cgroup/memory.";
  const double limit = number_in(group + "max", unlimited), used = number_in(group + "current", 0);
  return std::min(free, limit - used);
}

}  // namespace mattis::bench
