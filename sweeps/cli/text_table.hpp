// Rows of cells under named columns, printed as csv, json or an aligned table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mattis::cli {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  void row() { rows_.emplace_back(); }
  bool is_empty() const { return rows_.empty(); }
  void add(const std::string& text);  ///< empty: none
  void add(double value);             ///< NaN: none; infinity is "inf", which JSON has no number for
  void add(int value);
  void add(bool value);

  /// "csv", "json" (a list of objects) or "table". Numbers read back to the same bits in csv and json; an aligned
  /// table rounds them to six digits.
  std::string as(const std::string& format) const;

 private:
  struct Cell {
    std::string exact, rounded;
    nlohmann::ordered_json json;
  };
  std::vector<std::string> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace mattis::cli
