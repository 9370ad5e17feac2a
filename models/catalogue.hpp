// The only list of all models.
#pragma once

#include <string_view>

#include "models/model.hpp"

namespace mattis {

const std::vector<ModelEntry>& catalogue();

/// The row of that name, or nullptr.
const ModelEntry* find_model(std::string_view name);

}  // namespace mattis
