#include "analysis/theory/solve.hpp"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multiroots.h>
#include <gsl/gsl_roots.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/error.hpp"

namespace mattis::theory {

namespace {

constexpr int max_iterations = 200;

double call(double x, void* function) { return (*static_cast<const Function*>(function))(x); }

struct FreeSolver {
  void operator()(gsl_root_fsolver* s) const { gsl_root_fsolver_free(s); }
  void operator()(gsl_min_fminimizer* s) const { gsl_min_fminimizer_free(s); }
  void operator()(gsl_multiroot_fdfsolver* s) const { gsl_multiroot_fdfsolver_free(s); }
  void operator()(gsl_vector* v) const { gsl_vector_free(v); }
};

double largest(const gsl_vector* v) {
  double norm = 0;
  for (std::size_t i = 0; i < v->size; ++i) {
    const double component = std::abs(gsl_vector_get(v, i));
    if (!(component <= norm)) norm = component;  // keeps nan
  }
  return norm;
}

int evaluate(const gsl_vector* x, void* function, gsl_vector* out) {
  std::vector<double> at(x->size);
  for (std::size_t i = 0; i < x->size; ++i) at[i] = gsl_vector_get(x, i);
  const auto values = (*static_cast<const VectorFunction*>(function))(at);
  for (std::size_t i = 0; i < values.size(); ++i)
    gsl_vector_set(out, i, std::isfinite(values[i]) ? values[i] : 1e3);  // outside the domain: repel
  return GSL_SUCCESS;
}

/// dF_i/dx_j by central differences: good to 1e-10, where forward differences would lose half the digits.
int differentiate(const gsl_vector* x, void* function, gsl_matrix* jacobian) {
  const std::size_t n = x->size;
  const std::unique_ptr<gsl_vector, FreeSolver> at{gsl_vector_alloc(n)}, right{gsl_vector_alloc(n)},
      left{gsl_vector_alloc(n)};
  for (std::size_t j = 0; j < n; ++j) {
    const double step = 1e-5 * std::max(1.0, std::abs(gsl_vector_get(x, j)));
    gsl_vector_memcpy(at.get(), x);
    gsl_vector_set(at.get(), j, gsl_vector_get(x, j) + step);
    evaluate(at.get(), function, right.get());
    gsl_vector_set(at.get(), j, gsl_vector_get(x, j) - step);
    evaluate(at.get(), function, left.get());
    for (std::size_t i = 0; i < n; ++i)
      gsl_matrix_set(jacobian, i, j,
                     (gsl_vector_get(right.get(), i) - gsl_vector_get(left.get(), i)) / (2 * step));
  }
  return GSL_SUCCESS;
}

int evaluate_both(const gsl_vector* x, void* function, gsl_vector* out, gsl_matrix* jacobian) {
  evaluate(x, function, out);
  return differentiate(x, function, jacobian);
}

struct Sampled {
  double x = 0, value = 0;
};

/// Brent's search between three points; `width` is absolute. GSL moves by sqrt(epsilon) |x| at least, so that a bracket
/// cannot close to less than twice that.
Found minimise_around(const Function& f, Sampled lo, Sampled middle, Sampled hi, double width) {
  constexpr double sqrt_epsilon = 0x1p-26;
  const double closed = std::max(width, 4 * sqrt_epsilon * std::max(std::abs(lo.x), std::abs(hi.x)));
  gsl_set_error_handler_off();
  const std::unique_ptr<gsl_min_fminimizer, FreeSolver> solver{
      gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent)};
  MATTIS_CHECK(solver != nullptr);
  gsl_function wrapped{&call, const_cast<Function*>(&f)};
  const bool is_bracket = middle.value < lo.value && middle.value < hi.value;  // no value is missing either
  if (!is_bracket || gsl_min_fminimizer_set_with_values(solver.get(), &wrapped, middle.x, middle.value, lo.x,
                                                        lo.value, hi.x, hi.value) != GSL_SUCCESS)
    return {middle.x, middle.value, false, 0};
  const auto found = [&](bool converged, int iterations) {
    return Found{gsl_min_fminimizer_x_minimum(solver.get()), gsl_min_fminimizer_f_minimum(solver.get()),
                 converged, iterations};
  };
  for (int k = 1; k <= max_iterations; ++k) {
    if (gsl_min_fminimizer_iterate(solver.get()) != GSL_SUCCESS) break;
    const double left = gsl_min_fminimizer_x_lower(solver.get()),
                 right = gsl_min_fminimizer_x_upper(solver.get());
    if (gsl_min_test_interval(left, right, closed, 0) == GSL_SUCCESS) return found(true, k);
  }
  return found(false, max_iterations);
}

}  // namespace

Found find_root(const Function& f, double lo, double hi, double tolerance) {
  gsl_set_error_handler_off();
  const double f_lo = f(lo), f_hi = f(hi);
  if (f_lo == 0) return {lo, 0, true, 0};
  if (f_hi == 0) return {hi, 0, true, 0};
  if (!(std::signbit(f_lo) != std::signbit(f_hi)) || std::isnan(f_lo) || std::isnan(f_hi))
    return {lo, f_lo, false, 0};
  const std::unique_ptr<gsl_root_fsolver, FreeSolver> solver{gsl_root_fsolver_alloc(gsl_root_fsolver_brent)};
  MATTIS_CHECK(solver != nullptr);
  gsl_function wrapped{&call, const_cast<Function*>(&f)};
  if (gsl_root_fsolver_set(solver.get(), &wrapped, lo, hi) != GSL_SUCCESS) return {lo, f_lo, false, 0};
  for (int k = 1; k <= max_iterations; ++k) {
    if (gsl_root_fsolver_iterate(solver.get()) != GSL_SUCCESS) return {lo, f_lo, false, k};
    const double left = gsl_root_fsolver_x_lower(solver.get()),
                 right = gsl_root_fsolver_x_upper(solver.get());
    if (gsl_root_test_interval(left, right, 0, tolerance) == GSL_SUCCESS ||
        std::nextafter(left, right) >= right) {
      const double x = gsl_root_fsolver_root(solver.get());
      return {x, f(x), true, k};
    }
  }
  return {gsl_root_fsolver_root(solver.get()), 0, false, max_iterations};
}

Found minimise(const Function& f, double lo, double hi, int scan, double tolerance) {
  const int points = scan + 2;
  const auto place = [&](int k) { return k + 1 == points ? hi : lo + (hi - lo) * k / (points - 1); };
  std::vector<double> values;
  for (int k = 0; k < points; ++k) values.push_back(f(place(k)));
  const int best = static_cast<int>(std::min_element(values.begin(), values.end()) - values.begin());
  const auto at = [&](int k) { return values[static_cast<std::size_t>(k)]; };
  if (best == 0 || best + 1 == points) return {place(best), at(best), std::isfinite(at(best)), 0};
  return minimise_around(f, {place(best - 1), at(best - 1)}, {place(best), at(best)},
                         {place(best + 1), at(best + 1)}, tolerance * (hi - lo));
}

Found minimise_around(const Function& f, double lo, double middle, double hi, double tolerance) {
  return minimise_around(f, {lo, f(lo)}, {middle, f(middle)}, {hi, f(hi)}, tolerance * (hi - lo));
}

SystemRoot solve_system(const VectorFunction& f, const std::vector<double>& start, double tolerance) {
  gsl_set_error_handler_off();
  const std::size_t n = start.size();
  const std::unique_ptr<gsl_vector, FreeSolver> x{gsl_vector_alloc(n)};
  const std::unique_ptr<gsl_multiroot_fdfsolver, FreeSolver> solver{
      gsl_multiroot_fdfsolver_alloc(gsl_multiroot_fdfsolver_hybridsj, n)};
  MATTIS_CHECK(x != nullptr && solver != nullptr);
  for (std::size_t i = 0; i < n; ++i) gsl_vector_set(x.get(), i, start[i]);
  gsl_multiroot_function_fdf wrapped{&evaluate, &differentiate, &evaluate_both, n,
                                     const_cast<VectorFunction*>(&f)};
  SystemRoot root{start, HUGE_VAL, false, 0};
  const auto keep = [&] {
    const double residual = largest(solver->f);
    if (!(residual < root.residual)) return false;
    for (std::size_t i = 0; i < n; ++i) root.x[i] = gsl_vector_get(solver->x, i);
    root.residual = residual;
    return true;
  };
  for (int restart = 0; restart < 3 && root.residual > tolerance;
       ++restart) {  // with a fresh Jacobian where it stalled
    for (std::size_t i = 0; i < n; ++i) gsl_vector_set(x.get(), i, root.x[i]);
    if (gsl_multiroot_fdfsolver_set(solver.get(), &wrapped, x.get()) != GSL_SUCCESS) break;
    keep();
    for (int k = 0, idle = 0; k < max_iterations && idle < 3 && root.residual > 1e-3 * tolerance; ++k) {
      ++root.iterations;
      if (gsl_multiroot_fdfsolver_iterate(solver.get()) != GSL_SUCCESS) break;
      idle = keep() || root.residual > tolerance ? 0 : idle + 1;  // converged, and at the level of rounding
    }
  }
  root.converged = root.residual < tolerance;
  return root;
}

}  // namespace mattis::theory
