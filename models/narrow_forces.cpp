#include "models/narrow_forces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "models/aligned_zeros.hpp"
#include "models/pattern_fields.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/narrow_forces.cpp"
#include <hwy/foreach_target.h>
// Highway's own order: foreach_target first.
#include <hwy/highway.h>

#ifndef MATTIS_MODELS_NARROW_FORCES_TYPES
#define MATTIS_MODELS_NARROW_FORCES_TYPES
namespace mattis::narrow {

constexpr std::size_t block = 512, vectors = 16, lanes = 32;  // patterns, and how they lie

/// What a flip moves. `valid`: -1 for the patterns of the last block, 0 for what pads it.
struct State {
  std::int16_t *halves, *forces;
  const std::int16_t* valid;
  std::size_t num_blocks;
};

struct Sums {
  std::int64_t forces = 0, curvatures = 0;
};

}  // namespace mattis::narrow
#endif

HWY_BEFORE_NAMESPACE();
namespace mattis::HWY_NAMESPACE {

namespace {

using namespace narrow;

#if HWY_TARGET == HWY_SCALAR
inline bool bit_at(const std::uint64_t* row, std::size_t mu) { return (row[mu / 64] >> (mu % 64) & 1) != 0; }

/// The pattern at a place.
constexpr std::size_t pattern_at(std::size_t place) {
  return place / block * block + place % lanes * vectors + place % block / lanes;
}

std::int16_t evaluate(const std::vector<std::int16_t>& coefficients, std::int16_t v) {
  unsigned value = 0;
  for (std::size_t t = coefficients.size(); t-- > 0;)
    value = value * static_cast<std::uint16_t>(v) + static_cast<std::uint16_t>(coefficients[t]);
  return static_cast<std::int16_t>(value);
}

void masked_sums(const std::uint64_t* const* rows, std::size_t num_rows, const State& state,
                 std::int64_t* sums) {
  for (std::size_t r = 0; r < num_rows; ++r) {
    sums[r] = 0;
    for (std::size_t x = 0; x < block * state.num_blocks; ++x)
      if (state.forces[x] != 0 && bit_at(rows[r], pattern_at(x))) sums[r] += state.forces[x];
  }
}

template <std::size_t>
Sums turn(const std::uint64_t* row, int before, const NarrowLaw::Polynomials& law, const State& state) {
  Sums sums;
  for (std::size_t x = 0; x < block * state.num_blocks; ++x) {
    if (x >= block * (state.num_blocks - 1) && state.valid[x % block] == 0) continue;
    const int up = bit_at(row, pattern_at(x)) ? before : -before;
    state.halves[x] = static_cast<std::int16_t>(state.halves[x] - up);
    sums.forces += state.forces[x] = evaluate(law.force, state.halves[x]);
    sums.curvatures += evaluate(law.curvature, state.halves[x]);
  }
  return sums;
}
#else
namespace hn = hwy::HWY_NAMESPACE;
using Shorts = hn::CappedTag<std::int16_t, lanes>;
using Integers = hn::RepartitionToWide<Shorts>;

/// 16 bits of a row for each lane.
HWY_INLINE HWY_ATTR hn::Vec<Shorts> row_bits(const std::uint64_t* row, std::size_t b, std::size_t lane) {
  return hn::LoadU(Shorts(), reinterpret_cast<const std::int16_t*>(row) + lanes * b + lane);
}
HWY_INLINE HWY_ATTR hn::Vec<Shorts> upper_half(hn::Vec<Shorts> bits) {
  const hn::RebindToUnsigned<Shorts> unsigneds;
  return hn::BitCast(Shorts(), hn::ShiftRight<8>(hn::BitCast(unsigneds, bits)));
}

/// sum += a b, two products to a lane; `rest` may take some. For sums whose next term can wait: five cycles.
HWY_INLINE HWY_ATTR void add_products(hn::Vec<Shorts> a, hn::Vec<Shorts> b, hn::Vec<Integers>& sum,
                                      [[maybe_unused]] hn::Vec<Integers>& rest) {
#if HWY_TARGET == HWY_AVX3_DL
  // One operation. Highway 1.0.3 lets no intrinsic of AVX512_VNNI be inlined here, though it asks the processor for it.
  asm("vpdpwssd %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "v"(b.raw));
#else
  sum = hn::ReorderWidenMulAccumulate(Integers(), a, b, sum, rest);
#endif
}

/// sum_mu 2^k g_mu for the patterns of bits k and k + 8, k = 0 ... 7: a bit need not become a mask. Then all, divided by 2^k.
HWY_ATTR std::int64_t masked_sum(const std::uint64_t* row, const std::int16_t* HWY_RESTRICT forces,
                                 std::size_t first, std::size_t last) {
  const Shorts shorts;
  const Integers integers;
  auto a0 = hn::Zero(integers), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, none = a0;
  for (std::size_t b = first; b < last; ++b)
    for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(shorts)) {
      const auto low = row_bits(row, b, lane), high = upper_half(low);
      const std::int16_t* g = forces + block * b + lane;
      const auto add = [&](std::size_t k, hn::Vec<Integers>& to) HWY_ATTR {
        const auto bit = hn::Set(shorts, static_cast<std::int16_t>(1 << k));
        add_products(hn::And(low, bit), hn::Load(shorts, g + lanes * k), to, none);
        add_products(hn::And(high, bit), hn::Load(shorts, g + lanes * (k + 8)), to, none);
      };
      add(0, a0);
      add(1, a1);
      add(2, a2);
      add(3, a3);
      add(4, a4);
      add(5, a5);
      add(6, a6);
      add(7, a7);
    }
  auto sum =
      hn::Add(hn::Add(a0, hn::ShiftRight<1>(a1)), hn::Add(hn::ShiftRight<2>(a2), hn::ShiftRight<3>(a3)));
  sum = hn::Add(sum, hn::Add(hn::ShiftRight<4>(a4), hn::ShiftRight<5>(a5)));
  sum = hn::Add(sum, hn::Add(hn::ShiftRight<6>(a6), hn::ShiftRight<7>(a7)));
  return hn::GetLane(hn::SumOfLanes(integers, sum));
}

HWY_ATTR void masked_sums(const std::uint64_t* const* rows, std::size_t num_rows, const State& state,
                          std::int64_t* sums) {
  constexpr std::size_t tile = 16;  // 16 KB of forces; of 2^22 a product at most 256 in each of 4 sums: 2^30
  std::fill_n(sums, num_rows, std::int64_t{0});
  for (std::size_t first = 0; first < state.num_blocks; first += tile) {
    const std::size_t last = std::min(first + tile, state.num_blocks);
    for (std::size_t r = 0; r < num_rows; ++r) sums[r] += masked_sum(rows[r], state.forces, first, last);
  }
}

/// G and E by Horner's rule modulo 2^16: `terms` coefficients of G, 0: as many as there are.
template <std::size_t terms>
struct Horner {
  static constexpr std::size_t most = terms == 0 ? NarrowLaw::most_terms : terms;
  std::size_t num_terms;
  hn::Vec<Shorts> force[most], curvature[most];

  HWY_INLINE HWY_ATTR explicit Horner(const NarrowLaw::Polynomials& law)
      : num_terms(terms == 0 ? law.force.size() : terms) {
    for (std::size_t t = 0; t < num_terms; ++t) force[t] = hn::Set(Shorts(), law.force[t]);
    for (std::size_t t = 0; t + 1 < num_terms; ++t) curvature[t] = hn::Set(Shorts(), law.curvature[t]);
  }
  HWY_INLINE HWY_ATTR hn::Vec<Shorts> g(hn::Vec<Shorts> v) const {
    return at(force, terms == 0 ? num_terms : terms, v);
  }
  HWY_INLINE HWY_ATTR hn::Vec<Shorts> e(hn::Vec<Shorts> v) const {
    return at(curvature, (terms == 0 ? num_terms : terms) - 1, v);
  }

 private:
  static HWY_INLINE HWY_ATTR hn::Vec<Shorts> at(const hn::Vec<Shorts>* c, std::size_t size,
                                                hn::Vec<Shorts> v) {
    auto value = c[size - 1];
    for (std::size_t t = size - 1; t-- > 0;) value = hn::Add(hn::Mul(value, v), c[t]);
    return value;
  }
};

template <std::size_t terms, bool is_last>
HWY_INLINE HWY_ATTR void turn_block(const std::uint64_t* row, hn::Vec<Shorts> inverted,
                                    const Horner<terms>& law, const State& state, std::size_t b,
                                    hn::Vec<Integers>& force_sum, hn::Vec<Integers>& curvature_sum) {
  const Shorts shorts;
  const Integers integers;
  const auto one = hn::Set(shorts, 1);
  auto none = hn::Zero(integers);
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(shorts)) {
    const auto low = hn::Xor(row_bits(row, b, lane), inverted), high = upper_half(low);
    std::int16_t* HWY_RESTRICT halves = state.halves + block * b + lane;
    std::int16_t* HWY_RESTRICT forces = state.forces + block * b + lane;
    const auto turn_vector = [&](hn::Vec<Shorts> bits, std::size_t k) HWY_ATTR {
      const auto is_down = hn::VecFromMask(shorts, hn::Eq(bits, hn::Zero(shorts)));
      auto v = hn::Add(hn::Load(shorts, halves + lanes * k), hn::Or(is_down, one));  // -1 down, +1 up
      const auto valid = is_last ? hn::Load(shorts, state.valid + lanes * k + lane) : v;
      if constexpr (is_last) v = hn::And(v, valid);
      hn::Store(v, shorts, halves + lanes * k);
      if (terms == 0 && law.num_terms == 0) return;
      auto g = law.g(v), e = law.e(v);
      if constexpr (is_last) {
        g = hn::And(g, valid);
        e = hn::And(e, valid);
      }
      hn::Store(g, shorts, forces + lanes * k);
      force_sum = hn::ReorderWidenMulAccumulate(integers, g, one, force_sum, none);
      curvature_sum = hn::ReorderWidenMulAccumulate(integers, e, one, curvature_sum, none);
    };
    auto bit = one;
    for (std::size_t k = 0; k < vectors / 2; ++k, bit = hn::Add(bit, bit)) {
      turn_vector(hn::And(low, bit), k);
      turn_vector(hn::And(high, bit), k + 8);
    }
  }
}

template <std::size_t terms>
HWY_ATTR Sums turn(const std::uint64_t* row, int before, const NarrowLaw::Polynomials& polynomials,
                   const State& state) {
  constexpr std::size_t flush = 64;  // 64 * 512 * 2^15 = 2^30
  const Integers integers;
  const Horner<terms> law(polynomials);
  // v changes by -before xi: up where the bit is not set (before = +1) or set (-1).
  const auto inverted = hn::Set(Shorts(), static_cast<std::int16_t>(before > 0 ? -1 : 0));
  Sums sums;
  for (std::size_t first = 0; first < state.num_blocks; first += flush) {
    const std::size_t last = std::min(first + flush, state.num_blocks);
    auto force_sum = hn::Zero(integers), curvature_sum = hn::Zero(integers);
    for (std::size_t b = first; b < last; ++b)
      if (b + 1 < state.num_blocks)
        turn_block<terms, false>(row, inverted, law, state, b, force_sum, curvature_sum);
      else
        turn_block<terms, true>(row, inverted, law, state, b, force_sum, curvature_sum);
    sums.forces += hn::GetLane(hn::SumOfLanes(integers, force_sum));
    sums.curvatures += hn::GetLane(hn::SumOfLanes(integers, curvature_sum));
  }
  return sums;
}
#endif

HWY_ATTR Sums turn_any(const std::uint64_t* row, int before, const NarrowLaw::Polynomials& law,
                       const State& state) {
  switch (law.force.size()) {
    case 3:
      return turn<3>(row, before, law, state);
    case 4:
      return turn<4>(row, before, law, state);
    default:
      return turn<0>(row, before, law, state);
  }
}

}  // namespace

}  // namespace mattis::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mattis {

HWY_EXPORT(masked_sums);
HWY_EXPORT(turn_any);

namespace {

using pattern_fields::Wide;

/// Coefficients modulo 2^16 of the polynomial in v through `values` at v = 0, 1, 2 ..., by Newton's forward differences
/// c_k: sum_k (c_k / k!) v (v-1) ... (v-k+1). Empty where c_k / k! has an even denominator.
std::vector<std::int16_t> polynomial_through(std::vector<Wide> values) {
  std::vector<std::uint16_t> result(values.size(), 0), falling(values.size(), 0);
  falling[0] = 1;  // v (v-1) ... (v-k+1) in powers of v
  unsigned odd_factorial = 1;
  int twos = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) {
      std::size_t odd = k;
      for (; odd % 2 == 0; odd /= 2) ++twos;
      odd_factorial *= static_cast<unsigned>(odd);
    }
    if (values[0] % (Wide{1} << twos) != 0) return {};
    unsigned inverse = odd_factorial;  // Newton's iteration doubles the number of right bits, 3 at first
    for (int step = 0; step < 4; ++step) inverse *= 2 - odd_factorial * inverse;
    const unsigned c = static_cast<unsigned>(values[0] / (Wide{1} << twos)) * inverse;
    for (std::size_t t = 0; t <= k; ++t) result[t] = static_cast<std::uint16_t>(result[t] + c * falling[t]);
    for (std::size_t t = k + 1; t-- > 0 && k + 1 < falling.size();) {  // times v - k
      falling[t + 1] = static_cast<std::uint16_t>(falling[t + 1] + falling[t]);
      falling[t] = static_cast<std::uint16_t>(-static_cast<unsigned>(k) * falling[t]);
    }
    for (std::size_t t = 0; t + 1 < values.size() - k; ++t) values[t] = values[t + 1] - values[t];
  }
  return {result.begin(), result.end()};
}

std::int64_t narrowed(std::int64_t x) { return static_cast<std::int16_t>(x); }

std::int64_t value_of(const std::vector<std::int16_t>& polynomial, std::int32_t v) {
  unsigned value = 0;
  for (std::size_t t = polynomial.size(); t-- > 0;)
    value = value * static_cast<unsigned>(v) + static_cast<std::uint16_t>(polynomial[t]);
  return narrowed(value);
}

}  // namespace

/// The lowest degree whose polynomial gives the values at many v; those at the ends of the table need not follow it.
void NarrowLaw::make_polynomials() {
  const std::int32_t most = (num_spins_ - odd_) / 2 - 1;  // v of the last value but one
  const std::int32_t wanted = std::min(most, 2 * static_cast<std::int32_t>(most_terms));
  const auto values = [&](std::size_t terms, auto member) {
    std::vector<Wide> some;
    for (std::size_t v = 0; v < terms; ++v)
      some.push_back(exact_[index(static_cast<std::int32_t>(v))].*member);
    return some;
  };
  for (std::size_t terms = 2; terms <= most_terms && static_cast<std::int32_t>(terms) <= most; ++terms) {
    Polynomials candidate{polynomial_through(values(terms, &Pair::force)),
                          polynomial_through(values(terms - 1, &Pair::curvature))};
    if (candidate.force.empty() || candidate.curvature.empty()) continue;
    bool fits = true;
    for (std::int32_t v = -wanted; v <= wanted && fits; ++v)
      fits = value_of(candidate.force, v) == narrowed(exact_[index(v)].force) &&
             value_of(candidate.curvature, v) == narrowed(exact_[index(v)].curvature);
    if (fits) {
      polynomials_ = std::move(candidate);
      return;
    }
  }
}

void NarrowLaw::make_narrow() {
  const auto first = -static_cast<std::int32_t>(index(0));
  for (std::size_t x = 0; x < exact_.size(); ++x) {
    const std::int32_t v = first + static_cast<std::int32_t>(x);
    narrow_.push_back(polynomials_.force.empty()
                          ? Pair{narrowed(exact_[x].force), narrowed(exact_[x].curvature)}
                          : Pair{value_of(polynomials_.force, v), value_of(polynomials_.curvature, v)});
  }
  const auto fits = [&](std::int32_t v) {
    const Pair lacking = beyond(v);
    return lacking.force == 0 && lacking.curvature == 0;
  };
  for (const Pair& pair : exact_)
    largest_number_ = std::max({largest_number_, std::abs(pair.force), std::abs(pair.curvature)});
  const std::int32_t most = (num_spins_ - odd_) / 2;
  while (largest_ < most && fits(largest_ + 1) && fits(-largest_ - 1)) ++largest_;
}

bool NarrowLaw::is_useful(SiteIndex num_patterns) const noexcept {
  if (num_spins_ > std::numeric_limits<std::int16_t>::max() ||
      largest_number_ > (std::int64_t{1} << 62) / num_patterns)
    return false;
  return largest_ >= (num_spins_ - odd_) / 2 - 1 || largest_ >= 1.5 * std::sqrt(num_spins_);
}

NarrowForces::NarrowForces(std::shared_ptr<const NarrowLaw> law, std::shared_ptr<const PatternSet> patterns)
    : law_(std::move(law)),
      patterns_(std::move(patterns)),
      num_blocks_((static_cast<std::size_t>(patterns_->num_patterns()) + block - 1) / block) {
  halves_ = aligned_zeros<std::int16_t>(num_blocks_ * block);
  forces_ = aligned_zeros<std::int16_t>(num_blocks_ * block);
  valid_ = aligned_zeros<std::int16_t>(block);
  listed_.reserve(64 + num_blocks_ * block / 16);  // beyond, `is_crowded`
  const std::size_t before_last = (num_blocks_ - 1) * block;
  for (std::size_t mu = before_last; mu < static_cast<std::size_t>(patterns_->num_patterns()); ++mu)
    valid_[place(mu) - before_last] = -1;
}

NarrowForces::NarrowForces(const NarrowForces& other) : NarrowForces(other.law_, other.patterns_) {
  if (!other.is_current_) return;
  std::copy_n(other.halves_.get(), num_blocks_ * block, halves_.get());
  look_up();
  list();
  complete();
  is_current_ = true;
}

void NarrowForces::read(std::span<const std::int32_t> counts) {
  for (std::size_t mu = 0; mu < counts.size(); ++mu)
    halves_[place(mu)] = static_cast<std::int16_t>((counts[mu] - law_->odd()) / 2);
  look_up();
  list();
  complete();
  is_current_ = true;
}

void NarrowForces::write(std::span<std::int32_t> counts) const {
  for (std::size_t mu = 0; mu < counts.size(); ++mu) counts[mu] = 2 * halves_[place(mu)] + law_->odd();
}

void NarrowForces::look_up() {
  narrow_force_sum_ = narrow_curvature_sum_ = 0;
  for (std::size_t mu = 0; mu < static_cast<std::size_t>(patterns_->num_patterns()); ++mu) {
    const std::size_t x = place(mu);
    const NarrowLaw::Pair pair = law_->narrow(halves_[x]);
    forces_[x] = static_cast<std::int16_t>(pair.force);
    narrow_force_sum_ += pair.force;
    narrow_curvature_sum_ += pair.curvature;
  }
}

/// Those beyond `largest`, and those that a few flips may bring there.
void NarrowForces::list() {
  const std::int32_t bound = law_->largest() - std::clamp(law_->largest() / 8, 1, 8);
  std::int32_t reached = 0;
  listed_.clear();
  for (std::size_t b = 0; b < num_blocks_; ++b) {
    const std::int16_t* halves = halves_.get() + b * block;
    int largest = 0;
    for (std::size_t x = 0; x < block; ++x) largest = std::max(largest, std::abs(int{halves[x]}));
    if (largest <= bound) {
      reached = std::max(reached, largest);
      continue;
    }
    const auto first = static_cast<SiteIndex>(b * block);
    const SiteIndex last = std::min(patterns_->num_patterns(), first + static_cast<SiteIndex>(block));
    for (SiteIndex mu = first; mu < last; ++mu) {
      const int size = std::abs(int{halves_[place(static_cast<std::size_t>(mu))]});
      if (size > bound)
        listed_.push_back({mu, 0});
      else
        reached = std::max(reached, size);
    }
  }
  room_ = law_->largest() - reached;
}

void NarrowForces::complete() {
  force_sum_ = narrow_force_sum_;
  curvature_sum_ = narrow_curvature_sum_;
  for (Listed& listed : listed_) {
    const NarrowLaw::Pair beyond = law_->beyond(halves_[place(static_cast<std::size_t>(listed.pattern))]);
    listed.force = beyond.force;
    force_sum_ += beyond.force;
    curvature_sum_ += beyond.curvature;
  }
}

void NarrowForces::sum_over_plus(std::span<const SiteIndex> sites, std::int64_t* sums) const {
  constexpr std::size_t most = 8;
  std::array<const std::uint64_t*, most> rows;
  const narrow::State state{halves_.get(), forces_.get(), valid_.get(), num_blocks_};
  for (std::size_t start = 0; start < sites.size(); start += most) {
    const std::size_t size = std::min(most, sites.size() - start);
    for (std::size_t r = 0; r < size; ++r) rows[r] = patterns_->plus(sites[start + r]);
    HWY_DYNAMIC_DISPATCH(masked_sums)(rows.data(), size, state, sums + start);
    for (const Listed& listed : listed_)
      if (listed.force != 0)
        for (std::size_t r = 0; r < size; ++r)
          if ((rows[r][listed.pattern / 64] >> (listed.pattern % 64) & 1) != 0)
            sums[start + r] += listed.force;
  }
}

void NarrowForces::flip(SiteIndex i, int before) {
  const narrow::State state{halves_.get(), forces_.get(), valid_.get(), num_blocks_};
  const narrow::Sums sums =
      HWY_DYNAMIC_DISPATCH(turn_any)(patterns_->plus(i), before, law_->polynomials(), state);
  narrow_force_sum_ = sums.forces;
  narrow_curvature_sum_ = sums.curvatures;
  if (law_->polynomials().force.empty()) look_up();
  if (--room_ < 0) list();
  complete();
}

}  // namespace mattis
#endif
