// Which axis of the grid is drawn how: one along x, one by colour, N by the symbol, every other in panels of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/figures/figure.hpp"
#include "engine/store/result_table.hpp"

namespace mattis::sweeps {

/// x       the numeric axis with most values besides N; N if no other has two
/// colour  of the others that vary the numeric one with most values, or else the first of labels; if none varies, N
/// symbol  N, always
///
/// Colours and symbols are numbered once, for all panels. Of more values than can be told apart, `most_values` are
/// drawn, evenly spread with both ends.
class FigureAxes {
 public:
  static constexpr std::size_t most_values = 6;
  using Place = std::vector<store::Coordinate>;

  explicit FigureAxes(const store::ResultTable& table);

  std::size_t x() const { return x_; }
  const std::string& x_name() const { return table_.axes[x_].name; }
  std::string x_label() const;

  bool is_drawn(const Place& at) const { return group(at) >= 0 && marker(at) >= 0; }
  /// The number of its colour, or -2 if it is not drawn.
  int group(const Place& at) const;
  /// The colour of a theory line, which is for N to infinity: -1 where colours tell N.
  int group_of_theory(const Place& at) const { return colour_ ? group(at) : -1; }
  /// The number of its symbol, or -2.
  int marker(const Place& at) const;

  /// "T = 0.2, random": what varies and is told by the panel.
  std::string panel(const Place& at) const;
  /// "N = 500, T = 0.2": what varies and is told by colour and symbol.
  std::string curve(const Place& at) const;
  /// "6 of 12 values of T" where not all are drawn.
  std::string left_out() const;
  /// What the colours and symbols of these places mean; `as_lines` where theory lines share the colours.
  std::vector<LegendKey> legend(const std::vector<Place>& drawn, bool as_lines) const;

  /// Distinct values along an axis, in order.
  std::vector<store::Coordinate> values(std::size_t axis) const;
  /// At most `most` of them, evenly spread with both ends.
  static std::vector<store::Coordinate> spread(const std::vector<store::Coordinate>& all,
                                               std::size_t most = most_values);
  /// "T = 0.2", "random".
  std::string name(std::size_t axis, const store::Coordinate& value) const;

 private:
  bool varies(std::size_t axis) const { return values_[axis].size() > 1; }
  const store::ResultTable& table_;
  std::vector<std::vector<store::Coordinate>> values_;
  std::size_t size_ = 0, x_ = 0;
  std::optional<std::size_t> colour_;
  std::vector<store::Coordinate> colours_, sizes_;
};

}  // namespace mattis::sweeps
