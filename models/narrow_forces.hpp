// Forces G(M_mu) in 16 bits: the field of a site is a masked sum of them, a flip a dozen vector operations for 16 patterns.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/pattern_set.hpp"

namespace mattis {

/// G(M) and E(M) (pattern_system.hpp) as functions of v, M = 2 v + r, r = N mod 2, to 16 bits. Immutable, shared by all chains.
///
/// Where G and E are polynomials in v whose coefficients are integers modulo 2^16 (odd denominators have inverses), they are
/// evaluated as such, all patterns at once: what a product loses beyond 16 bits is lost in the table too.
class NarrowLaw {
 public:
  static constexpr std::size_t most_terms = 8;

  /// The numbers at M = 0 of tables of 2 N + 1 numbers.
  template <class Number>
  NarrowLaw(SiteIndex num_spins, const Number* forces, const Number* curvatures)
      : num_spins_(num_spins), odd_(num_spins % 2) {
    for (SiteIndex m = -num_spins; m <= num_spins; m += 2) exact_.push_back({forces[m], curvatures[m]});
    make_polynomials();
    make_narrow();
  }

  /// Do the numbers of almost all patterns of independent entries fit 16 bits, those within three standard deviations of
  /// M = 0, and the sums of all of them 64?
  bool is_useful(SiteIndex num_patterns) const noexcept;

  std::int32_t odd() const noexcept { return odd_; }
  /// Up to |v| = largest, 16 bits hold G and E; beyond, `beyond` is what they lack.
  std::int32_t largest() const noexcept { return largest_; }

  struct Pair {
    std::int64_t force, curvature;
  };
  Pair narrow(std::int32_t v) const noexcept { return narrow_[index(v)]; }
  std::int64_t force(std::int32_t v) const noexcept { return exact_[index(v)].force; }
  Pair beyond(std::int32_t v) const noexcept {
    const Pair exact = exact_[index(v)], narrow = narrow_[index(v)];
    return {exact.force - narrow.force, exact.curvature - narrow.curvature};
  }

  /// Coefficients modulo 2^16 of 1, v, v^2 ...; of G one more than of E. Empty: no such polynomials.
  struct Polynomials {
    std::vector<std::int16_t> force, curvature;
  };
  const Polynomials& polynomials() const noexcept { return polynomials_; }

 private:
  std::size_t index(std::int32_t v) const noexcept {
    return static_cast<std::size_t>(v + (num_spins_ + odd_) / 2);
  }
  void make_polynomials();
  void make_narrow();

  SiteIndex num_spins_;
  std::int32_t odd_, largest_ = -1;
  std::int64_t largest_number_ = 0;
  Polynomials polynomials_;
  std::vector<Pair> exact_, narrow_;
};

/// v_mu and G(v_mu) of one chain, of patterns without entries 0.
///
/// Shapes   in blocks of 512 patterns: pattern 512 b + 16 l + k stands at 512 b + 32 k + l, so that lane l of vector k
///          meets bit k of the l-th 16 bits of a site's row.
/// Exact    always: patterns beyond NarrowLaw::largest are listed, with what their 16 bits lack.
/// Cost     a sum 3 vector operations for 16 patterns; a flip 10 and 3 p; both more by the listed patterns.
/// Memory   5 bytes a pattern.
class NarrowForces {
  template <class T>
  using Buffer = hwy::AlignedFreeUniquePtr<T[]>;

 public:
  static constexpr std::size_t block = 512;
  static std::size_t place(std::size_t mu) noexcept {
    return mu / block * block + mu % 16 * (block / 16) + mu % block / 16;
  }

  NarrowForces(std::shared_ptr<const NarrowLaw> law, std::shared_ptr<const PatternSet> patterns);
  NarrowForces(const NarrowForces& other);
  NarrowForces(NarrowForces&&) = default;

  /// The counts have changed otherwise than by `flip`.
  void forget() noexcept { is_current_ = false; }
  /// Then takes them from `counts`; before anything below.
  void follow(std::span<const std::int32_t> counts) {
    if (!is_current_) read(counts);
  }
  void write(std::span<std::int32_t> counts) const;

  /// sums[k] = sum of G over the patterns with xi = +1 at sites[k]. Several at once read the forces once.
  void sum_over_plus(std::span<const SiteIndex> sites, std::int64_t* sums) const;
  std::int64_t force_sum() const noexcept { return force_sum_; }
  std::int64_t curvature_sum() const noexcept { return curvature_sum_; }
  /// Do so many patterns lie beyond `largest` that plain sums are faster?
  bool is_crowded() const noexcept {
    return listed_.size() > 64 && 16 * listed_.size() > num_blocks_ * block;
  }

  /// Spin i was `before` and is turned.
  void flip(SiteIndex i, int before);
  /// The same, and what narrow_forces() were goes to `old`, of as many numbers.
  void flip(SiteIndex i, int before, Buffer<std::int16_t>& old) {
    forces_.swap(old);
    flip(i, before);
  }

  /// G of pattern mu at place(mu), without what 16 bits lack; 0 where there is no pattern.
  const std::int16_t* narrow_forces() const noexcept { return forces_.get(); }
  /// Of the last block: -1 where there is a pattern, 0 where there is none.
  const std::int16_t* valid() const noexcept { return valid_.get(); }
  std::int32_t half(std::size_t mu) const noexcept { return halves_[place(mu)]; }
  /// Patterns that 16 bits may not hold, or did not before the last flip.
  template <class See>
  void for_listed(const See& see) const {
    for (const Listed& listed : listed_) see(listed.pattern);
  }

 private:
  struct Listed {
    SiteIndex pattern;
    std::int64_t force;  ///< what 16 bits lack
  };

  void read(std::span<const std::int32_t> counts);
  void look_up();
  void list();
  void complete();

  std::shared_ptr<const NarrowLaw> law_;
  std::shared_ptr<const PatternSet> patterns_;
  std::size_t num_blocks_;
  Buffer<std::int16_t> halves_, forces_, valid_;
  std::vector<Listed> listed_;
  bool is_current_ = false;
  std::int32_t room_ = 0;  // flips until another pattern may have to be listed
  std::int64_t narrow_force_sum_ = 0, narrow_curvature_sum_ = 0, force_sum_ = 0, curvature_sum_ = 0;
};

}  // namespace mattis
