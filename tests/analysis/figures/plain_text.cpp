// Plain text: UTF-8 kept, everything else made harmless.
#include "analysis/figures/plain_text.hpp"

#include <catch2/catch.hpp>

using namespace mattis::figures;

TEST_CASE("plain text is one line of valid UTF-8") {
  CHECK(plain("alpha \u03b1 = P/N, \U0001F4C8") == "alpha \u03b1 = P/N, \U0001F4C8");
  CHECK(plain("a\nb\tc\x7f"
              "d\u0085"
              "e\u2028"
              "f") == "a b c d e f");
  CHECK(plain("\xff\xc0\x80") == "\uFFFD\uFFFD\uFFFD");            // never in UTF-8; overlong
  CHECK(plain("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");            // half a surrogate pair
  CHECK(plain("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
  CHECK(plain("\xce") == "\uFFFD");                                // cut off
  CHECK(length_of("\u03b1\u03b2c") == 3);
}

TEST_CASE("quotes mean themselves in scripts and in tables") {
  CHECK(gnuplot_string("N = 500, T_M (RS)") == "\"N = 500, T_M (RS)\"");
  CHECK(gnuplot_string("'\"\\`@$") == "\"\\047\\042\\134\\140\\100\\044\"");
  CHECK(csv_field("it's \"x\", y") == "\"it's \"\"x\"\", y\"");
}

TEST_CASE("lines break between words, and inside words that are too long") {
  using Lines = std::vector<std::string>;
  CHECK(wrapped("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrapped("one\ntwo", 7) == Lines{"one", "two"});
  CHECK(wrapped("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(wrapped("\u03b1\u03b2\u03b3\u03b4", 2) == Lines{"\u03b1\u03b2", "\u03b3\u03b4"});
  CHECK(wrapped("", 5).empty());
  CHECK(wrapped("ab", 0) == Lines{"a", "b"});
}
