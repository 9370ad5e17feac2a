#include "engine/store/variable.hpp"

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace mattis::store {

namespace {
constexpr std::size_t compress_from = 8192;  // values
}

Dimensions Dimensions::with(const std::string& name, std::size_t length) const {
  Dimensions more = *this;
  more.names.push_back(name);
  more.lengths.push_back(length);
  return more;
}

std::size_t Dimensions::size() const {
  std::size_t product = 1;
  for (const std::size_t length : lengths) product *= length;
  return product;
}

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string units_or_one(const std::string& units) { return units.empty() ? "1" : units; }

template <class T>
void write_variable(Hdf5File& file, const std::string& name, const Dimensions& dims,
                    const std::vector<T>& values, const Words& words) {
  if constexpr (std::is_same_v<T, std::string>) {
    file.write(name, values, dims.lengths);
  } else {
    file.write<T>(name, values, dims.lengths, values.size() >= compress_from);
  }
  const auto say = [&](const char* what, const std::string& text) {
    if (!text.empty()) file.set_attribute(name, what, text);
  };
  say("long_name", words.long_name);
  say("symbol", words.symbol);
  say("units", words.units);
  say("definition", words.definition);
  if (dims.names == std::vector{name}) {
    file.make_scale(name, name);
    return;
  }
  for (std::size_t d = 0; d < dims.names.size(); ++d) file.attach_scale(name, d, dims.names[d]);
}

template void write_variable(Hdf5File&, const std::string&, const Dimensions&, const std::vector<double>&,
                             const Words&);
template void write_variable(Hdf5File&, const std::string&, const Dimensions&,
                             const std::vector<std::int64_t>&, const Words&);
template void write_variable(Hdf5File&, const std::string&, const Dimensions&,
                             const std::vector<std::int8_t>&, const Words&);
template void write_variable(Hdf5File&, const std::string&, const Dimensions&,
                             const std::vector<std::string>&, const Words&);

}  // namespace mattis::store
