#include "models/catalogue.hpp"

#include "models/dense.hpp"
#include "models/hopfield.hpp"
#include "models/ising.hpp"
#include "models/pspin.hpp"
#include "models/sk.hpp"

namespace mattis {

const std::vector<ModelEntry>& catalogue() {
  static const std::vector<ModelEntry> entries{
      // clang-format off
      hopfield(),
      dense(),
      sk(),
      pspin(),
      ising(),
      // clang-format on
  };
  return entries;
}

const ModelEntry* find_model(std::string_view name) {
  for (const ModelEntry& entry : catalogue())
    if (entry.name == name) return &entry;
  return nullptr;
}

}  // namespace mattis
