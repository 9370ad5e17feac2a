// Fields in 16 bits: the flips and costs of fields in 32 bits, also where they outgrow 16.
#include "models/kept_fields.hpp"

#include <catch2/catch.hpp>

#include "models/start.hpp"
#include "support/targets.hpp"

using namespace mattis;

namespace {

/// J_ij of N sites: some small, in bytes, or all up to `largest`, in 16 bits.
class Rows final : public simd::JumpRows {
 public:
  Rows(SiteIndex n, int largest, bool in_bytes) : in_bytes_(in_bytes) {
    RngStream random({20261202, StreamDomain::tests, 0, static_cast<std::uint32_t>(largest), in_bytes});
    const auto size = static_cast<std::size_t>(n);
    for (std::size_t i = 0; i < size; ++i) {
      bytes_.emplace_back(size + simd::field_padding, 0);
      shorts_.emplace_back(size + simd::field_padding, 0);
      for (std::size_t j = 0; j < size; ++j) {
        const int odd =
            2 * static_cast<int>(random() % static_cast<unsigned>(largest)) - largest + 1;  // J_ij - 1 + P
        const int jump = i == j ? 0 : odd - (odd + 1) % 2;
        shorts_[i][j] = static_cast<std::int16_t>(2 * jump);
        bytes_[i][j] = static_cast<std::int8_t>((2 * jump - offset()) >> 2);
      }
    }
  }
  Row row(SiteIndex i) override {
    const auto site = static_cast<std::size_t>(i);
    return in_bytes_ ? Row{bytes_[site].data(), nullptr} : Row{nullptr, shorts_[site].data()};
  }
  std::int32_t offset() const override { return 2; }

 private:
  bool in_bytes_;
  std::vector<std::vector<std::int8_t>> bytes_;
  std::vector<std::vector<std::int16_t>> shorts_;
};

struct Case {
  SiteIndex n;
  int largest_jump;
  bool in_bytes;
  std::int32_t field;  // of every site at first
  bool ends_narrow;
};

}  // namespace

TEST_CASE("fields in 16 bits widen before they wrap and give the flips of those in 32") {
  tests::for_each_target([](const char* target) {
    for (const Case& c : {Case{150, 101, true, 1001, true}, Case{150, 101, true, 65533, false},
                          Case{65, 9001, false, 1001, false}, Case{33, 255, true, -65001, false},
                          Case{150, 255, false, -1, true}})
      for (const bool is_listed : {false, true})
        for (const double temperature : {0.0, 300.0, 3e5}) {
          INFO(target << ", N = " << c.n << ", J to " << c.largest_jump << ", T = " << temperature);
          const auto size = static_cast<std::size_t>(c.n);
          Rows rows(c.n, c.largest_jump, c.in_bytes);
          RngStream random({20261202, StreamDomain::tests, 1, static_cast<std::uint32_t>(c.n), 0});
          const Configuration spins = random_configuration(c.n, random);
          std::vector<std::int32_t> fields(size + simd::field_padding, 0);
          std::fill_n(fields.begin(), size, c.field);
          std::vector<SiteIndex> sites(size + simd::field_padding, 0);
          for (std::size_t k = 0; k < size; ++k) sites[k] = static_cast<SiteIndex>(random() % size);
          KeptFields kept, wide;
          kept.set(spins, fields, 1, c.largest_jump);
          wide.set(spins, fields, -1, c.largest_jump);
          REQUIRE(kept.is_narrow());
          REQUIRE_FALSE(wide.is_narrow());
          const simd::BlockThresholds law(Dynamics{temperature, Rule::metropolis}, 1.0);
          std::vector<simd::Flip> flips(2 * size), expected(2 * size);
          for (std::int64_t t = 0; t < 20; ++t) {
            const SiteIndex* listed = is_listed ? sites.data() : nullptr;
            const std::size_t count = kept.sweep(rows, listed, law, SweepRandomness(3, t), flips.data());
            REQUIRE(wide.sweep(rows, listed, law, SweepRandomness(3, t), expected.data()) == count);
            for (std::size_t f = 0; f < count; ++f) {
              REQUIRE(flips[f].site == expected[f].site);
              REQUIRE(flips[f].before == expected[f].before);
            }
            for (std::size_t i = 0; i < size; ++i) REQUIRE(kept.cost(i) == wide.cost(i));
          }
          if (temperature > 1e5) CHECK(kept.is_narrow() == c.ends_narrow);
        }
  });
}

TEST_CASE("fields too large for 16 bits are kept in 32 from the start") {
  for (const auto& [field, parity, is_narrow] : {std::tuple{65534, 0, true},
                                                 {65536, 0, false},
                                                 {-65534, 0, true},
                                                 {65533, 1, true},
                                                 {65535, 1, false}}) {
    const Configuration spins(3, Spin{1});
    KeptFields kept;
    std::vector<std::int32_t> fields(3 + simd::field_padding, parity);
    fields[1] = field;
    kept.set(spins, fields, parity, 1);
    CHECK(kept.is_narrow() == is_narrow);
    CHECK(kept.cost(1) == field);
  }
}
