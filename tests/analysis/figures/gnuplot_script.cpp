// What the script says of bars, marks and symbols.
#include "analysis/figures/gnuplot_script.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <regex>

#include "analysis/figures/axis_range.hpp"
#include "analysis/figures/layout.hpp"
#include "analysis/figures/side_by_side.hpp"

using namespace mattis;
using Catch::Matchers::Contains;

namespace {

Figure coinciding(int curves) {
  Figure figure{"", "x", "y", {}, {}, false, ""};
  for (int c = 0; c < curves; ++c)
    figure.curves.push_back({fmt::format("N = {}", c), {1, 2}, {1, 2}, {0.1, 0.1}, Curve::Style::points, -1});
  return figure;
}

/// Type and size of the symbols of all curves, in the order of drawing.
std::vector<std::pair<int, double>> symbols_of(const std::string& script) {
  std::vector<std::pair<int, double>> found;
  const std::regex symbol("(?:3|\\(\\$3[^:]*\\)):4 with points pt (\\d+) ps symbol\\*([0-9.]+)");
  for (std::sregex_iterator m(script.begin(), script.end(), symbol), end; m != end; ++m)
    found.emplace_back(std::stoi((*m)[1]), std::stod((*m)[2]));
  return found;
}

/// gnuplot's symbols with an inside: 4, 6, 8 ... are outlines, 5, 7, 9 ... filled.
bool is_open(int type) { return type >= 4 && type % 2 == 0; }

}  // namespace

TEST_CASE("no symbol hides one of an earlier curve at the same place") {
  const auto symbols = symbols_of(figures::script_of({coinciding(10)}, "f", "svg"));
  REQUIRE(symbols.size() == 10);
  for (std::size_t later = 1; later < symbols.size(); ++later)
    for (std::size_t k = 0; k < later; ++k) {
      CHECK((is_open(symbols[later].first) || symbols[later].second < symbols[k].second));
      CHECK(symbols[later].first != symbols[k].first);
    }
}

TEST_CASE("bars end where y can go no further, the data keep their errors") {
  auto figure = coinciding(1);
  figure.curves[0].y = {0.95, 1};
  figure.greatest_y = 1;
  const auto script = figures::script_of({figure}, "f", "svg");
  CHECK_THAT(script, Contains("greatest = 1\n") && Contains("least = -1e+300\n") &&
                         Contains("top($4,error(5))-bottom($4,error(5))"));
  CHECK_THAT(figures::data_of({figure}), Contains("0,0,2,1,0.1,points"));
}

TEST_CASE("a mark off the axis is named and not drawn") {
  auto figure = coinciding(1);
  figure.marks = {{2.05, "near"}, {7, "T_M = 7"}};
  const auto script = figures::script_of({figure}, "f", "svg");
  CHECK_THAT(script, Contains("set arrow from first 2.05,") && !Contains("set arrow from first 7,") &&
                         Contains("T_M = 7 (off the axis)"));
  auto unmarked = figure;
  unmarked.marks.clear();
  CHECK(figures::layout_of({figure}).width > figures::layout_of({unmarked}).width);  // room for what it says
}

TEST_CASE("curves that meet stand side by side and the legend says so, others stay") {
  const auto script = figures::script_of({coinciding(2)}, "f", "svg");
  CHECK_THAT(script, Contains("($3+(-0.") && Contains("($3+(0.") && Contains("0.8 symbols apart"));
  auto with_line = coinciding(2);
  with_line.curves.push_back({"", {1, 2}, {5, 5}, {}, Curve::Style::line, -1});
  CHECK_THAT(figures::script_of({with_line}, "f", "svg"), Contains("0.8 symbols apart"));
  auto apart = coinciding(2);
  apart.curves[1].y = {10, 20};
  const auto plain = figures::script_of({apart}, "f", "svg");
  CHECK_THAT(plain, !Contains("($3") && !Contains("symbols apart"));
  CHECK_THAT(figures::data_of({coinciding(2)}), Contains("0,1,1,1,0.1,points"));  // data stay where they are
}

TEST_CASE("many curves that meet stay in the box") {
  const auto places = figures::side_by_side(coinciding(20), figures::box_width, figures::least_box_height);
  const double air = figures::box_width * figures::x_air / (1 + 2 * figures::x_air);
  for (const double place : places) CHECK(std::abs(place) <= air - figures::symbol_width / 2 + 1e-9);
  CHECK(places.front() < places.back());
}

TEST_CASE("a marker is one symbol whatever the colour, and the legend explains each once") {
  auto figure = coinciding(4);
  for (int c = 0; c < 4; ++c) figure.curves[c].group = c / 2, figure.curves[c].marker = c % 2;
  figure.legend = {{"T = 1", Curve::Style::points, 0, -1}, {"N = 500", Curve::Style::points, -1, 0}};
  const auto script = figures::script_of({figure}, "f", "svg");
  const auto symbols = symbols_of(script);
  REQUIRE(symbols.size() == 4);
  CHECK(symbols[0] == symbols[2]);
  CHECK(symbols[1] == symbols[3]);
  CHECK(symbols[0] != symbols[1]);
  CHECK_THAT(script,
             Contains("title \"T = 1\"") && Contains("title \"N = 500\"") && !Contains("title \"N = 2\""));
}
