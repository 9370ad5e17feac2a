// Misspelt names find their neighbour.
#include "engine/nearest_name.hpp"

#include <catch2/catch.hpp>

using namespace mattis;
using Catch::Matchers::Contains;

TEST_CASE("edit distance counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("sweps", "sweeps") == 1);
  CHECK(edit_distance("ab", "ba") == 2);
}

TEST_CASE("a suggestion names the nearest if it is near, and all that are known") {
  const std::vector<std::string> known{"sweeps", "samples", "replicas"};
  CHECK(suggestion("sweep", known) == "did you mean 'sweeps'? known: sweeps, samples, replicas");
  CHECK(suggestion("sample", known) == "did you mean 'samples'? known: sweeps, samples, replicas");
  CHECK(suggestion("temperature", known) == "known: sweeps, samples, replicas");
  CHECK_THAT(suggestion("temprature", std::vector<std::string>{"T", "temperatures"}),
             Contains("'temperatures'"));
  CHECK(suggestion("x", {}) == "known: ");
}

TEST_CASE("a word of which no letter is right has no neighbour, a beginning has") {
  CHECK(suggestion("P", std::vector<std::string>{"T", "alpha"}) == "known: T, alpha");
  CHECK_THAT(suggestion("energy", std::vector<std::string>{"binder", "energy_variance", "energy_per_spin"}),
             Contains("'energy_variance'"));
  CHECK_THAT(
      suggestion("energy", std::vector<std::string>{"free_energy", "energy_per_spin", "energy_variance"}),
      Contains("'energy_per_spin'"));
}
