#include "engine/recorder.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace mattis {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

ChainRecorder::ChainRecorder(const MeasurementPlan& plan, SiteIndex num_spins)
    : plan_(plan),
      num_spins_(num_spins),
      channels_(channels(plan)),
      derived_(derived_observables(plan, num_spins)) {
  std::size_t widest = num_moments;
  for (const Channel& channel : channels_) {
    averages_.emplace_back(channel.components.size());
    widest = std::max(widest, channel.components.size());
  }
  buffer_.resize(widest);
}

void ChainRecorder::after_sweep(const Snapshot& snapshot, std::int64_t sweeps_done, std::int64_t accepted) {
  sweeps_ = sweeps_done;
  accepted_ += accepted;
  if (first_loss_ >= 0 || snapshot.overlap_counts.empty()) return;
  if (snapshot.overlap_counts[static_cast<std::size_t>(plan_.cued)] < plan_.cut * num_spins_)
    first_loss_ = sweeps_done;
}

void ChainRecorder::measure(const Snapshot& snapshot) {
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const std::span<double> values(buffer_.data(), averages_[c].size());
    channels_[c].value(snapshot, values);
    for (std::size_t k = 0; k < values.size(); ++k) averages_[c][k].add(values[k]);
  }
  if (derived_.empty()) return;
  const std::span<double> values(buffer_.data(), num_moments);
  moments(snapshot, plan_.cued, values);
  moments_.add(values);
}

void ChainRecorder::finish(const FieldCensus& census, bool is_fixed_point, bool is_two_cycle) {
  census_ = census;
  is_fixed_point_ = is_fixed_point;
  is_two_cycle_ = is_two_cycle;
}

void ChainRecorder::forget_measurements() {
  for (auto& channel : averages_) channel.assign(channel.size(), LogBinning{});
  moments_ = MomentBins(num_moments);
}

std::vector<Measured> ChainRecorder::results() const {
  std::vector<Measured> all;
  const auto every = static_cast<double>(plan_.every);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Channel& channel = channels_[c];
    for (std::size_t k = 0; k < channel.components.size(); ++k) {
      const Average a = averages_[c][k].average();
      // One configuration that the dynamics cannot leave has no thermal fluctuation.
      const double error = is_fixed_point_ && averages_[c][k].count() == 1 ? 0.0 : a.error;
      if (channel.observable == "retrieval_overlap" && plan_.measures("retrieved") && std::isfinite(a.mean))
        all.push_back({"retrieved", "", a.mean > plan_.cut ? 1.0 : 0.0, none, none});
      if (plan_.measures(channel.observable))
        all.push_back({channel.observable, channel.components[k], a.mean, error, a.tau_int * every});
    }
  }
  for (const DerivedObservable& derived : derived_) {
    const Average a = moments_.jackknife(derived.of_moments);
    all.push_back({derived.observable, "", a.mean, a.error, none});
  }
  if (plan_.measures("retrieval_lost") && plan_.num_patterns > 0)
    for (const std::int64_t tau : plan_.lost_within)
      all.push_back({"retrieval_lost", std::to_string(tau),
                     first_loss_ >= 0 && first_loss_ <= tau ? 1.0 : 0.0, none, none});
  if (plan_.measures("acceptance"))
    all.push_back({"acceptance", "",
                   static_cast<double>(accepted_) / (static_cast<double>(sweeps_) * num_spins_), none, none});
  if (plan_.temperature == 0) {
    if (plan_.measures("free_spins"))
      all.push_back({"free_spins", "", static_cast<double>(census_.free), none, none});
    if (plan_.measures("not_converged"))
      all.push_back({"not_converged", "", is_fixed_point_ || is_two_cycle_ ? 0.0 : 1.0, none, none});
    if (plan_.measures("two_cycle") && plan_.updates == Updates::synchronous)
      all.push_back({"two_cycle", "", is_two_cycle_ ? 1.0 : 0.0, none, none});
  }
  return all;
}

void ChainRecorder::save(std::vector<double>& out) const {
  out.insert(out.end(),
             {static_cast<double>(sweeps_), static_cast<double>(accepted_), static_cast<double>(first_loss_),
              static_cast<double>(census_.unstable), static_cast<double>(census_.free),
              is_fixed_point_ ? 1.0 : 0.0, is_two_cycle_ ? 1.0 : 0.0});
  for (const auto& channel : averages_)
    for (const LogBinning& average : channel) average.save(out);
  if (!derived_.empty()) moments_.save(out);
}

void ChainRecorder::load(std::span<const double>& in) {
  sweeps_ = static_cast<std::int64_t>(take_front(in));
  accepted_ = static_cast<std::int64_t>(take_front(in));
  first_loss_ = static_cast<std::int64_t>(take_front(in));
  census_.unstable = static_cast<SiteIndex>(take_front(in));
  census_.free = static_cast<SiteIndex>(take_front(in));
  is_fixed_point_ = take_front(in) != 0;
  is_two_cycle_ = take_front(in) != 0;
  for (auto& channel : averages_)
    for (LogBinning& average : channel) average.load(in);
  if (!derived_.empty()) moments_.load(in);
}

ReplicaRecorder::ReplicaRecorder(const MeasurementPlan& plan)
    : every_(plan.every), has_moments_(plan.measures("replica_overlap")) {
  if (plan.measures("overlap_histogram")) histogram_.resize(OverlapHistogram::num_bins);
}

void ReplicaRecorder::measure(std::span<const std::vector<std::uint64_t>> replicas, SiteIndex num_spins) {
  std::array<double, 4> sum{};
  OverlapHistogram histogram;
  int pairs = 0;
  for (std::size_t a = 0; a < replicas.size(); ++a)
    for (std::size_t b = a + 1; b < replicas.size(); ++b) {
      std::int64_t different = 0;
      for (std::size_t w = 0; w < replicas[a].size(); ++w)
        different += std::popcount(replicas[a][w] ^ replicas[b][w]);
      const double q = 1 - 2 * static_cast<double>(different) / num_spins;
      sum[0] += q;
      sum[1] += q * q;
      sum[2] += q * q * q * q;
      sum[3] += std::abs(q);
      histogram.add(different, num_spins, 1);
      ++pairs;
    }
  for (std::size_t k = 0; k < moments_.size(); ++k) moments_[k].add(sum[k] / pairs);
  for (std::size_t bin = 0; bin < histogram_.size(); ++bin)
    histogram_[bin].add(histogram.weights[bin] / pairs / OverlapHistogram::width);
}

std::vector<Measured> ReplicaRecorder::results() const {
  std::vector<Measured> all;
  const auto report = [&](const char* observable, const std::string& component, const LogBinning& average) {
    const Average a = average.average();
    all.push_back({observable, component, a.mean, a.error, a.tau_int * static_cast<double>(every_)});
  };
  constexpr std::array names{"1", "2", "4", "abs"};
  for (std::size_t k = 0; has_moments_ && k < names.size(); ++k)
    report("replica_overlap", names[k], moments_[k]);
  for (std::size_t bin = 0; bin < histogram_.size(); ++bin)
    report("overlap_histogram", OverlapHistogram::center(bin), histogram_[bin]);
  return all;
}

void ReplicaRecorder::save(std::vector<double>& out) const {
  for (const LogBinning& average : moments_) average.save(out);
  for (const LogBinning& average : histogram_) average.save(out);
}

void ReplicaRecorder::load(std::span<const double>& in) {
  for (LogBinning& average : moments_) average.load(in);
  for (LogBinning& average : histogram_) average.load(in);
}

}  // namespace mattis
