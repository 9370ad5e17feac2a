#include "sweeps/cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mattis::cli {

namespace {

/// RFC 4180: quotes around a cell that holds a comma, a quote or a line break.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace

void TextTable::add(const std::string& text) {
  rows_.back().push_back(
      {text, text, text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text)});
}

void TextTable::add(double value) {
  if (std::isnan(value)) {
    add(std::string{});
  } else if (std::isinf(value)) {
    add(std::string(value > 0 ? "inf" : "-inf"));
  } else {
    rows_.back().push_back({fmt::format("{}", value), fmt::format("{:.6g}", value), value});
  }
}

void TextTable::add(int value) {
  rows_.back().push_back({fmt::format("{}", value), fmt::format("{}", value), value});
}

void TextTable::add(bool value) {
  const std::string text = value ? "true" : "false";
  rows_.back().push_back({text, text, value});
}

std::string TextTable::as(const std::string& format) const {
  std::string text;
  if (format == "json") {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& row : rows_) {
      nlohmann::ordered_json object;
      for (std::size_t c = 0; c < row.size(); ++c) object[columns_[c]] = row[c].json;
      list.push_back(std::move(object));
    }
    return list.dump(1) + "\n";
  }
  if (format == "csv") {
    for (std::size_t c = 0; c < columns_.size(); ++c) text += (c ? "," : "") + csv_cell(columns_[c]);
    text += '\n';
    for (const auto& row : rows_) {
      for (std::size_t c = 0; c < row.size(); ++c) text += (c ? "," : "") + csv_cell(row[c].exact);
      text += '\n';
    }
    return text;
  }
  std::vector<std::size_t> width;
  for (const std::string& column : columns_) width.push_back(column.size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].rounded.size());
  const auto line = [&](auto cell) {
    std::string out;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      out += fmt::format("{}{:>{}}", c ? "  " : "", cell(c), width[c]);
    return out + "\n";
  };
  text += line([&](std::size_t c) { return columns_[c]; });
  for (const auto& row : rows_) text += line([&](std::size_t c) { return row[c].rounded; });
  return text;
}

}  // namespace mattis::cli
