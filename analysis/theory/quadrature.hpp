// Integrals and Gaussian averages to near rounding error, with the error they were computed to.
#pragma once

#include <functional>
#include <vector>

namespace mattis::theory {

using Function = std::function<double(double)>;

/// A number computed by quadrature. `converged` means the error estimate meets the tolerance asked for, or is
/// as small as rounding allows.
struct Integral {
  double value = 0;
  double error = 0;
  bool converged = true;
};

/// Integral, adaptively on each piece between neighbouring `points` (kinks and steps belong there).
///
///     int_a^b f(x) dx,   a = points.front(), b = points.back()
///
/// Domain   points increasing, at least two; f finite on the pieces' interiors.
/// Cost     some hundred evaluations of f per piece at most, unless f is rough.
/// Errors   reported in the value; never throws.
[[nodiscard]] Integral integrate(const Function& f, const std::vector<double>& points,
                                 double tolerance = 1e-13);

/// Where a function of z changes fast: a smoothed step or kink of this width at this place.
struct Step {
  double centre = 0;
  double width = 1;
};

/// Average over the standard normal measure.
///
///     int Dz f(z),   Dz = exp(-z^2/2) dz / sqrt(2 pi)
///
/// The range |z| < 12 is cut at every step and a few widths beside it, so tanh(beta (m + a z)) costs the same
/// at any temperature: its step has centre -m/a and width T/a.
[[nodiscard]] Integral gaussian_average(const Function& f, const std::vector<Step>& steps = {},
                                        double tolerance = 1e-13);

/// Abscissa and weight of a quadrature rule.
struct Node {
  double x = 0;
  double weight = 0;
};

/// Gauss-Legendre nodes, `order` of them on each piece between neighbouring points: for integrands with many
/// components that share their evaluations.
[[nodiscard]] std::vector<Node> gauss_legendre(const std::vector<double>& points, int order);

}  // namespace mattis::theory
