// Figures in three formats, whatever the titles and the data are, and what is said when there can be none.
#include "analysis/figures/figure.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

#include "analysis/figures/plain_text.hpp"
#include "engine/error.hpp"

using namespace mattis;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

namespace {

/// A fresh directory that is also the current one, so that nothing a script does elsewhere goes unseen.
class Directory {
 public:
  Directory()
      : path(fs::temp_directory_path() / fmt::format("mattis-figures-{}", ::getpid())),
        before_(fs::current_path()) {
    fs::remove_all(path);
    fs::create_directories(path);
    fs::current_path(path);
  }
  ~Directory() {
    fs::current_path(before_);
    fs::remove_all(path);
  }
  const fs::path path;

 private:
  fs::path before_;
};

/// PATH set to one directory while it lives.
class SearchPath {
 public:
  explicit SearchPath(const fs::path& directory) : before_(::getenv("PATH")) {
    ::setenv("PATH", directory.c_str(), 1);
  }
  ~SearchPath() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

void write_program(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
  fs::permissions(file, fs::perms::owner_all);
}

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Text of an XML file with its entities resolved.
std::string unescaped(std::string text) {
  for (const auto& [entity, character] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
    for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at)
      text.replace(at, std::string(entity).size(), character);
  return text;
}

Curve points(const std::string& title, std::vector<double> x, std::vector<double> y,
             std::vector<double> error = {}) {
  return {title, std::move(x), std::move(y), std::move(error), Curve::Style::points, -1};
}

Curve line(const std::string& title, std::vector<double> x, std::vector<double> y) {
  return {title, std::move(x), std::move(y), {}, Curve::Style::line, -1};
}

Figure capacity() {
  return {"Capacity",
          "load",
          "overlap",
          {points("N = 500", {0.12, 0.13, 0.14}, {0.9, 0.8, 0.5}, {0.01, 0.02, 0.02}),
           line("theory", {0.12, 0.137}, {0.98, 0.97})},
          {{0.137906, "alpha_c"}},
          false,
          "hopfield, 50 samples, seed 1"};
}

template <class Error, class Call>
std::string failure(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("every format is drawn, with its data and script beside it") {
  const Directory directory;
  const std::vector<std::pair<std::string, std::string>> formats{
      {"svg", "<?xml"}, {"png", "\x89PNG\r\n\x1a\n"}, {"pdf", "%PDF-"}};
  for (const auto& [ending, magic] : formats) {
    INFO(ending);
    draw({capacity()}, directory.path / ("capacity." + ending));
    const auto bytes = bytes_of(directory.path / ("capacity." + ending));
    CHECK_THAT(bytes, StartsWith(magic));
    CHECK(bytes.size() > 5000);
    fs::remove(directory.path / ("capacity." + ending));
  }
  CHECK(std::system("gnuplot capacity.gp && gnuplot -e \"ending='svg'\" capacity.gp") == 0);
  CHECK_THAT(bytes_of("capacity.pdf"), StartsWith("%PDF-"));
  CHECK_THAT(bytes_of("capacity.svg"),
             Contains("Capacity") && Contains("N = 500") && Contains("hopfield, 50 samples"));

  draw({capacity()}, "here.svg");  // a name without a directory
  CHECK(fs::exists("here.gp"));
}

TEST_CASE("lines are drawn before points, the legend keeps the order of the curves") {
  const Directory directory;
  draw({capacity()}, "capacity.svg");
  const auto script = bytes_of("capacity.gp");
  CHECK(script.find("with lines lw") < script.find("with points pt"));
  CHECK(script.find("title \"N = 500\"") < script.find("title \"theory\""));
}

TEST_CASE("the data read back to the same bits") {
  const Directory directory;
  const std::vector<double> x{0.1 + 0.2, 1e-300, -1 / 3.0}, y{M_PI, 1e17, std::nan("")},
      error{1e-9, 0, std::nan("")};
  draw({{"", "x", "y", {points("a, \"b\"", x, y, error), line("c", x, y)}, {}, false, ""}}, "data.svg");
  std::istringstream rows(bytes_of("data.curves.csv"));
  std::string row;
  std::getline(rows, row);
  CHECK(row == "panel,curve,x,y,error,style,title");
  for (std::size_t curve = 0; curve < 2; ++curve)
    for (std::size_t k = 0; k < 3; ++k) {
      REQUIRE(std::getline(rows, row));
      std::istringstream fields(row);
      std::vector<std::string> field(6);
      for (auto& text : field) std::getline(fields, text, ',');
      CHECK(field[1] == std::to_string(curve));
      CHECK(std::stod(field[2]) == x[k]);
      CHECK((std::isnan(y[k]) ? std::isnan(std::stod(field[3])) : std::stod(field[3]) == y[k]));
      CHECK(field[4].empty() == (curve == 1));
      CHECK(field[5] == (curve == 0 ? "points" : "line"));
      if (curve == 0) CHECK_THAT(row, Catch::Matchers::EndsWith(",\"a, \"\"b\"\"\""));
    }
  CHECK(!std::getline(rows, row));
}

TEST_CASE("titles are plain text: nothing in them is run, expanded or breaks the figure") {
  const Directory directory;
  const std::vector<std::string> hostile{
      "it's \"quoted\" 100 % _{sub} ^{sup} {/Bold x} & <b>",
      "'; system('touch pwned'); '",
      "'.system('touch pwned').'",
      "'; system(\"touch pwned\") #",
      "''",
      "\"; system(\"touch pwned\"); \"",
      "\\\"; system('touch pwned'); \"",
      "`touch pwned`",
      "$(touch pwned)",
      "@pwned ${pwned} %s %d %n",
      "two\nlines\n!touch pwned\r\nsystem 'touch pwned'",
      "ends in a backslash \\",
      "\\n \\' \\\" \\",
      "# comment",
      "</text><script>alert(1)</script>",
      std::string("nul\0byte \x01\x1b[31m", 16),
      "no utf-8: \xff\xc3( \xed\xa0\x80 \xf5\x80\x80\x80",
      "separators \u2028 \u2029 \u0085, alpha \u03b1, emoji \U0001F4C8",
      std::string(5000, 'w'),
      "many " + std::string(3000, ' ') + " spaces",
      "",
      " ",
  };
  std::vector<Figure> all;
  for (const auto& text : hostile) {
    INFO(text.substr(0, 60));
    auto figure = capacity();
    figure.title = figure.x_label = figure.y_label = figure.caption = text;
    for (auto& curve : figure.curves) curve.title = text;
    figure.marks[0].title = text;
    CHECK_NOTHROW(draw({figure}, "f.svg"));
    if (text.size() < 60)
      CHECK_THAT(unescaped(bytes_of("f.svg")), Contains(figures::plain(text.substr(0, text.find('\n')))));
    all.push_back(figure);
  }
  CHECK_NOTHROW(draw(all, "f.pdf"));
  all.resize(4);
  CHECK_NOTHROW(draw(all, "f.png"));
  CHECK(!fs::exists("pwned"));
  const std::size_t left = std::distance(fs::directory_iterator("."), fs::directory_iterator());
  CHECK(left == 5);  // f.svg f.png f.pdf f.gp f.curves.csv

  auto figure = capacity();
  figure.title = hostile[0];
  draw({figure}, "f.svg");
  CHECK_THAT(bytes_of("f.svg"), Contains("100 % _{sub} ^{sup} {/Bold x} &amp; &lt;b"));
  figure.title = "</text><script>alert(1)</script>";
  draw({figure}, "f.svg");
  CHECK_THAT(bytes_of("f.svg"), !Contains("<script>"));
}

TEST_CASE("file names are plain text too") {
  const Directory directory;
  for (const char* stem : {"it's", "-d", "|touch pwned", "< touch pwned", "`touch pwned`", "$(touch pwned)",
                           "a b\"c%d\\", "\u03b1", "@x", "'.system('touch pwned').'", "two.dots", "+"}) {
    INFO(stem);
    CHECK_NOTHROW(draw({capacity()}, std::string(stem) + ".svg"));
    CHECK(fs::exists(std::string(stem) + ".svg"));
    CHECK(!fs::exists("pwned"));
  }
  CHECK_THAT(failure<InputError>([] { draw({capacity()}, "two\nlines.svg"); }),
             Contains("control characters"));
}

TEST_CASE("any data make a figure") {
  const Directory directory;
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const std::vector<Figure> odd{
      {"no curves", "x", "y", {}, {}, false, ""},
      {"a mark alone", "x", "y", {}, {{0.5, "mark"}}, false, ""},
      {"empty curve", "x", "y", {points("none", {}, {}, {}), points("one", {1}, {2}, {0.1})}, {}, false, ""},
      {"nothing finite",
       "x",
       "y",
       {points("nan", {nan, 1, inf}, {1, nan, 2}, {1, 1, 1})},
       {{nan, "m"}, {inf, "m"}},
       false,
       ""},
      {"one point", "x", "y", {points("one", {0}, {0})}, {}, false, ""},
      {"all equal", "x", "y", {points("equal", {1, 1}, {-3, -3}, {0, 0})}, {}, false, ""},
      {"nearly equal",
       "x",
       "y",
       {points("close", {1, 1 + 1e-16, 2}, {1e15, 1e15 + 0.125, 1e15})},
       {},
       false,
       ""},
      {"huge and tiny",
       "x",
       "y",
       {points("big", {-1e307, 1e-300, 1e307}, {1e299, -1e308, 1e-320}, {1e308, inf, -1})},
       {},
       false,
       ""},
      {"logarithmic",
       "x",
       "y",
       {points("a", {-1, 0, 1e-12, 1e12}, {1, 2, 3, 4}), line("b", {1, 10, 100}, {1, nan, 2})},
       {{0, "0"}, {5, "5"}},
       true,
       ""},
      {"one logarithmic point", "x", "y", {points("a", {1e-300}, {1})}, {}, true, ""},
  };
  for (const auto& figure : odd) {
    INFO(figure.title);
    CHECK_NOTHROW(draw({figure}, "odd.svg"));
  }
  CHECK_NOTHROW(draw(odd, "odd.png"));

  Figure crowd{"crowd", "x", "y", {}, {}, false, std::string(4000, 'c')};
  for (int c = 0; c < 60; ++c)
    crowd.curves.push_back(points(fmt::format("N = {}", c), {1.0 * c, 2.0 * c}, {1, 2}, {0.1, nan}));
  CHECK_NOTHROW(draw({crowd, crowd}, "crowd.pdf"));
}

TEST_CASE("more panels than a bitmap can hold at full size are drawn smaller", "[default]") {
  const Directory directory;
  CHECK_NOTHROW(draw(
      std::vector<Figure>(70, {"many", "x", "y", {points("a", {1, 2}, {1, 2})}, {}, false, ""}), "many.png"));
}

TEST_CASE("what cannot be drawn is refused") {
  const Directory directory;
  CHECK_THAT(failure<InputError>([] { draw({capacity()}, "figure.jpg"); }), Contains(".svg, .png or .pdf"));
  CHECK_THAT(failure<InputError>([] { draw({capacity()}, "figure"); }), Contains(".svg, .png or .pdf"));
  CHECK_THAT(failure<InputError>([] { draw({}, "figure.svg"); }), Contains("no panels"));
  CHECK_THAT(failure<InputError>([] {
               auto figure = capacity();
               figure.curves[0].error.pop_back();
               draw({figure}, "figure.svg");
             }),
             Contains("panel 0, curve 0: 3 x, 3 y and 2 errors"));
  CHECK(fs::is_empty("."));
}

TEST_CASE("what the world refuses is said with its path") {
  const Directory directory;
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "missing/figure.svg"); }),
             Contains("missing/figure"));
  fs::create_directories("taken.svg/inside");
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "taken.svg"); }), Contains("taken.svg"));
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "/proc/figure.svg"); }),
             Contains("/proc/figure"));

  fs::create_directory("bin");
  const SearchPath search(directory.path / "bin");
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "figure.svg"); }),
             Contains("install the package gnuplot-nox"));
  write_program("bin/gnuplot", "#!/bin/sh\necho 'line 7: unknown' >&2\nexit 1\n");
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "figure.svg"); }),
             Contains("line 7: unknown"));
  write_program("bin/gnuplot", "#!/bin/sh\nprintf '<?xml and then the disk is full' > figure.svg\n");
  CHECK_THAT(failure<EnvironmentError>([] { draw({capacity()}, "figure.svg"); }), Contains("not whole"));
}
