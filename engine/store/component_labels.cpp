#include "engine/store/component_labels.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "engine/error.hpp"

namespace mattis::store {

namespace {

/// The number that is the whole of the text, if it is one.
template <class T>
std::optional<T> as(const std::string& text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return number;
}

template <class T>
std::vector<T> each_as(const std::vector<std::string>& texts) {
  std::vector<T> numbers;
  for (const auto& text : texts) numbers.push_back(as<T>(text).value());
  return numbers;
}

/// Numbers by size, then words by letters.
bool numbers_first(const std::string& a, const std::string& b) {
  const auto x = as<double>(a), y = as<double>(b);
  if (x && y) return *x < *y;
  return x.has_value() != y.has_value() ? x.has_value() : a < b;
}

template <class T>
bool all_are(const std::vector<std::string>& texts) {
  return std::all_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return as<T>(text).has_value(); });
}

}  // namespace

ComponentLabels::ComponentLabels(const std::vector<ObservableSpec>& observables) : observables_(observables) {
  for (const auto& spec : observables) {
    if (!spec.component.empty()) labels_[spec.component];
  }
}

void ComponentLabels::note(std::size_t observable, const std::string& label) {
  const std::string& kind = observables_.at(observable).component;
  MATTIS_CHECK(kind.empty() == label.empty());
  if (kind.empty()) return;
  auto& labels = labels_.at(kind);
  if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
}

void ComponentLabels::write(Hdf5File& file) {
  for (auto& [kind, labels] : labels_) {
    std::sort(labels.begin(), labels.end(), numbers_first);
    const Dimensions dims{{kind}, {labels.size()}};
    const Words words{spoken(kind), {}, {}, "component of the observables that have it"};
    if (all_are<std::int64_t>(labels)) {
      write_variable(file, kind, dims, each_as<std::int64_t>(labels), words);
    } else if (all_are<double>(labels)) {
      write_variable(file, kind, dims, each_as<double>(labels), words);
    } else {
      write_variable(file, kind, dims, labels, words);
    }
  }
}

std::size_t ComponentLabels::count(std::size_t observable) const {
  const std::string& kind = observables_.at(observable).component;
  return kind.empty() ? 1 : labels_.at(kind).size();
}

std::size_t ComponentLabels::index(std::size_t observable, const std::string& label) const {
  const std::string& kind = observables_.at(observable).component;
  if (kind.empty()) return 0;
  const auto& labels = labels_.at(kind);
  const auto found = std::find(labels.begin(), labels.end(), label);
  MATTIS_CHECK(found != labels.end());
  return static_cast<std::size_t>(found - labels.begin());
}

Dimensions ComponentLabels::appended(std::size_t observable, const Dimensions& dims) const {
  const std::string& kind = observables_.at(observable).component;
  return kind.empty() ? dims : dims.with(kind, count(observable));
}

}  // namespace mattis::store
