#include "models/couplings.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/error.hpp"

namespace mattis {

namespace {

constexpr int field_bits = 52, total_bits = 61, deepest_quantum = 1020;
constexpr double largest_exact_field = 0x1p29;

/// F_i = sum_j |x_ij| + |h_i|: their maximum and their sum.
struct FieldBounds {
  double largest = 0, sum = 0;
};

FieldBounds field_bounds(const CouplingTable& table) {
  FieldBounds bounds;
  for (std::size_t i = 0; i < table.size; ++i) {
    double field = table.fields.empty() ? 0.0 : std::abs(table.fields[i]);
    for (std::size_t j = 0; j < table.size; ++j) field += std::abs(table.couplings[i * table.size + j]);
    bounds.largest = std::max(bounds.largest, field);
    bounds.sum += field;
  }
  return bounds;
}

template <class Visit>
bool all_numbers(const CouplingTable& table, Visit visit) {
  return std::all_of(table.couplings.begin(), table.couplings.end(), visit) &&
         std::all_of(table.fields.begin(), table.fields.end(), visit);
}

/// Greatest common divisor of numbers that carry a rounding error, by Euclid's algorithm: what is below `noise` is 0.
double common_divisor(double a, double b, double noise) {
  while (b > noise) {
    const double remainder = std::abs(a - b * std::nearbyint(a / b));
    a = b;
    b = remainder;
  }
  return a;
}

/// The largest unit that all numbers are multiples of, to within 2^-50 of each number. 1 where all are 0.
std::optional<double> common_unit(const CouplingTable& table, double largest_field) {
  double largest = 0;
  all_numbers(table, [&](double x) {
    largest = std::max(largest, std::abs(x));
    return true;
  });
  if (largest == 0) return 1.0;
  double divisor = largest;
  const double noise = largest * 0x1p-44, smallest = largest_field / largest_exact_field;
  const bool found = all_numbers(table, [&](double x) {
    divisor = common_divisor(divisor, std::abs(x), noise);
    return divisor >= smallest;
  });
  if (!found) return std::nullopt;
  const double unit = largest / std::nearbyint(largest / divisor);
  const bool fits = all_numbers(table, [&](double x) {
    return std::abs(x - unit * std::nearbyint(x / unit)) <= 0x1p-50 * std::abs(x);
  });
  return fits ? std::optional(unit) : std::nullopt;
}

/// The exponent e with x <= 2^e, x > 0.
int exponent_above(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  return exponent;
}

}  // namespace

Quantisation quantisation(const CouplingTable& table) {
  const FieldBounds bounds = field_bounds(table);
  if (const auto unit = common_unit(table, bounds.largest);
      unit && bounds.largest <= largest_exact_field * *unit)
    return {*unit, true, std::llrint(bounds.largest / *unit)};
  const int k = std::min({field_bits - exponent_above(bounds.largest),
                          total_bits - exponent_above(bounds.sum), deepest_quantum});
  return {std::ldexp(1.0, -k), false, std::llrint(std::ldexp(bounds.largest, k))};
}

template <class Coupling, class Field>
Couplings<Coupling, Field> in_quanta(const CouplingTable& table, double quantum) {
  Couplings<Coupling, Field> out{static_cast<SiteIndex>(table.size), quantum, {}, {}};
  out.jumps.reserve(table.couplings.size());
  for (const double x : table.couplings)
    out.jumps.push_back(static_cast<Coupling>(2 * std::llrint(x / quantum)));
  out.fields.assign(table.size, 0);
  for (std::size_t i = 0; i < table.fields.size(); ++i)
    out.fields[i] = static_cast<Field>(std::llrint(table.fields[i] / quantum));
  return out;
}

template Couplings<std::int32_t, std::int32_t> in_quanta(const CouplingTable&, double);
template Couplings<std::int64_t, std::int64_t> in_quanta(const CouplingTable&, double);

}  // namespace mattis
