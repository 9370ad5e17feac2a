// Text that a drawing program takes as it stands, whatever the user typed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mattis::figures {

/// One line of valid UTF-8: control characters become spaces, bytes that are no UTF-8 become U+FFFD.
std::string plain(std::string_view text);

/// Number of characters (code points) of valid UTF-8.
std::size_t length_of(std::string_view text);

/// The lines of a text, each plain and at most `width` characters long where a break between words allows it;
/// a longer word is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// A gnuplot string that means exactly plain(text), with quotes, backslashes, backticks and whatever else
/// gnuplot might act on written as octal numbers. (Its '' within single quotes does not work at their
/// beginning.)
std::string gnuplot_string(std::string_view text);

/// A field of a CSV file that means exactly plain(text).
std::string csv_field(std::string_view text);

}  // namespace mattis::figures
