#include "models/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/dense_energy.hpp"
#include "models/dense_reference.hpp"
#include "models/hopfield.hpp"
#include "models/pattern_model.hpp"

namespace mattis {

namespace {

constexpr double most_patterns = 2147483647;

DenseForm form_of(const Numbers& numbers) { return static_cast<DenseForm>(numbers.at("form")); }

/// The two forms that are H of the pairwise memory at p = 2.
bool is_pairwise(const Numbers& actual) {
  const DenseForm form = form_of(actual);
  return (form == DenseForm::distinct || form == DenseForm::power) && actual.at("p") == 2;
}

/// p!/2.
double half_factorial(double p) { return p <= 2 ? 1 : p * half_factorial(p - 1); }

/// N^{p-1}.
double patterns_per_load(double n, double p) { return p <= 1 ? 1 : n * patterns_per_load(n, p - 1); }

template <class Energy>
class DenseSample final : public PatternSample<Energy> {
 public:
  DenseSample(std::shared_ptr<const PatternSet> patterns, Energy energy, DenseForm form, int p)
      : PatternSample<Energy>(std::move(patterns), std::move(energy)), form_(form), p_(p) {}

  std::function<double(std::span<const Spin>)> reference_energy() const override {
    return SlowDense(this->patterns_, form_, p_);
  }

 private:
  DenseForm form_;
  int p_;
};

/// How many entries each pattern has that are not 0.
std::vector<int> numbers_of_entries(const PatternSet& patterns) {
  std::vector<int> numbers(static_cast<std::size_t>(patterns.num_patterns()), 0);
  for (SiteIndex mu = 0; mu < patterns.num_patterns(); ++mu)
    for (SiteIndex i = 0; i < patterns.num_spins(); ++i)
      numbers[static_cast<std::size_t>(mu)] += patterns.entry(i, mu) != 0;
  return numbers;
}

template <class Force>
std::shared_ptr<const DisorderSample> on_tables(std::shared_ptr<const PatternSet> patterns, DenseForm form,
                                                int p, const DenseTable& table,
                                                std::vector<std::int32_t> origins) {
  auto tables = std::make_shared<const DenseTables<Force>>(table, std::move(origins));
  return std::make_shared<const DenseSample<DenseEnergy<Force>>>(
      std::move(patterns), DenseEnergy<Force>(std::move(tables)), form, p);
}

std::shared_ptr<const DisorderSample> dense_sample(std::shared_ptr<const PatternSet> patterns, DenseForm form,
                                                   int p) {
  const SiteIndex n = patterns->num_spins();
  if (form == DenseForm::exponential)
    return std::make_shared<const DenseSample<ExponentialEnergy>>(std::move(patterns), ExponentialEnergy(n),
                                                                  form, p);
  std::vector<int> sizes{n};
  std::vector<std::int32_t> origins;
  if (patterns->has_zeros()) {
    const std::vector<int> of_pattern = sizes = numbers_of_entries(*patterns);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    for (const int size : of_pattern)
      if (form == DenseForm::distinct)
        origins.push_back(
            static_cast<std::int32_t>(std::lower_bound(sizes.begin(), sizes.end(), size) - sizes.begin()));
  }
  const DenseTable table(form, p, n, sizes);
  for (std::int32_t& row : origins) row = table.origin(static_cast<std::size_t>(row));
  if (table.fits_32_bits())
    return on_tables<std::int32_t>(std::move(patterns), form, p, table, std::move(origins));
  return on_tables<std::int64_t>(std::move(patterns), form, p, table, std::move(origins));
}

/// The key that the load was asked by, and the number of patterns it means.
std::pair<std::string, double> number_of_patterns(const Numbers& asked, double p) {
  // As for a pairwise load: relative to what the decimals said, products lose some 1e-16.
  constexpr double rounding = 8 * std::numeric_limits<double>::epsilon();
  const auto nearest = [&](double k) { return std::floor(k * (1 + rounding) + 0.5); };
  const double n = asked.at("N");
  const bool is_exponential = form_of(asked) == DenseForm::exponential;
  for (const char* key : {"K", "alpha", "gamma", "rate"}) {
    const auto found = asked.find(key);
    if (found == asked.end()) continue;
    const std::string name = key;
    if (name == "K") return {name, found->second};
    if ((name == "rate") != is_exponential)
      throw ParameterError(
          name,
          is_exponential ? "patterns of form = \"exponential\" are exponentially many"
                         : "belongs to form = \"exponential\"",
          is_exponential ? "give rate = ln K / N, or K" : "give alpha = K / N^(p-1), gamma or K");
    if (name == "rate") return {name, nearest(std::exp(found->second * n))};
    const double alpha = name == "gamma" ? found->second / half_factorial(p) : found->second;
    return {name, nearest(alpha * patterns_per_load(n, p))};
  }
  throw ParameterError("K", "is missing");
}

void check_order(const Numbers& asked) {
  const double p = asked.at("p"), n = asked.at("N");
  const DenseForm form = form_of(asked);
  if (form == DenseForm::exponential) {
    if (!std::isnan(p)) throw ParameterError("p", "form = \"exponential\" has no order", "leave p out");
    return;
  }
  if (std::isnan(p))
    throw ParameterError("p", "is missing: dense needs it", "p is a whole number from 2 to 8");
  if (p < 2 || p > 8 || p != std::floor(p))
    throw ParameterError("p", fmt::format("p = {} is no order of interaction", p),
                         "p is a whole number from 2 to 8");
  if (form == DenseForm::distinct && p > n)
    throw ParameterError("p", fmt::format("{} spins have no {} distinct sites", n, p), "take p <= N");
  if (!DenseTable::is_representable(form, static_cast<int>(p), n))
    throw ParameterError("N", fmt::format("energies of N = {} spins at p = {} overflow 116 bits", n, p),
                         "take fewer spins or a smaller p");
}

Numbers resolve_dense(const Numbers& asked) {
  check_order(asked);
  const double n = asked.at("N"), p = asked.at("p");
  const auto [key, k] = number_of_patterns(asked, p);
  const double value = asked.at(key);
  if (!(k >= 1))
    throw ParameterError(key, fmt::format("{} = {} stores no pattern at N = {}", key, value, n),
                         key == "K" ? "K is a whole number from 1 on" : "");
  if (k != std::floor(k)) throw ParameterError(key, fmt::format("K = {} is no whole number", k));
  if (k > most_patterns)
    throw ParameterError(
        key,
        fmt::format("{} = {} gives {:.3g} patterns at N = {}: {:.3g} bytes of bits, and {:.3g} bytes of "
                    "counts for each chain",
                    key, value, k, n, n * k / 8, 8 * k),
        fmt::format("take at most {} patterns", most_patterns));
  Numbers actual{{"N", n}, {"P", k}, {"form", asked.at("form")}};
  if (form_of(asked) == DenseForm::exponential) {
    actual["rate_actual"] = std::log(k) / n;
  } else {
    actual["p"] = p;
    actual["alpha_actual"] = k / patterns_per_load(n, p);
    actual["gamma_actual"] = k / patterns_per_load(n, p) * half_factorial(p);
  }
  return actual;
}

}  // namespace

ModelEntry dense() {
  return {
      .name = "dense",
      .summary = "dense memory, p-body interactions",
      .hamiltonian =
          "H = -(p!/(2 N^(p-1))) sum_mu sum_{i1<...<ip} xi_i1^mu s_i1 ... xi_ip^mu s_ip; other forms of "
          "sum_mu F(M_mu)",
      .disorder = DisorderSource::patterns,
      .axes = {{.one_of = {{"K", "number of stored patterns"},
                           {"alpha", "load K / N^(p-1); K is the nearest integer"},
                           {"gamma", "load alpha p!/2, the variance of the noise (form = \"distinct\")"},
                           {"rate", "load ln K / N of form = \"exponential\"; K is the nearest integer"}},
                .is_load = true},
               {.one_of = {{"p", "order of the interaction, 2 ... 8; form = \"exponential\" has none"}},
                .otherwise = std::numeric_limits<double>::quiet_NaN()}},
      .choices = {{"form",
                   {{"distinct", "F = -(p!/(2 N^(p-1))) e_p, the sum over p distinct sites"},
                    {"power", "F = -(N/2) (m^p - E[m^p]), sites may coincide"},
                    {"exponential", "F = -(N/2) exp(M - N)"},
                    {"rectified", "F = -(N/2) (max(m, 0)^p - its mean)"}}}},
      .load = "alpha = K / N^(p-1)",
      .symmetries = "s -> -s and any pattern with its sign flipped, for even p (distinct, power)",
      .theory = "dense",
      .source =
          "Gardner, J. Phys. A 20, 3453 (1987); Krotov, Hopfield, NIPS 29, 1172 (2016); Demircigil et al., "
          "J. "
          "Stat. Phys. 168, 288 (2017)",
      .resolve = resolve_dense,
      .draw = [](const Numbers& actual, const Ensemble& ensemble,
                 RngStream& disorder) -> std::shared_ptr<const DisorderSample> {
        auto patterns = draw_patterns(static_cast<SiteIndex>(actual.at("N")),
                                      static_cast<SiteIndex>(actual.at("P")), ensemble, disorder);
        const bool has_order = form_of(actual) != DenseForm::exponential;
        if (has_order && is_pairwise(actual)) return hopfield_sample(std::move(patterns));
        return dense_sample(std::move(patterns), form_of(actual),
                            has_order ? static_cast<int>(actual.at("p")) : 0);
      },
      .memory =
          [](const Numbers& actual) {
            const double n = actual.at("N"), k = actual.at("P");
            const bool has_order = form_of(actual) != DenseForm::exponential;
            if (has_order && is_pairwise(actual)) return hopfield_memory(n, k);
            // Changes of forces (force_changes.hpp) are small where three sites interact.
            const bool has_changes = has_order && actual.at("p") == 3;
            const auto [sample, chain] = pattern_memory(actual, has_changes ? 23 : 17);
            return std::pair{
                sample + 160 * n +
                    (has_changes ? PatternViews::slice_bytes(n, k) + PatternViews::sextet_bytes(n, k) : 0),
                chain + 24 * n + (has_changes ? ForceChanges::chain_bytes(n) : 0)};
          },
      .sweep_cost = [](const Numbers& actual) { return actual.at("N") * actual.at("P"); },
      .same_as = [](const Numbers& actual) -> std::optional<std::pair<std::string, Numbers>> {
        if (form_of(actual) == DenseForm::exponential || !is_pairwise(actual)) return std::nullopt;
        return std::pair{std::string("hopfield"), Numbers{{"N", actual.at("N")},
                                                          {"P", actual.at("P")},
                                                          {"alpha_actual", actual.at("P") / actual.at("N")}}};
      },
  };
}

}  // namespace mattis
