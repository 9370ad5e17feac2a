// The list of all models: complete, and each with its row of conventions.
#include "models/catalogue.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

using namespace mattis;

TEST_CASE("every model says what it is and where it comes from") {
  std::set<std::string> names;
  REQUIRE_FALSE(catalogue().empty());
  for (const ModelEntry& model : catalogue()) {
    INFO(model.name);
    CHECK(names.insert(model.name).second);
    for (const std::string& text :
         {model.name, model.summary, model.hamiltonian, model.load, model.symmetries, model.source})
      CHECK_FALSE(text.empty());
    for (const GridAxis& axis : model.axes) {
      CHECK_FALSE(axis.one_of.empty());
      for (const GridSymbol& symbol : axis.one_of) {
        CHECK_FALSE(symbol.name.empty());
        CHECK_FALSE(symbol.definition.empty());
      }
    }
    CHECK(static_cast<bool>(model.resolve));
    CHECK(static_cast<bool>(model.draw));
    CHECK(static_cast<bool>(model.memory));
    CHECK(static_cast<bool>(model.sweep_cost));
    CHECK(find_model(model.name) == &model);
  }
  CHECK(find_model("hopfeld") == nullptr);
}

TEST_CASE("every model heads a section of models/conventions.md") {
  std::ifstream page(MATTIS_SOURCE_DIR "/models/conventions.md");
  REQUIRE(page);
  std::string headings, line;
  while (std::getline(page, line))
    if (line.rfind('#', 0) == 0) headings += line + "\n";
  for (const ModelEntry& model : catalogue()) {
    INFO(model.name << " among\n" << headings);
    CHECK(headings.find(model.name) != std::string::npos);
  }
}
