// What stretches the axes of a panel, and what does not.
#include "analysis/figures/axis_range.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mattis;
using figures::axes_of;

namespace {

Curve points(std::vector<double> x, std::vector<double> y, std::vector<double> error = {}) {
  return {"", std::move(x), std::move(y), std::move(error), Curve::Style::points, -1};
}

Curve line(std::vector<double> x, std::vector<double> y) {
  return {"", std::move(x), std::move(y), {}, Curve::Style::line, -1};
}

Figure figure(std::vector<Curve> curves, std::vector<VerticalLine> marks = {}, bool log_x = false) {
  return {"", "T", "m", std::move(curves), std::move(marks), log_x, ""};
}

}  // namespace

TEST_CASE("a mark near the points lengthens the axis, one far away does not") {
  const auto f = figure({points({1, 2}, {0, 1})}, {{2.1, "near"}, {2.11, "far"}, {0.5, "low"}, {9, ""}});
  const auto axes = axes_of(f);
  CHECK(axes.x.text() == "[1:2.1]");
  CHECK(is_shown(f.marks[0], axes));
  for (std::size_t k = 1; k < 4; ++k) CHECK_FALSE(is_shown(f.marks[k], axes));
  CHECK(mark_title(f.marks[0], axes) == "near");
  CHECK(mark_title(f.marks[1], axes) == "far (off the axis)");
  CHECK(mark_title(f.marks[3], axes).empty());
}

TEST_CASE("a line far away is cut, and the y axis does not see that part of it") {
  const auto axes = axes_of(figure({points({1, 2}, {0, 1}), line({-5, 1.5, 2.05}, {100, 2, -1})}));
  CHECK(axes.x.text() == "[0.9:2.05]");
  CHECK(axes.y.text() == "[-1:2]");
}

TEST_CASE("on a logarithmic axis a tenth is one of the logarithm") {
  const auto f = figure({points({1, 1024}, {0, 1})}, {{2000, "near"}, {2100, "far"}, {0, "zero"}}, true);
  CHECK(axes_of(f).x.text() == "[1:2000]");
  CHECK_FALSE(is_shown(f.marks[2], axes_of(f)));
}

TEST_CASE("lines alone, marks alone and nothing at all have axes") {
  CHECK(axes_of(figure({line({0, 5}, {1, 2})})).x.text() == "[0:5]");
  const auto alone = figure({}, {{0.5, "mark"}, {std::nan(""), "none"}});
  CHECK(axes_of(alone).x.text() == "[0:1]");
  CHECK(is_shown(alone.marks[0], axes_of(alone)));
  CHECK_FALSE(is_shown(alone.marks[1], axes_of(alone)));
  CHECK(axes_of(figure({points({3}, {1})}, {{3.1, ""}, {3.2, ""}})).x.text() == "[3:3.1]");
}

TEST_CASE("bars of a fraction end at 0 and 1") {
  auto f = figure({points({1, 2}, {0, 1}, {0.1, 0.1}), points({1}, {0.5}, {std::nan("")})});
  CHECK(axes_of(f).y.text() == "[-0.1:1.1]");
  f.least_y = 0, f.greatest_y = 1;
  CHECK(axes_of(f).y.text() == "[0:1]");
}
