#include "engine/observables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace mattis {

namespace {

constexpr SiteIndex num_ranks = 8;

double overlap(const Snapshot& s, SiteIndex mu) {
  return static_cast<double>(s.overlap_counts[static_cast<std::size_t>(mu)]) / s.num_spins;
}

/// |m_mu| in descending order, the first out.size() of them.
void largest_overlaps(const Snapshot& s, std::span<double> out) {
  std::vector<std::int32_t> size(s.overlap_counts.size());
  std::transform(s.overlap_counts.begin(), s.overlap_counts.end(), size.begin(),
                 [](std::int32_t m) { return std::abs(m); });
  std::partial_sort(size.begin(), size.begin() + static_cast<std::ptrdiff_t>(out.size()), size.end(),
                    std::greater<>());
  for (std::size_t rank = 0; rank < out.size(); ++rank)
    out[rank] = static_cast<double>(size[rank]) / s.num_spins;
}

void magnetisation(const Snapshot& s, std::span<double> out) {
  std::int64_t sum = 0;
  for (const Spin spin : s.spins) sum += spin;
  out[0] = static_cast<double>(sum) / s.num_spins;
}

}  // namespace

bool MeasurementPlan::measures(std::string_view observable) const {
  return std::find(observables.begin(), observables.end(), observable) != observables.end();
}

const std::vector<store::ObservableSpec>& observable_catalogue() {
  static const std::vector<store::ObservableSpec> specs{
      {"energy_per_spin", "u", "J", "<H>/N", ""},
      {"retrieval_overlap", "m", "1", "<m_c> with m_c = (1/N) sum_i xi_i^c s_i, c the cued pattern", ""},
      {"overlap", "m_mu", "1", "<m_mu> with m_mu = (1/N) sum_i xi_i^mu s_i", "mu"},
      {"overlap_abs", "|m_mu|", "1", "<|m_mu|>", "mu"},
      {"overlap_squared", "m_mu^2", "1", "<m_mu^2>", "mu"},
      {"sorted_overlap", "|m|_k", "1", "<k-th largest |m_mu|>, ranks from 0", "rank"},
      {"magnetisation", "M", "1", "<M> with M = (1/N) sum_i s_i", ""},
      {"energy_variance", "var e", "J^2", "<e^2> - <e>^2 with e = H/N", ""},
      {"specific_heat", "c", "1", "(N/T^2) (<e^2> - <e>^2) with e = H/N", ""},
      {"susceptibility", "chi", "1/J", "(N/T) (<m^2> - <m>^2), m the retrieval overlap", ""},
      {"binder", "U", "1", "1 - <m^4>/(3 <m^2>^2), m the retrieval overlap", ""},
      {"replica_overlap", "q", "1",
       "<q>, <q^2>, <q^4>, <|q|> of q_ab = (1/N) sum_i s_i^a s_i^b over all pairs of replicas a < b",
       "moment"},
      {"overlap_histogram", "P(q)", "1",
       "density of q_ab over all pairs of replicas a < b, in bins of width 0.05; a value on an edge is half "
       "in each bin",
       "q"},
      {"step_overlap", "q_t", "1",
       "synchronous updates: 1: <(1/N) sum_i s_i(t) s_i(t+1)> = <(1/N) sum_i s_i tanh(h_i/T)>, "
       "2: <(1/N) sum_i s_i(t) s_i(t+2)> = <(1/N) sum_i tanh^2(h_i/T)>; at T = 0 the sign of h_i",
       "lag"},
      {"retrieved", "R", "1", "fraction of chains whose mean retrieval overlap lies above the cut", ""},
      {"retrieval_lost", "L", "1",
       "fraction of chains whose retrieval overlap fell below the cut within tau sweeps of the start", "tau"},
      {"acceptance", "A", "1",
       "accepted / attempted flips over the whole run; rejection-free: flips per site and sweep", ""},
      {"free_spins", "n_0", "1", "sites with dE_i = 0 at the end of the run (T = 0)", ""},
      {"not_converged", "-", "1",
       "fraction of chains that ended neither at a fixed point nor in a cycle of two (T = 0)", ""},
      {"two_cycle", "-", "1",
       "synchronous updates: fraction of chains that ended in a cycle of length two (T = 0), no fixed point",
       ""},
  };
  return specs;
}

const store::ObservableSpec* find_observable(std::string_view name) {
  for (const auto& spec : observable_catalogue())
    if (spec.name == name) return &spec;
  return nullptr;
}

bool needs_patterns(std::string_view observable) {
  static const std::set<std::string_view> names{
      "retrieval_overlap", "overlap", "overlap_abs", "overlap_squared", "sorted_overlap",
      "susceptibility",    "binder",  "retrieved",   "retrieval_lost"};
  return names.count(observable) > 0;
}

bool needs_replicas(std::string_view observable) {
  return observable == "replica_overlap" || observable == "overlap_histogram";
}

bool needs_zero_temperature(std::string_view observable) {
  return observable == "free_spins" || observable == "not_converged" || observable == "two_cycle";
}

bool needs_synchronous_updates(std::string_view observable) {
  return observable == "step_overlap" || observable == "two_cycle";
}

std::vector<Channel> channels(const MeasurementPlan& plan) {
  std::vector<Channel> all;
  std::vector<std::string> mu;
  for (const SiteIndex pattern : plan.patterns) mu.push_back(std::to_string(pattern));

  const auto per_pattern = [&](const char* name, double (*of)(double)) {
    all.push_back({name, mu, [patterns = plan.patterns, of](const Snapshot& s, std::span<double> out) {
                     for (std::size_t k = 0; k < patterns.size(); ++k) out[k] = of(overlap(s, patterns[k]));
                   }});
  };
  if (plan.measures("energy_per_spin"))
    all.push_back({"energy_per_spin", {""}, [](const Snapshot& s, std::span<double> out) {
                     out[0] = s.energy / s.num_spins;
                   }});
  if (plan.measures("magnetisation")) all.push_back({"magnetisation", {""}, magnetisation});
  if (plan.measures("step_overlap") && plan.updates == Updates::synchronous)
    all.push_back({"step_overlap", {"1", "2"}, [](const Snapshot& s, std::span<double> out) {
                     const StepOverlap q = s.step_overlap();
                     out[0] = q.one;
                     out[1] = q.two;
                   }});
  if (plan.num_patterns == 0) return all;
  if (plan.measures("retrieval_overlap") || plan.measures("retrieved"))
    all.push_back({"retrieval_overlap", {""}, [cued = plan.cued](const Snapshot& s, std::span<double> out) {
                     out[0] = overlap(s, cued);
                   }});
  if (plan.measures("overlap")) per_pattern("overlap", [](double m) { return m; });
  if (plan.measures("overlap_abs")) per_pattern("overlap_abs", [](double m) { return std::abs(m); });
  if (plan.measures("overlap_squared")) per_pattern("overlap_squared", [](double m) { return m * m; });
  if (plan.measures("sorted_overlap")) {
    std::vector<std::string> rank;
    for (SiteIndex k = 0; k < std::min(num_ranks, plan.num_patterns); ++k) rank.push_back(std::to_string(k));
    all.push_back({"sorted_overlap", rank, largest_overlaps});
  }
  return all;
}

void moments(const Snapshot& s, SiteIndex cued, std::span<double> out) {
  const double e = s.energy / s.num_spins;
  const double m = s.overlap_counts.empty() ? 0.0 : overlap(s, cued);
  out[0] = e;
  out[1] = e * e;
  out[2] = m;
  out[3] = m * m;
  out[4] = m * m * m * m;
}

std::vector<DerivedObservable> derived_observables(const MeasurementPlan& plan, SiteIndex num_spins) {
  std::vector<DerivedObservable> all;
  const double t = plan.temperature, n = num_spins;
  using Moments = std::span<const double>;
  if (plan.measures("energy_variance"))
    all.push_back({"energy_variance", [](Moments x) { return x[1] - x[0] * x[0]; }});
  if (plan.measures("specific_heat") && t > 0)
    all.push_back({"specific_heat", [=](Moments x) { return n / (t * t) * (x[1] - x[0] * x[0]); }});
  if (plan.num_patterns == 0) return all;
  if (plan.measures("susceptibility") && t > 0)
    all.push_back({"susceptibility", [=](Moments x) { return n / t * (x[3] - x[2] * x[2]); }});
  if (plan.measures("binder"))
    all.push_back({"binder", [](Moments x) { return 1 - x[4] / (3 * x[3] * x[3]); }});
  return all;
}

void OverlapHistogram::add(std::int64_t d, std::int64_t n, double weight) {
  const std::int64_t place = num_bins * (n - d), bin = place / n;  // q + 1 = place width / n
  if (place % n != 0) {
    weights[static_cast<std::size_t>(bin)] += weight;
    return;
  }
  weights[static_cast<std::size_t>(std::max<std::int64_t>(bin - 1, 0))] += weight / 2;
  weights[static_cast<std::size_t>(std::min(bin, num_bins - 1))] += weight / 2;
}

std::string OverlapHistogram::center(std::size_t bin) {
  return fmt::format("{:.3f}", -1 + (static_cast<double>(bin) + 0.5) * width);
}

}  // namespace mattis
