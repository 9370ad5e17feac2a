// One self-describing variable of a file: values over named dimensions, with what they mean in attributes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/store/hdf5_file.hpp"

namespace mattis::store {

/// Dimensions of a variable: names of scales and their lengths, slowest first.
struct Dimensions {
  std::vector<std::string> names;
  Shape lengths;

  Dimensions with(const std::string& name, std::size_t length) const;
  std::size_t size() const;
};

/// What a variable says of itself; empty fields are left out.
struct Words {
  std::string long_name, symbol, units, definition;
};

/// A name as it is spoken: "_" becomes a blank.
std::string spoken(std::string name);

/// Units as an attribute: "1" where there are none.
std::string units_or_one(const std::string& units);

/// Writes the values and attaches the scale of each dimension. A variable with the name of its one dimension
/// becomes that scale; the others must come after their scales. T is double, std::int64_t, std::int8_t or
/// std::string.
template <class T>
void write_variable(Hdf5File& file, const std::string& name, const Dimensions& dims,
                    const std::vector<T>& values, const Words& words);

}  // namespace mattis::store
