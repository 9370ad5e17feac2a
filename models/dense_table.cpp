#include "models/dense_table.hpp"

#include <algorithm>
#include <cmath>

#include "engine/error.hpp"

namespace mattis {

namespace {

using Wide = pattern_fields::Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

constexpr int largest_power = 8, force_bits = 58;

/// a b, known to fit.
Wide product(Wide a, Wide b) {
  return static_cast<Wide>(static_cast<UnsignedWide>(a) * static_cast<UnsignedWide>(b));
}

Wide absolute(Wide x) { return x < 0 ? -x : x; }

Wide common_divisor(Wide a, Wide b) {
  while (b != 0) {
    const Wide remainder = a % b;
    a = b;
    b = remainder;
  }
  return a;
}

Wide power(Wide x, int p) {
  Wide result = 1;
  for (int k = 0; k < p; ++k) result = product(result, x);
  return result;
}

/// x / 2^shift to the nearest, halves away from zero.
Wide rounded(Wide x, int shift) {
  if (shift == 0) return x;
  const Wide half = Wide{1} << (shift - 1);
  return x < 0 ? -((-x + half) >> shift) : (x + half) >> shift;
}

/// Coefficients of a product of (1+z), (1-z) and 1/(1-z) up to z^p.
class Series {
 public:
  explicit Series(int p) : c_(static_cast<std::size_t>(p) + 1, 0) { c_[0] = 1; }
  Wide last() const { return c_.back(); }
  void times_one_plus_z() {
    for (std::size_t k = c_.size() - 1; k > 0; --k) c_[k] += c_[k - 1];
  }
  void times_one_minus_z() {
    for (std::size_t k = c_.size() - 1; k > 0; --k) c_[k] -= c_[k - 1];
  }
  void over_one_minus_z() {
    for (std::size_t k = 1; k < c_.size(); ++k) c_[k] += c_[k - 1];
  }

 private:
  std::vector<Wide> c_;
};

double power_of(double x, int p) {
  double result = 1;
  for (int k = 0; k < p; ++k) result *= x;
  return result;
}

double factorial(int p) { return p < 2 ? 1 : p * factorial(p - 1); }

/// E[f(M)] for N random signs, in plain operations: weights from the recurrence of binomial coefficients, the largest 1.
template <class F>
double random_mean(int n, F f) {
  double weight = 1, sum = 0, weights = 0;
  for (int m = n % 2; m <= n; m += 2) {
    const double both = m == 0 ? f(0) : f(m) + f(-m);  // exactly 0 for odd f
    sum += weight * both;
    weights += m == 0 ? weight : 2 * weight;
    weight *= static_cast<double>(n - m) / (n + m + 2);
  }
  return sum / weights;
}

}  // namespace

bool DenseTable::is_representable(DenseForm form, int p, double num_spins) {
  double bits = 0;
  if (form == DenseForm::exponential) return true;
  if (form == DenseForm::distinct)
    for (int k = 0; k < p; ++k) bits += std::log2(std::max(1.0, num_spins - k)) - std::log2(k + 1.0);
  else
    bits = p * std::log2(num_spins);
  return bits < 116;
}

DenseTable::DenseTable(DenseForm form, int p, int num_spins, std::span<const int> sizes)
    : num_spins_(num_spins), has_rows_(form == DenseForm::distinct) {
  MATTIS_CHECK(p >= 2 && p <= largest_power && form != DenseForm::exponential && !sizes.empty() &&
               is_representable(form, p, num_spins));
  const std::size_t stride = 2 * static_cast<std::size_t>(num_spins) + 1;
  std::vector<Row> rows;
  energies_.assign(stride * (has_rows_ ? sizes.size() : 1), 0);
  if (form == DenseForm::distinct) {
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      Series signs(p);
      for (int b = 0; b < sizes[k]; ++b) signs.times_one_minus_z();
      for (int m = -sizes[k]; m <= sizes[k]; m += 2) {
        energies_[static_cast<std::size_t>(origin(k) + m)] = -signs.last();
        signs.over_one_minus_z();
        signs.times_one_plus_z();
      }
      rows.push_back({sizes[k], 2});
    }
    quantum_ = factorial(p) / (2 * power_of(num_spins, p - 1));
  } else {
    const bool is_rectified = form == DenseForm::rectified;
    for (int m = -num_spins; m <= num_spins; ++m)
      energies_[static_cast<std::size_t>(origin(0) + m)] = is_rectified && m < 0 ? 0 : -power(m, p);
    // Without zeros all counts have the parity of N.
    const bool has_zeros = sizes.size() > 1 || sizes.front() != num_spins;
    rows.push_back({num_spins, has_zeros ? 1 : 2});
    quantum_ = 1 / (2 * power_of(num_spins, p - 1));
    mean_ =
        -quantum_ * random_mean(num_spins, [&](int m) { return is_rectified && m < 0 ? 0 : power_of(m, p); });
  }
  differences(rows);
}

/// 2 G and 2 E in quanta, then in their common divisor; F coarser until they fit.
void DenseTable::differences(const std::vector<Row>& rows) {
  const std::vector<Wide> exact = energies_;
  std::vector<Wide> forces(exact.size(), 0), curvatures(exact.size(), 0);
  for (int shift = 0;; ++shift) {
    Wide divisor = 0, largest = 0;
    for (std::size_t x = 0; x < exact.size(); ++x) energies_[x] = rounded(exact[x], shift);
    for (std::size_t k = 0; k < rows.size(); ++k)
      for (int m = -rows[k].largest; m <= rows[k].largest; m += rows[k].step) {
        const auto x = static_cast<std::size_t>(origin(k) + m);
        // No spin turns a count beyond its bounds: there, the straight line from the other side.
        const bool has_lower = m - 2 >= -rows[k].largest, has_upper = m + 2 <= rows[k].largest;
        if (!has_lower && !has_upper) continue;
        const Wide f = energies_[x];
        const Wide lower = has_lower ? energies_[x - 2] : f + f - energies_[x + 2];
        const Wide upper = has_upper ? energies_[x + 2] : f + f - energies_[x - 2];
        forces[x] = lower - upper;
        curvatures[x] = f + f - lower - upper;
        divisor = common_divisor(divisor, absolute(forces[x]));
        divisor = common_divisor(divisor, absolute(curvatures[x]));
        largest = std::max({largest, absolute(forces[x]), absolute(curvatures[x])});
      }
    divisor = std::max<Wide>(divisor, 1);
    if (largest / divisor >= Wide{1} << force_bits) continue;
    largest_ = static_cast<std::int64_t>(largest / divisor);
    quantum_ = std::ldexp(quantum_, shift);
    unit_ = quantum_ * static_cast<double>(divisor) / 2;
    for (std::size_t x = 0; x < exact.size(); ++x) {
      forces_.push_back(static_cast<std::int64_t>(forces[x] / divisor));
      curvatures_.push_back(static_cast<std::int64_t>(curvatures[x] / divisor));
    }
    return;
  }
}

}  // namespace mattis
