// mattis compare: simulation minus theory in units of the error.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sweeps/cli/advice_text.hpp"
#include "sweeps/cli/result_tables.hpp"
#include "sweeps/cli/verb.hpp"
#include "sweeps/results.hpp"
#include "sweeps/run.hpp"
#include "sweeps/statements.hpp"

namespace mattis::cli {

namespace {

using analysis::Estimate;

/// "alpha = 0.05, T = 0.4, start = cued": everything but N.
std::string place_text(const store::ResultTable& table, const std::vector<store::Coordinate>& at) {
  std::string text;
  for (std::size_t a = 0; a < table.axes.size(); ++a) {
    if (table.axes[a].name == "N") continue;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", table.axes[a].name,
                        table.axes[a].is_label ? at[a].label : fmt::format("{:.6g}", at[a].number));
  }
  return text;
}

double size_of(const store::ResultTable& table, const Estimate& e) {
  const int axis = table.axis("N");
  return axis < 0 ? store::not_there : e.at[static_cast<std::size_t>(axis)].number;
}

std::string points_text(const sweeps::Statements& statements, const std::string& format) {
  TextTable out = table_with_axes(statements.table, {"observable", "component", "mean", "error", "theory",
                                                     "level", "z", "samples", "left_out", "note"});
  for (const Estimate& e : statements.comparison.estimates) {
    if (!e.theory) continue;
    out.row();
    add_coordinates(out, statements.table, e.at);
    out.add(e.observable);
    out.add(e.component);
    for (const double value : {e.mean, e.error, *e.theory}) out.add(value);
    out.add(e.theory_level);
    out.add(e.z.value_or(store::not_there));
    out.add(e.samples);
    out.add(e.left_out);
    out.add(e.note);
  }
  return out.as(format);
}

/// Means that no theory is put beside because of which chains they average, one line per place and reason.
std::string notes_text(const sweeps::Statements& statements) {
  std::map<std::string, std::string> observables;  // of place and reason
  std::vector<std::string> order;
  for (const Estimate& e : statements.comparison.estimates) {
    if (!e.is_selected) continue;
    const auto key = fmt::format("N = {}, {}: {}", size_of(statements.table, e),
                                 place_text(statements.table, e.at), e.note);
    auto& names = observables[key];
    if (names.empty()) order.push_back(key);
    if (names.find(e.observable) != std::string::npos) continue;
    if (!names.empty()) names += ", ";
    names += e.observable;
  }
  std::string text;
  for (const auto& key : order) text += fmt::format("no theory beside {} at {}\n", observables[key], key);
  return text;
}

std::string curves_text(const sweeps::Statements& statements, const std::string& format) {
  TextTable out({"observable", "component", "start", "N", "points", "chi_squared", "dof", "p_value", "note"});
  for (const analysis::CurveTest& curve : statements.comparison.curves) {
    out.row();
    for (const std::string& text : {curve.observable, curve.component, curve.start}) out.add(text);
    out.add(curve.N);
    out.add(static_cast<int>(curve.estimates.size()));
    out.add(curve.chi_squared);
    out.add(curve.dof);
    out.add(curve.p_value);
    out.add(curve.note);
  }
  return out.as(format);
}

/// Chains that left retrieval, where they were counted.
std::string losses_text(const sweeps::Statements& statements, const std::string& format) {
  TextTable out = table_with_axes(statements.table, {"within", "lost", "error", "left_out"});
  bool any = false;
  for (const Estimate& e : statements.comparison.estimates) {
    if (e.observable != "retrieval_lost" || e.point == analysis::no_point) continue;
    any = true;
    out.row();
    add_coordinates(out, statements.table, e.at);
    out.add(e.component);
    out.add(e.mean);
    out.add(e.error);
    int left_out = 0;
    for (const Estimate& other : statements.comparison.estimates)
      if (other.point == e.point) left_out = std::max(left_out, other.left_out);
    out.add(left_out);
  }
  return any ? out.as(format) : "";
}

std::string estimate_line(const std::string& name, const analysis::CapacityEstimate& estimate,
                          const sweeps::CapacityStatement& statement) {
  if (!estimate.converged) return fmt::format("  {:<28} none: {}\n", name, estimate.reason);
  std::string line =
      fmt::format("  {:<28} {}_c = {:.5f} +- {:.5f}", name, statement.load, estimate.load, estimate.error);
  for (const auto& [level, alpha] : statement.theory)
    line +=
        fmt::format("   {}: {:.6f} (z = {:+.1f})", level, alpha, (estimate.load - alpha) / estimate.error);
  if (estimate.quality.dof > 0)
    line += fmt::format("   fit: chi2/dof = {:.2f}/{}, p = {:.2g}", estimate.quality.value,
                        estimate.quality.dof, estimate.quality.p_value);
  return line + "\n";
}

/// "half points, N^-0.5 N^-1 ->": the terms of the extrapolation.
std::string half_point_name(const sweeps::CapacityQuestion& question) {
  std::string name = "half points,";
  for (int k = 1; k <= question.shift_terms; ++k)
    name += fmt::format(" N^-{:.4g}", k * question.shift_exponent);
  return name + " ->";
}

std::string capacity_text(const sweeps::Job& job, const sweeps::CapacityStatement& statement) {
  const analysis::Capacity& c = statement.measured;
  std::string text =
      fmt::format("capacity at T = {}{}: retrieved fraction {} of {} samples, overlap cut {}\n",
                  statement.temperature, statement.setting, job.capacity->level, job.samples, job.cut);
  for (const analysis::HalfPoint& half : c.half_points) {
    if (half.curve.converged)
      text += fmt::format("  half point N = {:<8} {} = {:.5f} +- {:.5f}   fit over {} loads, p = {:.2g}\n",
                          half.N, statement.load, half.load, half.error, half.curve.loads,
                          half.curve.quality.p_value);
    else
      text += fmt::format("  half point N = {:<8} none: {}\n", half.N, half.curve.reason);
  }
  for (const analysis::Crossing& x : c.crossings) {
    text += fmt::format("  crossing {} x {}: ", x.smaller, x.larger);
    text += x.converged ? fmt::format("{} = {:.5f} +- {:.5f} at fraction {:.2f}\n", statement.load, x.load,
                                      x.error, x.fraction)
                        : fmt::format("none: {}\n", x.reason);
  }
  text += estimate_line(half_point_name(*job.capacity), c.from_half_points, statement);
  text += estimate_line("crossings ->", c.from_crossings, statement);
  return text;
}

/// What there is to say and no more, in paragraphs.
std::string report(const sweeps::Job& job, const sweeps::Statements& statements) {
  const auto& [estimates, curves, rejected] = statements.comparison;
  std::vector<std::string> paragraphs;
  const bool any_theory =
      std::any_of(estimates.begin(), estimates.end(), [](const Estimate& e) { return e.theory.has_value(); });
  if (any_theory) paragraphs.push_back("points with theory\n" + points_text(statements, "table"));
  if (!curves.empty())
    paragraphs.push_back(
        "curves: all points of one N at once, with the covariance of points that share disorder; chi_squared "
        "= d^T "
        "C^-1 d\nwith C from the samples, so p_value is that of Hotelling's T^2 (an F distribution), not of "
        "chi^2\n" +
        curves_text(statements, "table"));
  const bool any_capacity = std::any_of(statements.capacities.begin(), statements.capacities.end(),
                                        [](const auto& capacity) { return !capacity.theory.empty(); });
  const std::string notes = notes_text(statements);
  if (!any_theory && !any_capacity && !notes.empty())
    paragraphs.push_back("nothing is compared: too many chains were left out (below)\n");
  else if (!any_theory && !any_capacity && !rejected.empty())
    paragraphs.push_back("nothing is compared, for the reasons below\n");
  else if (!any_theory && !any_capacity)
    paragraphs.push_back(fmt::format(
        "nothing is compared: no theory here speaks of {}; mattis export prints the measured values\n",
        fmt::join(job.observables, ", ")));
  if (const std::string losses = losses_text(statements, "table"); !losses.empty())
    paragraphs.push_back("chains that left retrieval\n" + losses);
  std::string fits;
  for (const auto& fit : rejected)
    fits +=
        fmt::format("not extrapolated: {}{}{} at {}: {}\n", fit.observable, fit.component.empty() ? "" : " ",
                    fit.component, place_text(statements.table, fit.at), fit.reason);
  if (!fits.empty()) paragraphs.push_back(fits);
  if (!notes.empty()) paragraphs.push_back(notes);
  for (const auto& capacity : statements.capacities) paragraphs.push_back(capacity_text(job, capacity));
  const std::string advice = advice_text(job, estimates);
  if ((any_theory || any_capacity) && !advice.empty())
    paragraphs.push_back("what lowers the error more for the same computer time\n" + advice);
  return fmt::format("{}", fmt::join(paragraphs, "\n"));
}

nlohmann::ordered_json capacity_json(const sweeps::CapacityStatement& statement) {
  using Json = nlohmann::ordered_json;
  const auto value = [](double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); };
  const auto estimate = [&](const analysis::CapacityEstimate& e) {
    return Json{{statement.load + "_c", value(e.load)},
                {"error", value(e.error)},
                {"chi_squared", value(e.quality.value)},
                {"dof", e.quality.dof},
                {"p_value", value(e.quality.p_value)},
                {"converged", e.converged},
                {"reason", e.reason}};
  };
  Json json{{"T", statement.temperature},
            {"load", statement.load},
            {"setting", statement.setting},
            {"from_half_points", estimate(statement.measured.from_half_points)},
            {"from_crossings", estimate(statement.measured.from_crossings)}};
  json["half_points"] = Json::array();
  for (const auto& h : statement.measured.half_points)
    json["half_points"].push_back({{"N", h.N},
                                   {statement.load, value(h.load)},
                                   {"error", value(h.error)},
                                   {"p_value", value(h.curve.quality.p_value)},
                                   {"converged", h.curve.converged},
                                   {"reason", h.curve.reason}});
  json["crossings"] = Json::array();
  for (const auto& x : statement.measured.crossings)
    json["crossings"].push_back({{"smaller", x.smaller},
                                 {"larger", x.larger},
                                 {statement.load, value(x.load)},
                                 {"error", value(x.error)},
                                 {"converged", x.converged},
                                 {"reason", x.reason}});
  json["theory"] = Json::object();
  for (const auto& [level, alpha] : statement.theory) json["theory"][level] = alpha;
  return json;
}

}  // namespace

int run_compare(const Verb& verb, const std::vector<std::string>& words) {
  namespace po = boost::program_options;
  Options options("options");
  options.add_options()("require", po::value<double>()->value_name("Z"),
                        "exit 1 if any |z| of the size-extrapolated rows (N = inf) exceeds Z")(
      "format", po::value<std::string>()->value_name("table|csv|json"),
      "table (default), csv (points alone) or json");
  const auto values = parse(verb, words, options, 1, 1);
  if (!values) return exit_done;
  const std::string format = chosen(*values, "format", {"table", "csv", "json"});
  const double limit = values->count("require") ? (*values)["require"].as<double>() : 1;
  if (!(limit > 0)) throw InputError(fmt::format("--require {}", limit), "mattis compare", "Z is positive");
  const sweeps::Loaded loaded = sweeps::load(words_of(*values).front());
  const sweeps::Statements statements =
      sweeps::make_statements(loaded.job, sweeps::result_table(loaded.job, loaded.points, loaded.records));
  warn_of_cycles(statements.table);

  if (format == "csv") print_data(points_text(statements, "csv"));
  if (format == "json") {
    using Json = nlohmann::ordered_json;
    Json json{{"points", Json::parse(points_text(statements, "json"))},
              {"curves", Json::parse(curves_text(statements, "json"))}};
    const std::string losses = losses_text(statements, "json");
    json["losses"] = losses.empty() ? Json::array() : Json::parse(losses);
    json["rejected_fits"] = Json::array();
    for (const auto& fit : statements.comparison.rejected)
      json["rejected_fits"].push_back({{"observable", fit.observable},
                                       {"component", fit.component},
                                       {"place", place_text(statements.table, fit.at)},
                                       {"reason", fit.reason}});
    json["capacity"] = Json::array();
    for (const auto& capacity : statements.capacities) json["capacity"].push_back(capacity_json(capacity));
    json["advice"] = Json::parse(advice_json(loaded.job, statements.table, statements.comparison.estimates));
    print_data(json.dump(1) + "\n");
  }
  if (format == "table") print_data(report(loaded.job, statements));
  if (!values->count("require")) return exit_done;
  const auto largest = statements.comparison.largest_extrapolated_z();
  if (!largest) {
    fmt::print(
        stderr,
        "warning: --require {} TESTED NOTHING: no row at N = inf has both an extrapolation and theory ({} "
        "not extrapolated); this exit code says nothing about agreement\n",
        limit, statements.comparison.rejected.size());
    return exit_done;
  }
  const auto tested =
      std::count_if(statements.comparison.estimates.begin(), statements.comparison.estimates.end(),
                    [](const Estimate& e) { return e.point == analysis::no_point && e.z.has_value(); });
  fmt::print(stderr, "largest |z| at N = inf: {:.2f} of {} rows, required: {}; {} not extrapolated\n",
             *largest, tested, limit, statements.comparison.rejected.size());
  return *largest <= limit ? exit_done : exit_comparison_failed;
}

}  // namespace mattis::cli
