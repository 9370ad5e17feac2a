#include "engine/store/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <algorithm>
#include <boost/version.hpp>
#include <chrono>
#include <fstream>

#include "engine/store/git_commit.hpp"
#include "engine/store/hdf5_file.hpp"

namespace mattis::store {

namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

/// What the compiler was allowed to use everywhere; kernels may go beyond it at run time.
constexpr const char* simd_baseline() {
#if defined(__AVX512F__)
  return "x86-64 with AVX-512";
#elif defined(__AVX2__)
  return "x86-64 with AVX2";
#elif defined(__x86_64__)
  return "x86-64 baseline (SSE2)";
#else
  return "no x86-64";
#endif
}

constexpr const char* compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

}  // namespace

void Provenance::set(const std::string& key, const std::string& value) {
  const auto held =
      std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == key; });
  if (held == entries_.end()) {
    entries_.emplace_back(key, value);
  } else {
    held->second = value;
  }
}

void Provenance::set(const std::string& key, double value) { set(key, fmt::format("{}", value)); }

std::string Provenance::get(std::string_view key) const {
  for (const auto& [name, value] : entries_) {
    if (name == key) return value;
  }
  return {};
}

Provenance program_provenance() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Provenance provenance;
  provenance.set("mattis_version", MATTIS_VERSION);
  provenance.set("git_commit", git_commit);
  provenance.set("git_dirty", git_dirty);
  provenance.set("compiler", compiler());
  provenance.set("compile_flags", MATTIS_COMPILE_FLAGS);
  provenance.set("simd_target", simd_baseline());
  provenance.set("hdf5_version", hdf5_version());
  provenance.set("boost_version", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                                              BOOST_VERSION % 100));
  provenance.set("glibc_version", gnu_get_libc_version());
  provenance.set("cpu_model", cpu_model());
  provenance.set("created", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                        fmt::gmtime(std::chrono::system_clock::to_time_t(now))));
  return provenance;
}

}  // namespace mattis::store
