// What theory adds to a panel: lines, crosses, marks, and the curves a capacity was read off.
#pragma once

#include "sweeps/figures_of_axes.hpp"
#include "sweeps/statements.hpp"

namespace mattis::sweeps {

class TheoryDrawing {
 public:
  TheoryDrawing(const Job& job, const Statements& statements, const FigureAxes& axes);

  /// Where an estimate stands along x: at its actual load where x is the load.
  double x_of(const analysis::Estimate& e) const;

  /// Adds to the panel of these estimates what theory says of them. Returns its keys of the legend.
  std::vector<LegendKey> draw(Figure& figure, const std::vector<const analysis::Estimate*>& estimates) const;

 private:
  bool is_continuous(const analysis::Estimate& e) const;
  bool add_line(Figure& figure, const analysis::Estimate& e, double from, double to,
                std::vector<std::string>& levels) const;
  bool add_crosses(Figure& figure, const std::vector<const analysis::Estimate*>& estimates,
                   std::vector<std::string>& levels) const;
  bool add_fitted_curves(Figure& figure, const std::vector<const analysis::Estimate*>& estimates) const;
  void add_marks(Figure& figure, const std::vector<const analysis::Estimate*>& estimates) const;
  void add_capacities(Figure& figure, const std::vector<const analysis::Estimate*>& estimates) const;
  void add_transition(Figure& figure, const std::vector<const analysis::Estimate*>& estimates,
                      const std::string& name, const std::string& level) const;

  const Job& job_;
  const Statements& statements_;
  const FigureAxes& axes_;
  analysis::TheoryValue theory_;
};

}  // namespace mattis::sweeps
