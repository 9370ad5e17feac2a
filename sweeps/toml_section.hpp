// One table of a TOML job file: every key asked for by name, every value checked, every error with its place.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "engine/nearest_name.hpp"
#include "sweeps/job.hpp"

namespace mattis::sweeps {

/// file:line:column of a piece of TOML.
std::string location(const toml::source_region& source, const std::string& file);

/// One table of the job file. Keys are asked for by name; `finish` refuses those nobody asked for.
class Section {
 public:
  Section(const toml::table* table, std::string name, Job& job)
      : table_(table), name_(std::move(name)), job_(job) {}

  const toml::node* find(const std::string& key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
    const toml::node* node = table_ ? table_->get(key) : nullptr;
    if (node) job_.where[path(key)] = location(node->source(), job_.file);
    return node;
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& hint = {}) const {
    throw InputError(path(key) + ": " + what, job_.place(path(key)), hint);
  }

  double number(const std::string& key, const toml::node& node) const {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (!value) refuse(key, "is no number", fmt::format("write {} = 1", key));
    if (std::isnan(*value)) refuse(key, "is nan");
    return *value;
  }

  double number(const std::string& key, double otherwise, double least, double most) {
    const toml::node* node = find(key);
    if (!node) return otherwise;
    const double value = number(key, *node);
    if (value < least || value > most)
      refuse(key, fmt::format("is {}", value), fmt::format("it lies between {} and {}", least, most));
    return value;
  }

  std::int64_t whole(const std::string& key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    const toml::node* node = find(key);
    if (!node) return otherwise;
    return whole(key, *node, least, most);
  }

  std::int64_t whole(const std::string& key, const toml::node& node, std::int64_t least,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value)
      refuse(key, "is no whole number", fmt::format("write {} = {}", key, std::max<std::int64_t>(least, 1)));
    if (*value < least) refuse(key, fmt::format("is {}", *value), fmt::format("it is at least {}", least));
    if (*value > most) refuse(key, fmt::format("is {}", *value), fmt::format("it is at most {}", most));
    return *value;
  }

  std::string text(const std::string& key, const toml::node& node) const {
    const auto value = node.value_exact<std::string>();
    if (!value) refuse(key, "is no text", fmt::format("write {} = \"...\"", key));
    return *value;
  }

  std::string text(const std::string& key, const std::string& otherwise) {
    const toml::node* node = find(key);
    return node ? text(key, *node) : otherwise;
  }

  std::string choice(const std::string& key, const std::vector<std::string>& choices) {
    const std::string value = text(key, choices.front());
    check_choice(key, value, choices);
    return value;
  }

  void check_choice(const std::string& key, const std::string& value,
                    const std::vector<std::string>& choices) const {
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
      refuse(key, fmt::format("'{}' is not known", value), suggestion(value, choices));
  }

  /// One value or a list of distinct values.
  template <class T, class Read>
  std::vector<T> list(const std::string& key, Read read, bool may_be_empty = false) {
    const toml::node* node = find(key);
    std::vector<T> values;
    if (!node) return values;
    if (const toml::array* array = node->as_array()) {
      for (const toml::node& element : *array) values.push_back(read(element));
      if (values.empty() && !may_be_empty) refuse(key, "is an empty list");
      if (std::set<T>(values.begin(), values.end()).size() != values.size())
        refuse(key, "holds a value twice");
    } else {
      values.push_back(read(*node));
    }
    return values;
  }

  /// A number, a list of numbers, or a range { from, to, step } or { from, to, points, scale }.
  std::vector<double> numbers(const std::string& key);

  Section inner(const std::string& key) {
    const toml::node* node = find(key);
    if (node && !node->is_table()) refuse(key, "is no table", fmt::format("write [{}]", path(key)));
    return {node ? node->as_table() : nullptr, path(key), job_};
  }

  bool is_there() const { return table_ != nullptr; }

  void finish() const {
    if (!table_) return;
    for (const auto& [key, node] : *table_) {
      const std::string name(key.str());
      if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
        throw InputError(fmt::format("unknown key '{}'{}", name, name_.empty() ? "" : " in [" + name_ + "]"),
                         location(key.source(), job_.file),
                         name_.empty() ? suggestion_for_root(name) : suggestion(name, asked_));
    }
  }

 private:
  /// A key of a section that stands above all of them is told where it belongs.
  std::string suggestion_for_root(const std::string& name) const;

  std::string path(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }

  const toml::table* table_;
  std::string name_;
  Job& job_;
  std::vector<std::string> asked_;
};

}  // namespace mattis::sweeps
