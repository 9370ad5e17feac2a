#include "models/pspin_couplings.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "models/instruction_sets.hpp"

namespace mattis {

namespace {

/// sum_c n_c x_c; n_c times `sign` is added to gradient_c.
MATTIS_CLONES std::int32_t innermost(const std::int32_t* n, const std::int32_t* x, std::size_t size,
                                     std::int32_t sign, std::int32_t* gradient) noexcept {
  std::int32_t sum = 0;
  for (std::size_t c = 0; c < size; ++c) {
    sum += n[c] * x[c];
    gradient[c] += sign * n[c];
  }
  return sum;
}

/// The rest of a row, read once from `n` on.
struct RowPass {
  const std::int32_t* n;
  const std::int32_t* x;
  std::int32_t* gradient;

  /// Over c_1 < ... < c_depth < end, beside outer spins whose product is `sign`.
  std::int32_t sum(int depth, std::size_t end, std::int32_t sign) noexcept {
    if (depth == 1) {
      const std::int32_t* row = n;
      n += end;
      return innermost(row, x, end, sign, gradient);
    }
    std::int32_t total = 0;
    for (std::size_t c = static_cast<std::size_t>(depth) - 1; c < end; ++c) {
      const std::int32_t inner = sum(depth - 1, c, sign * x[c]);
      gradient[c] += sign * inner;
      total += x[c] * inner;
    }
    return total;
  }
};

}  // namespace

PspinCouplings::PspinCouplings(SiteIndex num_spins, int order, double quantum)
    : num_spins_(num_spins), order_(order), quantum_(quantum) {
  const auto columns = static_cast<std::size_t>(order) + 1;
  choose_.assign((static_cast<std::size_t>(num_spins) + 1) * columns, 0);
  for (std::size_t n = 0; n <= static_cast<std::size_t>(num_spins); ++n) {
    choose_[n * columns] = 1;
    for (std::size_t k = 1; k < columns && n > 0; ++k)
      choose_[n * columns + k] = choose_[(n - 1) * columns + k] + choose_[(n - 1) * columns + k - 1];
  }
  row_ = choose(num_spins - 1, static_cast<std::size_t>(order) - 1);
  rows_.assign(row_ * static_cast<std::size_t>(num_spins), 0);
}

std::size_t PspinCouplings::place(SiteIndex a, std::span<const SiteIndex> sites) const {
  std::size_t rank = 0, j = 0;
  for (const SiteIndex site : sites)
    if (site != a) rank += choose(site - (site > a), ++j);
  return static_cast<std::size_t>(a) * row_ + rank;
}

std::int32_t PspinCouplings::coupling(std::span<const SiteIndex> sites) const {
  return rows_[place(sites.front(), sites)];
}

void PspinCouplings::set(std::span<const SiteIndex> sites, std::int32_t value) {
  for (const SiteIndex a : sites) rows_[place(a, sites)] = value;
}

std::int64_t PspinCouplings::largest_row() const {
  std::int64_t largest = 0;
  for (std::size_t start = 0; start < rows_.size(); start += row_) {
    std::int64_t sum = 0;
    for (std::size_t k = start; k < start + row_; ++k) sum += std::abs(rows_[k]);
    largest = std::max(largest, sum);
  }
  return largest;
}

std::int32_t PspinCouplings::field(SiteIndex a, const std::int32_t* x, std::int32_t* gradient) const {
  RowPass pass{rows_.data() + static_cast<std::size_t>(a) * row_, x, gradient};
  return pass.sum(order_ - 1, static_cast<std::size_t>(num_spins_) - 1, 1);
}

}  // namespace mattis
