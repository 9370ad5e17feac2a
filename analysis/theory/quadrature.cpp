#include "analysis/theory/quadrature.hpp"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "engine/error.hpp"

namespace mattis::theory {

namespace {

constexpr std::size_t max_pieces = 400;
constexpr double normal_range = 12;  // the measure outside is 4e-33

double call(double x, void* function) { return (*static_cast<const Function*>(function))(x); }

struct FreeWorkspace {
  void operator()(gsl_integration_workspace* w) const { gsl_integration_workspace_free(w); }
  void operator()(gsl_integration_glfixed_table* t) const { gsl_integration_glfixed_table_free(t); }
};

}  // namespace

Integral integrate(const Function& f, const std::vector<double>& points, double tolerance) {
  gsl_set_error_handler_off();
  const std::unique_ptr<gsl_integration_workspace, FreeWorkspace> workspace{
      gsl_integration_workspace_alloc(max_pieces)};
  MATTIS_CHECK(workspace != nullptr);
  gsl_function wrapped{&call, const_cast<Function*>(&f)};
  Integral sum;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    if (!(points[k] < points[k + 1])) continue;
    double value = 0, error = 0;
    gsl_integration_qag(&wrapped, points[k], points[k + 1], 0.01 * tolerance, tolerance, max_pieces,
                        GSL_INTEG_GAUSS31, workspace.get(), &value, &error);
    sum.value += value;
    sum.error += error;
  }
  sum.converged = sum.error <= 1e3 * tolerance * std::max(1.0, std::abs(sum.value));  // false for nan
  return sum;
}

Integral gaussian_average(const Function& f, const std::vector<Step>& steps, double tolerance) {
  std::vector<double> points{-normal_range, 0, normal_range};
  for (const auto& step : steps)
    for (const double widths : {-30., -8., -2., 0., 2., 8., 30.}) {
      const double z = step.centre + widths * step.width;
      if (std::abs(z) < normal_range) points.push_back(z);
    }
  std::sort(points.begin(), points.end());
  const double norm = 1 / std::sqrt(2 * std::numbers::pi);
  return integrate([&](double z) { return norm * std::exp(-z * z / 2) * f(z); }, points, tolerance);
}

std::vector<Node> gauss_legendre(const std::vector<double>& points, int order) {
  gsl_set_error_handler_off();
  const std::unique_ptr<gsl_integration_glfixed_table, FreeWorkspace> table{
      gsl_integration_glfixed_table_alloc(static_cast<std::size_t>(order))};
  MATTIS_CHECK(table != nullptr);
  std::vector<Node> nodes;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    if (!(points[k] < points[k + 1])) continue;
    for (std::size_t i = 0; i < static_cast<std::size_t>(order); ++i) {
      Node node;
      gsl_integration_glfixed_point(points[k], points[k + 1], i, &node.x, &node.weight, table.get());
      nodes.push_back(node);
    }
  }
  return nodes;
}

}  // namespace mattis::theory
