// The fields after a flip: one row of the couplings added to all of them. Included once per instruction set.
#if defined(MATTIS_ENGINE_SIMD_FOLLOW_FLIP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef MATTIS_ENGINE_SIMD_FOLLOW_FLIP_INL
#undef MATTIS_ENGINE_SIMD_FOLLOW_FLIP_INL
#else
#define MATTIS_ENGINE_SIMD_FOLLOW_FLIP_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdlib>

#include "engine/simd/cached_sweep.hpp"

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

/// The numbers of a row as jumps of the fields: row 2^left_shift / 2^right_shift + offset.
template <class Jump, class Field>
struct RowScale {
  static constexpr int left = sizeof(Jump) == 1 ? (sizeof(Field) == 2 ? 1 : 2) : 0;
  static constexpr int right =
      sizeof(Jump) == 2 && sizeof(Field) == 2 ? 1 : 0;  // 2 J_ij in units of f, J_ij in those of g
};

/// fields += jumps or -= jumps.
template <bool turns_up, class Jump, class Field>
HWY_INLINE HWY_ATTR void add_row(const Jump* HWY_RESTRICT jumps, Field offset, Field* HWY_RESTRICT fields,
                                 std::size_t size) {
  namespace hn = hwy::HWY_NAMESPACE;
  using Scale = RowScale<Jump, Field>;
  const hn::ScalableTag<Field> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto all_offset = hn::Set(tag, offset);
  std::size_t j = 0;
  for (; j + lanes <= size; j += lanes) {
    hn::Vec<decltype(tag)> row;
    if constexpr (sizeof(Jump) == sizeof(Field))
      row = hn::LoadU(tag, jumps + j);
    else
      row = hn::PromoteTo(tag, hn::LoadU(hn::Rebind<Jump, decltype(tag)>(), jumps + j));
    if constexpr (Scale::left > 0) row = hn::Add(hn::ShiftLeft<Scale::left>(row), all_offset);
    if constexpr (Scale::right > 0) row = hn::ShiftRight<Scale::right>(row);
    const auto field = hn::LoadU(tag, fields + j);
    hn::StoreU(turns_up ? hn::Add(field, row) : hn::Sub(field, row), tag, fields + j);
  }
  for (; j < size; ++j) {
    const int jump = Scale::left > 0 ? (jumps[j] << Scale::left) + offset : jumps[j] >> Scale::right;
    fields[j] = static_cast<Field>(turns_up ? fields[j] + jump : fields[j] - jump);
  }
}

template <class Jump, class Fields>
HWY_INLINE HWY_ATTR void add_row(const Jump* row, std::int32_t offset, bool turns_up, const Fields& system,
                                 std::size_t size) {
  using Field = std::remove_reference_t<decltype(system.fields[0])>;
  turns_up ? add_row<true>(row, static_cast<Field>(offset), system.fields, size)
           : add_row<false>(row, static_cast<Field>(offset), system.fields, size);
}

inline std::size_t padded(SiteIndex num_spins) {
  return (static_cast<std::size_t>(num_spins) + simd::field_padding - 1) / simd::field_padding *
         simd::field_padding;
}

/// f_j -= 2 J_ij s_i for all j, with s_i before its flip.
template <class Jump>
HWY_INLINE HWY_ATTR bool follow_flip(const simd::CachedFields& system, const simd::JumpMatrix<Jump>& matrix,
                                     std::size_t i, bool turns_up) {
  add_row(matrix.jumps + i * matrix.stride, 0, turns_up, system, static_cast<std::size_t>(system.num_spins));
  return true;
}

HWY_INLINE HWY_ATTR bool follow_flip(const simd::CachedFields& system, simd::JumpRows& rows, std::size_t i,
                                     bool turns_up) {
  const simd::JumpRows::Row row = rows.row(static_cast<SiteIndex>(i));
  row.bytes != nullptr ? add_row(row.bytes, rows.offset(), turns_up, system, padded(system.num_spins))
                       : add_row(row.shorts, 0, turns_up, system, padded(system.num_spins));
  return true;
}

/// How far all fields are from their bounds.
HWY_INLINE HWY_ATTR std::int32_t measured_room(const simd::NarrowFields& system) {
  std::int16_t lowest = 0, highest = 0;
  for (SiteIndex i = 0; i < system.num_spins; ++i) {
    lowest = std::min(lowest, system.fields[i]);
    highest = std::max(highest, system.fields[i]);
  }
  return system.largest - std::max<std::int32_t>(highest, -std::int32_t{lowest});
}

HWY_INLINE HWY_ATTR bool follow_flip(simd::NarrowFields& system, simd::JumpRows& rows, std::size_t i,
                                     bool turns_up) {
  constexpr std::int32_t largest_byte_jump = 2 * 128 + 1;
  const simd::JumpRows::Row row = rows.row(static_cast<SiteIndex>(i));
  const std::int32_t jump = row.bytes != nullptr ? largest_byte_jump : system.largest_jump;
  if (system.room < jump + 1) system.room = measured_room(system);  // 1: s_i turns, and with it g_i
  if (system.room < jump + 1) return false;
  system.room -= jump + 1;
  row.bytes != nullptr ? add_row(row.bytes, rows.offset() / 2, turns_up, system, padded(system.num_spins))
                       : add_row(row.shorts, 0, turns_up, system, padded(system.num_spins));
  return true;
}

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
