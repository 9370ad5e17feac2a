// One spin in a Gaussian random field: the averages every replica-symmetric theory is made of.
#pragma once

namespace mattis::theory {

/// Averages over x = b + c z, z standard normal.
///
///     x = beta h,   b = beta m,   c = beta a
struct FieldAverages {
  double tanh = 0;            ///< <tanh x>
  double one_minus_tanh = 0;  ///< 1 - <tanh x>, not by subtraction
  double tanh2 = 0;           ///< <tanh^2 x>
  double sech2 = 0;           ///< <sech^2 x> = 1 - <tanh^2 x>, not by subtraction
  double sech4 = 0;           ///< <sech^4 x>
  double tanh_sech2 = 0;      ///< <tanh x sech^2 x> = -(1/2) d<sech^2 x>/db
  double sech2_by_width = 0;  ///< d<sech^2 x>/dc
};

/// The averages above, to about 1e-15.
///
///     <g(b + c z)>    = int dx g(x) exp(-(x-b)^2/2c^2) / (c sqrt(2 pi))
///     <tanh(b + c z)> = int dx (1/2) sech^2 x erf((b - x) / (c sqrt 2))
///
/// A spin at temperature T is a spin at T = 0 in an additional random field T x of density (1/2) sech^2 x.
/// The first integral is taken over z for c < 1 and over x for c >= 1, so the integrand never has a step:
/// both are analytic within |Im| < pi/2 and decay at both ends, where the trapezoidal rule converges
/// exponentially in its step.
///
/// Domain   b >= 0, c >= 0, both finite; any size (beta = 1e200 is legal).
/// Cost     about 10 microseconds.
[[nodiscard]] FieldAverages field_averages(double b, double c);

/// Over x = b + c z, same domain, the free energy and the entropy of a spin:
///
///     ln_2cosh = <ln 2cosh x>
///     entropy  = <ln 2cosh x - x tanh x>
struct FieldEntropy {
  double ln_2cosh = 0;
  double entropy = 0;
};
[[nodiscard]] FieldEntropy field_entropy(double b, double c);

/// ln(2 cosh x) without overflow.
[[nodiscard]] double ln_2cosh(double x);

/// Mean size of a Gaussian.
///
///     <|b + c z|> = b erf(b / (c sqrt 2)) + c sqrt(2/pi) exp(-b^2/2c^2)
[[nodiscard]] double mean_absolute(double b, double c);

}  // namespace mattis::theory
