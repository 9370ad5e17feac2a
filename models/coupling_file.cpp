#include "models/coupling_file.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <cmath>
#include <memory>

#include "engine/error.hpp"

namespace mattis {

namespace {

using table_file::Shape;
using table_file::Take;

const table_file::Wording of_couplings{.thing = "coupling",
                                       .entries = "couplings are finite numbers",
                                       .layout = "couplings are a square table: J_ij in row i, column j",
                                       .type = "float64"};
const table_file::Wording of_fields{.thing = "field",
                                    .entries = "fields are finite numbers",
                                    .layout = "fields are one number for each spin",
                                    .type = "float64",
                                    .is_list = true};

/// Keeps finite numbers; -0 becomes 0, which is the same coupling.
Take into(std::vector<double>& numbers) {
  return [&numbers](double value) {
    if (std::isfinite(value)) numbers.push_back(value + 0.0);
    return std::isfinite(value);
  };
}

std::uint64_t content_of(const CouplingTable& table) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  MATTIS_CHECK(state && XXH3_64bits_reset(state.get()) == XXH_OK);
  const auto size = static_cast<std::uint64_t>(table.size);
  MATTIS_CHECK(XXH3_64bits_update(state.get(), &size, sizeof size) == XXH_OK);
  for (const auto* numbers : {&table.couplings, &table.fields})
    MATTIS_CHECK(XXH3_64bits_update(state.get(), numbers->data(), numbers->size() * sizeof(double)) ==
                 XXH_OK);
  return XXH3_64bits_digest(state.get());
}

void check_couplings(CouplingTable& table, const Shape& shape, const std::string& name) {
  if (shape.rows != shape.columns)
    throw InputError(fmt::format("the table has {} rows and {} columns", shape.rows, shape.columns), name,
                     of_couplings.layout);
  table.size = shape.rows;
  const auto coupling = [&](std::size_t i, std::size_t j) { return table.couplings[i * table.size + j]; };
  for (std::size_t i = 0; i < table.size; ++i) {
    if (coupling(i, i) != 0)
      throw InputError(fmt::format("J[{0},{0}] = {1}, but the diagonal has to be 0", i, coupling(i, i)), name,
                       "J_ii adds -J_ii/2 to every energy and nothing else: numpy.fill_diagonal(J, 0)");
    for (std::size_t j = 0; j < i; ++j)
      if (coupling(i, j) != coupling(j, i))
        throw InputError(
            fmt::format("J[{},{}] = {}, but J[{},{}] = {}", j, i, coupling(j, i), i, j, coupling(i, j)), name,
            "couplings are symmetric: (J + J.T) / 2 is, and has the same energies");
  }
}

/// What the local field of a spin, and the sum over all of them, may grow to.
void check_size(const CouplingTable& table, const std::string& name) {
  double total = 0;
  for (const double x : table.couplings) total += std::abs(x);
  for (const double x : table.fields) total += std::abs(x);
  if (!(total < 1e300))
    throw InputError("the numbers are too large to be added up", name, "change the unit of energy");
}

CouplingTable couplings_of(const std::string& name, const std::function<Shape(const Take&)>& read) {
  CouplingTable table;
  const Shape shape = read(into(table.couplings));
  check_couplings(table, shape, name);
  check_size(table, name);
  table.content = content_of(table);
  return table;
}

}  // namespace

CouplingTable parse_couplings(std::string_view bytes, table_file::Format format, const std::string& name) {
  return couplings_of(
      name, [&](const Take& take) { return table_file::parse(bytes, format, name, of_couplings, take); });
}

CouplingTable read_couplings(const std::string& couplings_file, const std::string& fields_file) {
  CouplingTable table = couplings_of(
      couplings_file, [&](const Take& take) { return table_file::read(couplings_file, of_couplings, take); });
  if (fields_file.empty()) return table;
  const Shape shape = table_file::read(fields_file, of_fields, into(table.fields));
  if (shape.rows != 1 && shape.columns != 1)
    throw InputError(fmt::format("the table has {} rows and {} columns", shape.rows, shape.columns),
                     fields_file, of_fields.layout);
  if (table.fields.size() != table.size)
    throw InputError(fmt::format("{} fields for {} spins", table.fields.size(), table.size), fields_file,
                     fmt::format("{} holds {} x {} couplings", couplings_file, table.size, table.size));
  check_size(table, fields_file);
  table.content = content_of(table);
  return table;
}

}  // namespace mattis
