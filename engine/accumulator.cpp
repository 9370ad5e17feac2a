#include "engine/accumulator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/error.hpp"

namespace mattis {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t fewest_bins = 16;
constexpr std::int64_t enough_bins = 32;  // beyond them, longer bins are worth more than many

using Function = std::function<double(std::span<const double>)>;

/// Sums over stretches of a series, all of one length.
struct Stretches {
  std::vector<std::vector<double>> sums;
  double length;

  double size() const { return static_cast<double>(sums.size()); }
};

void join_neighbours(std::vector<std::vector<double>>& sums) {
  for (std::size_t b = 0; b < sums.size() / 2; ++b)
    for (std::size_t q = 0; q < sums[b].size(); ++q) sums[b][q] = sums[2 * b][q] + sums[2 * b + 1][q];
  sums.resize(sums.size() / 2);
}

struct Pseudovalues {
  double whole;       ///< f(all)
  LogBinning values;  ///< p_b
};

Pseudovalues pseudovalues(const Stretches& bins, const Function& f) {
  std::vector<double> total(bins.sums.front().size(), 0.0), mean(total.size());
  for (const auto& bin : bins.sums)
    for (std::size_t q = 0; q < total.size(); ++q) total[q] += bin[q];
  for (std::size_t q = 0; q < total.size(); ++q) mean[q] = total[q] / (bins.size() * bins.length);
  Pseudovalues p{f(mean), {}};
  for (const auto& bin : bins.sums) {
    for (std::size_t q = 0; q < total.size(); ++q)
      mean[q] = (total[q] - bin[q]) / ((bins.size() - 1) * bins.length);
    p.values.add(bins.size() * p.whole - (bins.size() - 1) * f(mean));
  }
  return p;
}

}  // namespace

double take_front(std::span<const double>& in) {
  MATTIS_CHECK(!in.empty());
  const double value = in.front();
  in = in.subspan(1);
  return value;
}

void LogBinning::add(double value) {
  if (count_ == 0) reference_ = value;
  double sum = value - reference_;
  sum_ += sum;
  ++count_;
  for (std::size_t k = 0;; ++k) {
    if (k == levels_.size()) levels_.emplace_back();
    levels_[k].sum_of_squares += sum * sum;
    if ((count_ >> k) % 2 == 1) {
      levels_[k].pending = sum;
      return;
    }
    sum += levels_[k].pending;
  }
}

double LogBinning::variance_of_mean(std::size_t k) const {
  const auto length = static_cast<double>(std::int64_t{1} << k);
  const auto bins = static_cast<double>(count_ >> k);
  // Values of the unfinished bin at the end belong to no complete bin: take the mean over complete bins.
  double unfinished = 0;
  for (std::size_t j = 0; j < k; ++j)
    if ((count_ >> j) % 2 == 1) unfinished += levels_[j].pending;
  const double mean_sum = (sum_ - unfinished) / bins;
  const double variance = std::max(0.0, levels_[k].sum_of_squares / bins - mean_sum * mean_sum);
  return variance / (length * length) / (bins - 1);
}

Average LogBinning::average(std::int64_t shortest_bin) const {
  if (count_ == 0) return {unknown, unknown, unknown};
  Average result{reference_ + sum_ / static_cast<double>(count_), unknown, unknown};
  if (count_ < fewest_bins) return result;
  const double independent = variance_of_mean(0);
  if (independent == 0) return {result.mean, 0.0, 0.0};
  for (std::size_t k = 0; (count_ >> k) >= fewest_bins; ++k) {
    const double variance = variance_of_mean(k);
    result.error = std::sqrt(variance);
    result.tau_int = std::max(0.0, 0.5 * (variance / independent - 1));
    const std::int64_t length = std::int64_t{1} << k;
    const bool is_long = length >= shortest_bin && static_cast<double>(length) >= 16 * result.tau_int;
    if (is_long && (count_ >> (k + 1)) < enough_bins) break;
  }
  return result;
}

void LogBinning::save(std::vector<double>& out) const {
  out.insert(out.end(), {static_cast<double>(count_), reference_, sum_});
  for (const Level& level : levels_) out.insert(out.end(), {level.sum_of_squares, level.pending});
}

void LogBinning::load(std::span<const double>& in) {
  count_ = static_cast<std::int64_t>(take_front(in));
  reference_ = take_front(in);
  sum_ = take_front(in);
  levels_.clear();
  for (std::int64_t n = count_; n > 0; n >>= 1) {
    const double sum_of_squares = take_front(in), pending = take_front(in);
    levels_.push_back({sum_of_squares, pending});
  }
}

void MomentBins::add(std::span<const double> values) {
  for (std::size_t q = 0; q < partial_.size(); ++q) partial_[q] += values[q];
  if (++filled_ < bin_length_) return;
  bins_.push_back(partial_);
  std::fill(partial_.begin(), partial_.end(), 0.0);
  filled_ = 0;
  if (bins_.size() < max_bins) return;
  join_neighbours(bins_);
  bin_length_ *= 2;
}

Average MomentBins::jackknife(const Function& f) const {
  Stretches bins{bins_, static_cast<double>(bin_length_)};
  if (bins.sums.size() < std::size_t{fewest_bins}) return {unknown, unknown, unknown};
  const Pseudovalues fine = pseudovalues(bins, f);
  while (bins.sums.size() >= 2 * std::size_t{fewest_bins}) {
    join_neighbours(bins.sums);
    bins.length *= 2;
  }
  const Pseudovalues coarse = pseudovalues(bins, f);
  const double bias = coarse.whole - coarse.values.average().mean;
  return {fine.whole - bias, fine.values.average(2).error, unknown};
}

void MomentBins::save(std::vector<double>& out) const {
  out.insert(out.end(), {static_cast<double>(bin_length_), static_cast<double>(filled_),
                         static_cast<double>(bins_.size())});
  out.insert(out.end(), partial_.begin(), partial_.end());
  for (const auto& bin : bins_) out.insert(out.end(), bin.begin(), bin.end());
}

void MomentBins::load(std::span<const double>& in) {
  bin_length_ = static_cast<std::int64_t>(take_front(in));
  filled_ = static_cast<std::int64_t>(take_front(in));
  bins_.assign(static_cast<std::size_t>(take_front(in)), std::vector<double>(partial_.size()));
  for (double& value : partial_) value = take_front(in);
  for (auto& bin : bins_)
    for (double& value : bin) value = take_front(in);
}

}  // namespace mattis
