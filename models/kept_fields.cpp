#include "models/kept_fields.hpp"

#include <algorithm>
#include <cstdlib>

namespace mattis {

void KeptFields::set(std::span<const Spin> spins, std::span<const std::int32_t> fields, std::int32_t parity,
                     std::int32_t largest_jump) {
  num_spins_ = static_cast<SiteIndex>(spins.size());
  parity_ = parity;
  largest_jump_ = largest_jump;
  std::int32_t largest = 0;
  for (std::size_t i = 0; i < spins.size(); ++i) largest = std::max(largest, std::abs(fields[i]));
  is_narrow_ = parity >= 0 && (largest + 1) / 2 <= simd::NarrowFields::largest;
  const std::size_t padded = fields.size();
  if (is_narrow_) {
    narrow_fields_.assign(padded, 0);
    narrow_signs_.assign(padded, 0);
    for (std::size_t i = 0; i < spins.size(); ++i) {
      narrow_fields_[i] = static_cast<std::int16_t>((fields[i] - parity * spins[i]) / 2);
      narrow_signs_[i] = static_cast<std::int16_t>(spins[i] >> 7);
    }
    room_ = 0;  // measured at the first flip
  } else {
    fields_.assign(fields.begin(), fields.end());
    signs_.assign(padded, 0);
    for (std::size_t i = 0; i < spins.size(); ++i) signs_[i] = spins[i] >> 7;
  }
}

void KeptFields::widen() {
  fields_.assign(narrow_fields_.begin(), narrow_fields_.end());
  signs_.assign(narrow_signs_.begin(), narrow_signs_.end());
  for (std::size_t i = 0; i < static_cast<std::size_t>(num_spins_); ++i)
    fields_[i] = 2 * fields_[i] + parity_ * (1 + 2 * signs_[i]);
  is_narrow_ = false;
}

std::size_t KeptFields::sweep(simd::JumpRows& rows, const SiteIndex* sites,
                              const simd::BlockThresholds& thresholds, const SweepRandomness& random,
                              simd::Flip* flips) {
  simd::SweepEnd end{0, 0};
  if (is_narrow_) {
    simd::NarrowFields narrow{
        narrow_fields_.data(), narrow_signs_.data(), num_spins_, parity_, largest_jump_, room_};
    end = simd::cached_sweep(narrow, rows, sites, thresholds, random, flips);
    room_ = narrow.room;
    if (end.next == static_cast<std::size_t>(num_spins_)) return end.num_flips;
    widen();
  }
  return end.num_flips + simd::cached_sweep({fields_.data(), signs_.data(), num_spins_}, rows, sites,
                                            thresholds, random, flips + end.num_flips, end.next);
}

std::int32_t KeptFields::cost(std::size_t i) const noexcept {
  if (is_narrow_) return 2 * (narrow_fields_[i] ^ narrow_signs_[i]) - 2 * narrow_signs_[i] + parity_;
  return (fields_[i] ^ signs_[i]) - signs_[i];
}

}  // namespace mattis
