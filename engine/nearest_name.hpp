// "did you mean ...": the known name nearest to a misspelt one.
#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mattis {

/// Levenshtein distance: insertions, deletions and replacements that turn one word into the other.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j)
      diagonal = std::exchange(row[j + 1], std::min({diagonal + (a[i] != b[j]), row[j] + 1, row[j + 1] + 1}));
  }
  return row.back();
}

/// How far a known name is from what was typed: their edit distance, but 1 where the word is a beginning of the name that
/// ends at an underscore ("energy" for "energy_per_spin").
inline std::size_t misspelling(std::string_view word, std::string_view name) {
  const bool is_beginning = !word.empty() && name.size() > word.size() &&
                            name.substr(0, word.size()) == word && name[word.size()] == '_';
  return is_beginning ? 1 : edit_distance(word, name);
}

/// A sentence of help: the nearest name if it is near (a third of its letters, at least two, may be wrong, but never all of
/// them), and all that are known.
inline std::string suggestion(std::string_view word, std::span<const std::string> known) {
  std::string all;
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& name : known) {
    all += (all.empty() ? "" : ", ") + name;
    const std::size_t distance = misspelling(word, name);
    if (distance < least && distance < std::max(word.size(), name.size())) {
      least = distance;
      nearest = &name;
    }
  }
  return (nearest ? "did you mean '" + *nearest + "'? " : std::string{}) + "known: " + all;
}

}  // namespace mattis
