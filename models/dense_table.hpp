// F(M) of a dense memory for every count M: exact integers, and the two integers of a flip that follow from them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/pattern_fields.hpp"

namespace mattis {

/// What stored patterns of overlap m = M/N add to the energy.
///
///     distinct      F = -(p!/(2 N^{p-1})) e_p(M)         no site twice: e_p is the elementary symmetric polynomial of
///                                                       degree p of n signs of sum M (n entries of the pattern are not 0)
///     power         F = -(N/2) (m^p - E[m^p])           all p-tuples of sites; E over a random pattern of N entries +-1
///     exponential   F = -(N/2) exp(M - N)               (dense_energy.hpp)
///     rectified     F = -(N/2) (m_+^p - E[m_+^p])       m_+ = max(m, 0)
enum class DenseForm { distinct, power, exponential, rectified };

/// F(M), G(M) and E(M) (pattern_system.hpp) of the forms but the exponential one, M = -N ... N. F is an integer in units of `quantum`,
///
///     e_p(M) = [z^p] (1+z)^a (1-z)^b,  a = (n+M)/2,  b = (n-M)/2;      M^p
///
/// and so are its differences. G and E are those divided by their greatest common divisor. Where they would need more
/// than 58 bits, F is rounded to multiples of the smallest power of two that makes them fit: at N = 1000 that happens for the power
/// and rectified forms at p = 8 alone, where G(N) is then kept to 2^-57 of its size. Costs are differences of F even then.
///
/// Memory   32 bytes for each M and each number of entries.
class DenseTable {
 public:
  using Wide = pattern_fields::Wide;

  /// Patterns with `sizes` entries other than 0, ascending: {N} where there are no zeros.
  DenseTable(DenseForm form, int p, int num_spins, std::span<const int> sizes);

  /// Is every number below 2^120, so that nothing overflows on the way?
  static bool is_representable(DenseForm form, int p, double num_spins);

  double unit() const noexcept { return unit_; }        ///< of flip costs
  double quantum() const noexcept { return quantum_; }  ///< of F
  double mean() const noexcept { return mean_; }        ///< what is taken off F, an energy
  bool fits_32_bits() const noexcept { return largest_ < std::int64_t{1} << 26; }

  /// Where M = 0 stands for patterns with sizes[k] entries.
  std::int32_t origin(std::size_t k) const noexcept {
    return static_cast<std::int32_t>(has_rows_ ? k : 0) * (2 * num_spins_ + 1) + num_spins_;
  }
  const std::vector<Wide>& energies() const noexcept { return energies_; }
  const std::vector<std::int64_t>& forces() const noexcept { return forces_; }
  const std::vector<std::int64_t>& curvatures() const noexcept { return curvatures_; }

 private:
  struct Row {
    int largest, step;  ///< M = -largest, -largest + step ... largest
  };
  void differences(const std::vector<Row>& rows);

  int num_spins_;
  bool has_rows_;
  double unit_ = 0, quantum_ = 0, mean_ = 0;
  std::int64_t largest_ = 0;
  std::vector<Wide> energies_;
  std::vector<std::int64_t> forces_, curvatures_;
};

}  // namespace mattis
