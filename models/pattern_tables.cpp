#include "models/pattern_tables.hpp"

namespace mattis {

PatternTables::PatternTables(std::size_t size) : num_words(size), memory_(size * word_bytes + 64) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  entries_ = memory_.data() + (64 - address % 64) % 64;
  for (auto& list : words) list.resize(size);
  for (auto& list : wide) list.resize(size * groups_per_word);
}

}  // namespace mattis
