#include "engine/store/grid_layout.hpp"

#include <catch2/catch.hpp>

#include "engine/error.hpp"

using namespace mattis::store;

namespace {

const std::vector<Axis> axes{{"N", "1", "", false}, {"start", "", "", true}};

std::vector<Coordinate> at(double n, const std::string& start) { return {{n, {}}, {not_there, start}}; }

}  // namespace

TEST_CASE("a full product is laid out by its axes, whatever the order of its points") {
  const std::vector<std::vector<Coordinate>> points{at(500, "random"), at(1000, "cued"), at(1000, "random"),
                                                    at(500, "cued")};
  const GridLayout layout = lay_out(axes, points, "point");
  CHECK(layout.is_product);
  CHECK(layout.dimensions == std::vector<std::string>{"N", "start"});
  CHECK(layout.lengths == Shape{2, 2});
  CHECK(layout.along[0][0].number == 500);      // numbers ascend
  CHECK(layout.along[1][0].label == "random");  // labels stay as they came
  CHECK(layout.cell == std::vector<std::size_t>{0, 3, 2, 1});
  CHECK(cell_of(layout.along, at(1000, "cued")) == 3);
  CHECK_THROWS_AS(cell_of(layout.along, at(2000, "cued")), mattis::InternalError);
}

TEST_CASE("points that are no product are a list") {
  for (const auto& points : {std::vector{at(500, "cued"), at(1000, "cued"), at(1000, "random")},
                             std::vector{at(500, "cued"), at(500, "cued")}}) {
    const GridLayout layout = lay_out(axes, points, "point");
    CHECK_FALSE(layout.is_product);
    CHECK(layout.dimensions == std::vector<std::string>{"point"});
    CHECK(layout.lengths == Shape{points.size()});
    CHECK(layout.cell[1] == 1);
  }
}
