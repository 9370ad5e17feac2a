#include "models/coupling_fields.hpp"

#include "models/instruction_sets.hpp"

namespace mattis::coupling_fields {

MATTIS_CLONES void follow_flip(const std::int32_t* jumps, bool is_up, std::int32_t* fields,
                               std::size_t size) noexcept {
  follow_flip_plain(jumps, is_up, fields, size);
}

MATTIS_CLONES void follow_flip(const std::int32_t* jumps, bool is_up, std::int64_t* fields,
                               std::size_t size) noexcept {
  follow_flip_plain(jumps, is_up, fields, size);
}

MATTIS_CLONES void follow_flip(const std::int64_t* jumps, bool is_up, std::int64_t* fields,
                               std::size_t size) noexcept {
  follow_flip_plain(jumps, is_up, fields, size);
}

}  // namespace mattis::coupling_fields
