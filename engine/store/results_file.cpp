#include "engine/store/results_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/error.hpp"
#include "engine/store/component_labels.hpp"
#include "engine/store/grid_layout.hpp"
#include "engine/store/hdf5_file.hpp"
#include "engine/store/variable.hpp"

namespace mattis::store {

namespace {

/// Coordinates of all places on one axis.
std::vector<Coordinate> column(const std::vector<std::vector<Coordinate>>& places, std::size_t axis) {
  std::vector<Coordinate> at;
  for (const auto& place : places) at.push_back(place[axis]);
  return at;
}

/// Writes one table with its estimates into one file.
class ResultsWriter {
 public:
  ResultsWriter(Hdf5File& file, const ResultTable& table)
      : file_(file), table_(table), labels_(table.observables) {
    for (const auto& point : table.points) places_.push_back(point.at);
    layout_ = lay_out(table.axes, places_, "point");
    grid_ = {layout_.dimensions, layout_.lengths};
    for (const auto& series : table.series) {
      for (const auto& value : series.values) {
        num_samples_ = std::max(num_samples_, static_cast<std::size_t>(value.sample) + 1);
      }
    }
  }

  void coordinates();
  void actual_numbers();
  void components(std::span<const EstimateRow> estimates, std::span<const ExtrapolatedRow> extrapolated);
  void samples();
  void estimates(std::span<const EstimateRow> rows);
  void extrapolated(std::span<const ExtrapolatedRow> rows);
  void provenance(const Provenance& provenance);

 private:
  template <class T>
  void variable(const std::string& name, const Dimensions& dims, const std::vector<T>& values,
                const Words& words) {
    write_variable(file_, name, dims, values, words);
  }

  /// The scale 0, 1, 2 ... of a dimension.
  void numbered(const std::string& name, std::size_t length, const std::string& definition) {
    std::vector<std::int64_t> index(length);
    std::iota(index.begin(), index.end(), 0);
    variable(name, {{name}, {length}}, index, {spoken(name), {}, {}, definition});
  }

  /// A coordinate of one axis, over `dims`: numbers or labels.
  void axis_variable(const std::string& name, const Dimensions& dims, const Axis& axis,
                     const std::vector<Coordinate>& at) {
    const Words words{spoken(axis.name), {}, axis.is_label ? "" : units_or_one(axis.units), axis.definition};
    std::vector<std::string> labels;
    std::vector<double> numbers;
    for (const auto& c : at) (axis.is_label ? labels.push_back(c.label) : numbers.push_back(c.number));
    axis.is_label ? variable(name, dims, labels, words) : variable(name, dims, numbers, words);
  }

  Words words_of(std::size_t observable, const std::string& suffix, const std::string& definition) const {
    const auto& spec = table_.observables[observable];
    return {spoken(spec.name) + suffix, {}, units_or_one(spec.units), definition};
  }

  Hdf5File& file_;
  const ResultTable& table_;
  std::vector<std::vector<Coordinate>> places_;
  GridLayout layout_;
  Dimensions grid_;
  std::size_t num_samples_ = 0;
  ComponentLabels labels_;
};

void ResultsWriter::coordinates() {
  std::set<std::string> more;  // coordinates that are no scales: readers find them by this list
  if (!layout_.is_product) {
    numbered("point", table_.points.size(), "point of the grid; its coordinates lie along this dimension");
  }
  for (std::size_t a = 0; a < table_.axes.size(); ++a) {
    const Axis& axis = table_.axes[a];
    if (layout_.is_product) {
      axis_variable(axis.name, {{axis.name}, {layout_.lengths[a]}}, axis, layout_.along[a]);
    } else {
      axis_variable(axis.name, grid_, axis, column(places_, a));
      more.insert(axis.name);
    }
  }
  numbered("sample", num_samples_, "disorder sample: number of the draw of patterns or couplings");
  for (const auto& point : table_.points) {
    for (const auto& [name, value] : point.actual) {
      if (table_.axis(name) < 0) more.insert(name);
    }
  }
  if (!more.empty()) file_.set_attribute("/", "coordinates", fmt::format("{}", fmt::join(more, " ")));
}

void ResultsWriter::actual_numbers() {
  std::map<std::string, std::vector<double>> numbers;
  for (std::size_t p = 0; p < table_.points.size(); ++p) {
    for (const auto& [name, value] : table_.points[p].actual) {
      if (table_.axis(name) >= 0) continue;
      numbers.try_emplace(name, grid_.size(), not_there).first->second[layout_.cell[p]] = value;
    }
  }
  for (const auto& [name, values] : numbers) {
    variable(name, grid_, values, {spoken(name), {}, "1", "the number the model took at this point"});
  }
}

void ResultsWriter::components(std::span<const EstimateRow> estimates,
                               std::span<const ExtrapolatedRow> extrapolated) {
  for (const auto& series : table_.series) labels_.note(series.observable, series.component);
  for (const auto& row : estimates) labels_.note(row.observable, row.component);
  for (const auto& row : extrapolated) labels_.note(row.observable, row.component);
  labels_.write(file_);
}

/// Mean over the replicas of each sample and the thermal error of that mean, from the errors of the chains.
void ResultsWriter::samples() {
  for (std::size_t x = 0; x < table_.observables.size(); ++x) {
    const auto& spec = table_.observables[x];
    const Dimensions dims = labels_.appended(x, grid_.with("sample", num_samples_));
    const std::size_t num = labels_.count(x);
    std::vector<double> mean(dims.size(), 0), variance(dims.size(), 0);
    std::vector<std::int64_t> replicas(dims.size(), 0);
    std::vector<std::int64_t> samples(grid_.size() * num, 0), left_out(grid_.size() * num, 0);
    for (const auto& series : table_.series) {
      if (series.observable != x) continue;
      const std::size_t c = labels_.index(x, series.component);
      const std::size_t cell = layout_.cell.at(series.point);
      left_out[cell * num + c] += series.left_out;
      for (const auto& value : series.values) {
        if (std::isnan(value.value)) continue;
        const std::size_t i = (cell * num_samples_ + static_cast<std::size_t>(value.sample)) * num + c;
        if (replicas[i]++ == 0) ++samples[cell * num + c];
        mean[i] += value.value;
        variance[i] += value.error_thermal * value.error_thermal;  // NaN stays NaN
      }
    }
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const auto n = static_cast<double>(replicas[i]);
      variance[i] = replicas[i] > 0 ? std::sqrt(variance[i]) / n : not_there;
      mean[i] = replicas[i] > 0 ? mean[i] / n : not_there;
    }
    variable(spec.name, dims, mean,
             {spoken(spec.name), spec.symbol, units_or_one(spec.units), spec.definition});
    variable(spec.name + "_sample_error", dims, variance,
             words_of(x, ", thermal error of one sample",
                      "standard error of the mean over replicas, disorder held"));
    const Dimensions averaged = labels_.appended(x, grid_);
    variable(spec.name + "_samples", averaged, samples,
             {spoken(spec.name) + ", number of samples", {}, "1", "samples with a value"});
    if (std::any_of(left_out.begin(), left_out.end(), [](auto n) { return n > 0; })) {
      variable(spec.name + "_left_out", averaged, left_out,
               {spoken(spec.name) + ", chains left out",
                {},
                "1",
                "chains that did not meet the condition of the job"});
    }
  }
}

void ResultsWriter::estimates(std::span<const EstimateRow> rows) {
  struct Column {
    const char* suffix;
    const char* says;
    const char* definition;
    double EstimateRow::*member;
  };
  static constexpr Column columns[] = {
      {"_mean", ", mean over samples", "average over disorder samples of the mean of each",
       &EstimateRow::mean},
      {"_error", ", error of the mean", "standard error, thermal and disorder fluctuations together",
       &EstimateRow::error},
      {"_error_thermal", ", thermal error", "standard error from thermal fluctuations alone",
       &EstimateRow::error_thermal},
      {"_error_disorder", ", disorder error", "standard error from the spread between samples alone",
       &EstimateRow::error_disorder},
      {"_tau_int", ", autocorrelation time", "1 + 2 tau_int = n var(mean of n) / var(single)",
       &EstimateRow::tau_int},
      {"_theory", ", theory", "prediction at this point; NaN where there is none", &EstimateRow::theory},
  };
  for (std::size_t x = 0; x < table_.observables.size(); ++x) {
    const std::string& name = table_.observables[x].name;
    const Dimensions dims = labels_.appended(x, grid_);
    const auto fill = [&](auto& values, auto of_row) {
      for (const auto& row : rows) {
        if (row.observable != x) continue;
        values[layout_.cell.at(row.point) * labels_.count(x) + labels_.index(x, row.component)] = of_row(row);
      }
    };
    for (const auto& column : columns) {
      std::vector<double> values(dims.size(), not_there);
      fill(values, [&](const EstimateRow& row) { return row.*column.member; });
      Words words = words_of(x, column.says, column.definition);
      if (column.member == &EstimateRow::tau_int) words.units = "sweeps";
      variable(name + column.suffix, dims, values, words);
    }
    std::vector<std::int8_t> equilibrated(dims.size(), static_cast<std::int8_t>(Equilibrated::not_judged));
    fill(equilibrated, [](const EstimateRow& row) { return static_cast<std::int8_t>(row.equilibrated); });
    const std::string flags = name + "_equilibrated";
    variable(flags, dims, equilibrated,
             words_of(x, ", equilibrated?", "do chains from different starts agree?"));
    static constexpr std::int8_t flag_values[] = {-1, 0, 1, 2};
    file_.set_attribute(flags, "flag_values", flag_values);
    file_.set_attribute(flags, "flag_meanings", "not_judged no yes metastable");
  }
}

void ResultsWriter::extrapolated(std::span<const ExtrapolatedRow> rows) {
  if (rows.empty()) return;
  const int n_axis = table_.axis("N");
  const auto without_n = [n_axis](auto list) {
    if (n_axis >= 0) list.erase(list.begin() + n_axis);
    return list;
  };
  const std::vector<Axis> axes = without_n(table_.axes);
  std::vector<std::vector<Coordinate>> places;  // one per row, or once each where points are listed
  std::vector<std::size_t> cell;
  Dimensions grid;
  if (layout_.is_product) {
    grid = {without_n(layout_.dimensions), without_n(layout_.lengths)};
    const auto along = without_n(layout_.along);
    for (const auto& row : rows) cell.push_back(cell_of(along, without_n(row.at)));
  } else {
    for (const auto& row : rows) {
      const auto at = without_n(row.at);
      const auto found = std::find(places.begin(), places.end(), at);
      cell.push_back(static_cast<std::size_t>(found - places.begin()));
      if (found == places.end()) places.push_back(at);
    }
    grid = {{"extrapolated_point"}, {places.size()}};
    numbered("extrapolated_point", places.size(), "point of the grid without N");
    for (std::size_t a = 0; a < axes.size(); ++a) {
      axis_variable("extrapolated_" + axes[a].name, grid, axes[a], column(places, a));
    }
  }
  for (std::size_t x = 0; x < table_.observables.size(); ++x) {
    const Dimensions dims = labels_.appended(x, grid);
    std::vector<double> value(dims.size(), not_there), error = value, theory = value;
    bool any = false;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows[r].observable != x) continue;
      any = true;
      const std::size_t i = cell[r] * labels_.count(x) + labels_.index(x, rows[r].component);
      value[i] = rows[r].value;
      error[i] = rows[r].error;
      theory[i] = rows[r].theory;
    }
    if (!any) continue;
    const std::string name = table_.observables[x].name + "_extrapolated";
    variable(name, dims, value, words_of(x, " at infinite N", "extrapolated from the sizes of the grid"));
    variable(name + "_error", dims, error,
             words_of(x, " at infinite N, error", "standard error of the extrapolation"));
    variable(name + "_theory", dims, theory,
             words_of(x, " at infinite N, theory", "prediction; NaN where there is none"));
  }
}

void ResultsWriter::provenance(const Provenance& provenance) {
  file_.create_group("provenance");
  for (const auto& [key, value] : provenance.entries()) {
    // Attributes are kept in 64 KiB all together; texts are datasets.
    if (value.size() > 512 || value.find('\n') != std::string::npos) {
      file_.write("provenance/" + key, std::span(&value, 1), {});
    } else {
      file_.set_attribute("provenance", key, value);
    }
  }
}

}  // namespace

void write_results(const std::filesystem::path& path, const ResultTable& table,
                   std::span<const EstimateRow> estimates, std::span<const ExtrapolatedRow> extrapolated,
                   const Provenance& provenance) {
  Hdf5File file = Hdf5File::create(path);
  file.set_attribute("/", "schema", "mattis-results/1");
  file.set_attribute("/", "Conventions", "CF-1.8");
  ResultsWriter writer(file, table);
  writer.coordinates();
  writer.actual_numbers();
  writer.components(estimates, extrapolated);
  writer.samples();
  writer.estimates(estimates);
  writer.extrapolated(extrapolated);
  writer.provenance(provenance);
  file.save();
}

Provenance read_provenance(const std::filesystem::path& path) {
  const Hdf5File file = Hdf5File::open(path);
  Provenance provenance;
  for (const auto& key : file.attribute_names("provenance")) {
    provenance.set(key, file.string_attribute("provenance", key));
  }
  for (const auto& key : file.names("provenance"))
    provenance.set(key, file.read_strings("provenance/" + key).at(0));
  return provenance;
}

}  // namespace mattis::store
