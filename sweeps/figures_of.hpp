// The figures of a job: what to draw against what, with theory lines.
#pragma once

#include <vector>

#include "analysis/figures/figure.hpp"
#include "sweeps/statements.hpp"

namespace mattis::sweeps {

/// One panel per observable worth a panel, component of it and setting of the axes that neither x, nor colour, nor
/// symbol tells (figures_of_axes.hpp); every observable there is if none of those was measured. Symbols tell N, colours the
/// one other number, in all panels alike.
/// Theory at N = infinity, wherever theory_of knows it: a line where x can be varied (T, alpha, h), else a cross at every
/// point. Marks: capacity (against the load) or T_M (against T). The overlap histogram gets panels of its own, and a
/// capacity job one for each of its estimates that has a point.
/// The small print below the last panel says what is drawn: sizes, samples, replicas, seed; and then `footnote`.
std::vector<Figure> figures_of(const Job& job, const Statements& statements, const std::string& footnote);

/// The panels of P(q): the largest size with data, the values of x as colours.
std::vector<Figure> figures_of_overlaps(const Statements& statements);

/// Both estimates of each capacity against N^-omega, their extrapolation, and theory. Nothing for a capacity without a half
/// point and without a crossing.
std::vector<Figure> figures_of_capacity(const Job& job, const Statements& statements);

}  // namespace mattis::sweeps
