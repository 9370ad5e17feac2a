// Retrieved fractions drawn from a probit curve.
#pragma once

#include <gsl/gsl_cdf.h>

#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <vector>

#include "analysis/estimates/coverage.hpp"
#include "analysis/estimates/fraction_curve.hpp"

namespace mattis::tests {

struct Loads {
  double from = 0.1, step = 0.0025, to = 0.18;
};

/// Each of `samples` is the mean of `replicas` runs, which agree or are independent.
inline std::vector<analysis::FractionAtLoad> draw_fractions(Random& random, double half, double width,
                                                            int samples, int replicas,
                                                            bool replicas_agree = false, Loads loads = {}) {
  boost::random::uniform_01<double> uniform;
  std::vector<analysis::FractionAtLoad> data;
  const auto steps = std::lround((loads.to - loads.from) / loads.step);
  for (int i = 0; i <= steps; ++i) {
    analysis::FractionAtLoad at{loads.from + loads.step * i, 0, 0, samples};
    const double p = gsl_cdf_ugaussian_P((half - at.load) / width);
    std::vector<double> values;
    for (int s = 0; s < samples; ++s) {
      double x = 0;
      if (replicas_agree)
        x = uniform(random) < p;
      else
        for (int r = 0; r < replicas; ++r) x += (uniform(random) < p) / static_cast<double>(replicas);
      values.push_back(x);
      at.fraction += x;
    }
    at.fraction = std::abs(at.fraction - samples) < 1e-9 ? 1 : at.fraction / samples;
    for (const double x : values) at.variance += (x - at.fraction) * (x - at.fraction) / (samples - 1);
    data.push_back(at);
  }
  return data;
}

}  // namespace mattis::tests
