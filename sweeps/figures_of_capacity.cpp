// Panels of the capacity: two estimates against the size, with their extrapolation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sweeps/figures_of.hpp"

namespace mattis::sweeps {

namespace {

/// Both estimates of the capacity against N^-omega, their extrapolation, and theory at the left edge.
/// Nothing without a point.
std::optional<Figure> capacity_panel(const Job& job, const CapacityStatement& statement) {
  const double omega = job.capacity->shift_exponent;
  const analysis::Capacity& measured = statement.measured;
  Figure figure;
  figure.x_label = fmt::format("N^-{:.4g}", omega);
  figure.y_label = "load " + statement.load;
  Curve halves, crossings, line;
  const auto named = [](const char* what, const analysis::CapacityEstimate& estimate) {
    return estimate.converged
               ? fmt::format("{}; N to infinity: {:.5f} +- {:.5f}", what, estimate.load, estimate.error)
               : fmt::format("{} (not extrapolated)", what);
  };
  halves.title = named("half points", measured.from_half_points);
  halves.group = 0;
  crossings.title = named("crossings", measured.from_crossings);
  crossings.group = 1;
  double farthest = 0;
  for (const auto& half : measured.half_points) {
    if (!half.curve.converged) continue;
    halves.x.push_back(std::pow(half.N, -omega));
    halves.y.push_back(half.load);
    halves.error.push_back(half.error);
    farthest = std::max(farthest, halves.x.back());
  }
  for (const auto& x : measured.crossings) {
    if (!std::isfinite(x.error)) continue;
    crossings.x.push_back(std::pow(x.smaller * x.larger, -omega / 2));
    crossings.y.push_back(x.load);
    crossings.error.push_back(x.error);
  }
  const auto extrapolated = [&](Curve& curve, const analysis::CapacityEstimate& estimate) {
    if (!estimate.converged) return;
    curve.x.push_back(0);
    curve.y.push_back(estimate.load);
    curve.error.push_back(estimate.error);
  };
  extrapolated(halves, measured.from_half_points);
  extrapolated(crossings, measured.from_crossings);
  if (halves.x.empty() && crossings.x.empty()) return std::nullopt;
  if (farthest == 0) farthest = *std::max_element(crossings.x.begin(), crossings.x.end());
  if (!halves.x.empty()) figure.curves.push_back(halves);
  if (!crossings.x.empty()) figure.curves.push_back(crossings);
  if (measured.from_half_points.converged) {
    line.style = Curve::Style::line;
    line.group = 0;
    for (int k = 0; k <= 50; ++k) {
      const double x = farthest * k / 50;
      double y = measured.from_half_points.load, power = 1;
      for (const double amplitude : measured.from_half_points.amplitudes) y += amplitude * (power *= x);
      line.x.push_back(x);
      line.y.push_back(y);
    }
    figure.curves.push_back(line);
  }
  for (const CapacityTheory& theory : statement.theory) {
    Curve level;
    level.style = Curve::Style::line;
    level.title = fmt::format("{} {:.6f}", theory.level, theory.alpha);
    level.x = {0, farthest};
    level.y = {theory.alpha, theory.alpha};
    figure.curves.push_back(level);
  }
  return figure;
}

}  // namespace

std::vector<Figure> figures_of_capacity(const Job& job, const Statements& statements) {
  std::vector<Figure> figures;
  for (const CapacityStatement& statement : statements.capacities) {
    auto figure = capacity_panel(job, statement);
    if (!figure) continue;
    figure->title = fmt::format("capacity at T = {:.6g}{}", statement.temperature, statement.setting);
    figures.push_back(std::move(*figure));
  }
  return figures;
}

}  // namespace mattis::sweeps
