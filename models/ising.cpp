#include "models/ising.hpp"

#include "models/coupling_model.hpp"

namespace mattis {

namespace {

using CouplingTablePointer = std::shared_ptr<const CouplingTable>;

template <class Number>
class IsingSample final : public CouplingSample<Number, Number> {
 public:
  IsingSample(CouplingTablePointer table, double quantum)
      : CouplingSample<Number, Number>(in_quanta<Number, Number>(*table, quantum)),
        table_(std::move(table)) {}

  /// From the numbers as the user wrote them.
  std::function<double(std::span<const Spin>)> reference_energy() const override {
    return [table = table_](std::span<const Spin> s) {
      double sum = 0;
      for (std::size_t i = 0; i < s.size(); ++i) {
        if (!table->fields.empty()) sum -= table->fields[i] * s[i];
        for (std::size_t j = 0; j < s.size(); ++j)
          sum -= 0.5 * table->couplings[i * s.size() + j] * s[i] * s[j];
      }
      return sum;
    };
  }

 private:
  CouplingTablePointer table_;
};

/// Exact multiples of a unit as 32-bit integers, anything else in steps of a tiny power of two.
std::shared_ptr<const DisorderSample> given_couplings(const CouplingTablePointer& table) {
  const Quantisation steps = quantisation(*table);
  if (steps.is_exact) return std::make_shared<const IsingSample<std::int32_t>>(table, steps.quantum);
  return std::make_shared<const IsingSample<std::int64_t>>(table, steps.quantum);
}

}  // namespace

ModelEntry ising() {
  return {
      .name = "ising",
      .summary = "couplings and fields of one's own",
      .hamiltonian = "H = -(1/2) sum_{i != j} J_ij s_i s_j - sum_i h_i s_i",
      .disorder = DisorderSource::couplings,
      .axes = {},
      .load = "none: nothing is stored",
      .symmetries = "those of J and h; s -> -s without fields",
      .theory = "",
      .source = "Ising, Z. Phys. 31, 253 (1925)",
      .resolve =
          [](const Numbers& asked) {
            return Numbers{{"N", asked.at("N")}};
          },
      .draw =
          [](const Numbers& actual, const Ensemble& ensemble, RngStream&) {
            MATTIS_CHECK(ensemble.couplings &&
                         ensemble.couplings->size == static_cast<std::size_t>(actual.at("N")));
            return given_couplings(ensemble.couplings);
          },
      .memory =
          [](const Numbers& actual) {
            const double n = actual.at("N");
            return std::pair{8 * n * n + 8 * n, 9 * n};
          },
      .sweep_cost = [](const Numbers& actual) { return actual.at("N") * actual.at("N"); },
  };
}

}  // namespace mattis
